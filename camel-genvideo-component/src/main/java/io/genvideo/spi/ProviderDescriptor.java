/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a provider can do, known before any account exists: endpoints are checked against it when they start.
 *
 * @param name the first part of the URI
 * @param title the service's name for people
 * @param operations what it has
 * @param instead for an operation that it lacks and a user may expect: what to use instead, as a sentence
 * @param credentials what an account needs
 * @param defaultBaseUrl where the service is, unless the account says otherwise
 * @param cancel whether a task can be cancelled at the service
 * @param stream whether the service pushes a task's progress
 * @param catalogue whether models and prices are read from the service at run time
 * @param pollFloor the shortest time between two looks at one task that the service should be asked for
 * @param billsFailures whether a task that failed after it was accepted may have cost credits
 */
public record ProviderDescriptor(
        String name,
        String title,
        Set<Operation> operations,
        Map<Operation, String> instead,
        List<CredentialSpec> credentials,
        String defaultBaseUrl,
        boolean cancel,
        boolean stream,
        boolean catalogue,
        Duration pollFloor,
        boolean billsFailures) {

    public ProviderDescriptor {
        operations = Set.copyOf(operations);
        instead = Map.copyOf(instead);
        credentials = List.copyOf(credentials);
    }

    /**
     * One credential of an account.
     *
     * @param option the option that carries it: {@code apiKey} or {@code apiSecret}
     * @param environment the environment variables to look at when the option is not set, in order
     * @param required whether the account is useless without it
     * @param howToGet a sentence that says where a person gets one
     */
    public record CredentialSpec(String option, List<String> environment, boolean required, String howToGet) {
        public CredentialSpec {
            environment = List.copyOf(environment);
        }
    }
}
