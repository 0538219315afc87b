/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Sandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The service that the pictures go to, and how it misbehaves in ways of its own. */
enum Service {
    IMA("ima", "ima_crash", "wan2.6-i2v", List.of("create")) {
        @Override
        List<String> addresses(Sandbox sandbox) {
            return List.of("baseUrl = " + sandbox.imaUri(), "uploadUrl = " + sandbox.imaUploadUri());
        }

        @Override
        List<FaultRule> ownFaults() {
            return List.of();
        }
    },
    SKILLSVIDEO("skillsvideo", "sk_crash", "google/veo-3.1", List.of("create", "create-sse")) {
        @Override
        List<String> addresses(Sandbox sandbox) {
            return List.of("baseUrl = " + sandbox.skillsvideoUri());
        }

        @Override
        List<FaultRule> ownFaults() {
            return List.of(
                    rule("create-sse", Fault.dropStream(0, Fault.End.CLEAN), 0.03),
                    rule("create-sse", Fault.dropStream(1, Fault.End.RESET), 0.05),
                    rule("create-sse", Fault.dropStream(2, Fault.End.CUT), 0.05),
                    rule("create-sse", Fault.dropStreamInsteadOfLast(Fault.End.CLEAN), 0.05));
        }
    };

    private static final Duration LATE = Duration.ofSeconds(3);

    private final String provider;
    private final String key;
    private final String model;
    private final List<String> creates;

    Service(String provider, String key, String model, List<String> creates) {
        this.provider = provider;
        this.key = key;
        this.model = model;
        this.creates = creates;
    }

    /** Where it is, as options of an account. */
    abstract List<String> addresses(Sandbox sandbox);

    abstract List<FaultRule> ownFaults();

    /** @throws IllegalArgumentException if there is none of that name */
    static Service of(String provider) {
        return Arrays.stream(values())
                .filter(s -> s.provider.equals(provider))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no service '" + provider + "'. There are: "
                        + Arrays.stream(values()).map(s -> s.provider).collect(Collectors.joining(", "))));
    }

    /** The properties of the route. */
    List<String> properties(Sandbox sandbox) {
        String account = "camel.component.genvideo.accounts[" + provider + "].";
        List<String> properties = new ArrayList<>(
                List.of("genvideo.provider = " + provider, "genvideo.model = " + model, account + "apiKey = " + key));
        addresses(sandbox).forEach(a -> properties.add(account + a));
        return properties;
    }

    /** A rule for the calls that create. */
    List<FaultRule> onCreate(Fault fault, double probability) {
        return creates.stream().map(route -> rule(route, fault, probability)).toList();
    }

    FaultRule rule(String route, Fault fault, double probability) {
        return FaultRule.on(provider, route, fault).withProbability(probability);
    }

    /**
     * How it misbehaves while the route is killed: 5 % of the answers to create are lost after the task was made and paid, 5 %
     * of creates and polls meet a gateway that says 503, 2 % of all connections are reset, some answers come late, some
     * downloads break off, and so do some streams.
     */
    List<FaultRule> faults() {
        List<FaultRule> faults = new ArrayList<>();
        faults.addAll(onCreate(Fault.loseAnswer(), 0.05));
        faults.addAll(onCreate(Fault.status(503), 0.05));
        faults.add(rule("detail", Fault.status(503), 0.05));
        faults.add(rule("detail", Fault.loseAnswer(), 0.02));
        faults.add(rule("media", Fault.truncate(), 0.05));
        faults.addAll(onCreate(Fault.stall(LATE), 0.03));
        faults.add(rule("detail", Fault.stall(LATE), 0.02));
        faults.addAll(ownFaults());
        faults.add(rule("*", Fault.resetBefore(), 0.02));
        return faults;
    }
}
