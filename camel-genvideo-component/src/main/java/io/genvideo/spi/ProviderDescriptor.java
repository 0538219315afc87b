/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.Operation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a provider can do, known before any account exists: endpoints are checked against it when they start.
 *
 * @param name the first part of the URI
 * @param title the service's name for people
 * @param operations the operations of the common vocabulary that it has
 * @param alternatives for an operation that it lacks and a user may expect: what to use instead, as a sentence
 * @param ownOperations operations that only this provider has
 * @param credentials what an account needs
 * @param settings what an account may set beside credentials and addresses
 * @param defaultBaseUrl the service's address, unless the account names another
 * @param streamsCreate whether a create call can open a stream: {@link ReadyGeneration#submit(TaskPush)}
 * @param subscribes whether a task that exists can be subscribed to: {@link GenerationProvider#subscribe}
 * @param pollFloor the shortest time between two polls of one task that the service should receive
 * @param webhooks how its webhook requests are authenticated
 */
public record ProviderDescriptor(
        String name,
        String title,
        Set<Operation> operations,
        Map<Operation, String> alternatives,
        List<OwnOperation> ownOperations,
        List<CredentialSpec> credentials,
        List<SettingSpec> settings,
        String defaultBaseUrl,
        boolean streamsCreate,
        boolean subscribes,
        Duration pollFloor,
        WebhookAuthentication webhooks) {

    public ProviderDescriptor {
        operations = Set.copyOf(operations);
        alternatives = Map.copyOf(alternatives);
        ownOperations = List.copyOf(ownOperations);
        credentials = List.copyOf(credentials);
        settings = List.copyOf(settings);
    }

    /** @param defaultBaseUrl the service's address, unless an account names another */
    public static Builder builder(String name, String title, String defaultBaseUrl) {
        return new Builder(name, title, defaultBaseUrl);
    }

    /** The provider's own operation of that name; dashes are accepted for underscores, case does not matter. */
    public Optional<OwnOperation> ownOperation(String path) {
        String wanted = path.trim().toLowerCase(java.util.Locale.ROOT).replace('-', '_');
        return ownOperations.stream().filter(o -> o.name().equals(wanted)).findFirst();
    }

    /**
     * One credential of an account.
     *
     * @param option the option that carries it: {@code apiKey} or {@code secretKey}
     * @param environment the environment variables to read when the option is not set, in order
     * @param required whether the account is useless without it
     * @param howToGet a sentence that names where a person gets one
     */
    public record CredentialSpec(String option, List<String> environment, boolean required, String howToGet) {
        public CredentialSpec {
            environment = List.copyOf(environment);
        }
    }

    /** Collects a {@link ProviderDescriptor}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final String title;
        private final String defaultBaseUrl;
        private final Set<Operation> operations = EnumSet.noneOf(Operation.class);
        private final Map<Operation, String> alternatives = new EnumMap<>(Operation.class);
        private List<OwnOperation> ownOperations = List.of();
        private List<CredentialSpec> credentials = List.of();
        private List<SettingSpec> settings = List.of();
        private boolean streamsCreate;
        private boolean subscribes;
        private Duration pollFloor = Duration.ofSeconds(5);
        private WebhookAuthentication webhooks = WebhookAuthentication.NONE;

        private Builder(String name, String title, String defaultBaseUrl) {
            this.name = name;
            this.title = title;
            this.defaultBaseUrl = defaultBaseUrl;
        }

        /** Adds to those that were added before. */
        public Builder operations(Iterable<Operation> values) {
            values.forEach(operations::add);
            return this;
        }

        /** Adds to those that were added before. */
        public Builder operations(Operation... values) {
            return operations(List.of(values));
        }

        /** @param sentence what to use instead of an operation that the provider lacks */
        public Builder alternative(Operation operation, String sentence) {
            alternatives.put(operation, sentence);
            return this;
        }

        public Builder ownOperations(OwnOperation... values) {
            ownOperations = List.of(values);
            return this;
        }

        public Builder credentials(CredentialSpec... values) {
            credentials = List.of(values);
            return this;
        }

        public Builder settings(SettingSpec... values) {
            settings = List.of(values);
            return this;
        }

        public Builder streamsCreate(boolean value) {
            streamsCreate = value;
            return this;
        }

        public Builder subscribes(boolean value) {
            subscribes = value;
            return this;
        }

        public Builder pollFloor(Duration value) {
            pollFloor = value;
            return this;
        }

        public Builder webhooks(WebhookAuthentication value) {
            webhooks = value;
            return this;
        }

        public ProviderDescriptor build() {
            return new ProviderDescriptor(
                    name,
                    title,
                    operations,
                    alternatives,
                    ownOperations,
                    credentials,
                    settings,
                    defaultBaseUrl,
                    streamsCreate,
                    subscribes,
                    pollFloor,
                    webhooks);
        }
    }
}
