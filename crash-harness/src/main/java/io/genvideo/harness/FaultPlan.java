/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Sandbox;
import java.time.Duration;
import java.util.List;

/**
 * How the service misbehaves while the route is killed: 5 % of the answers to create are lost after the task was made and
 * paid, 5 % of creates and polls meet a gateway that says 503, 2 % of all connections are reset, some answers come late, some
 * downloads break off.
 */
final class FaultPlan {
    private static final Duration LATE = Duration.ofSeconds(3);
    private static final List<FaultRule> RULES = List.of(
            rule("create", Fault.loseAnswer(), 0.05),
            rule("create", Fault.status(503), 0.05),
            rule("detail", Fault.status(503), 0.05),
            rule("detail", Fault.loseAnswer(), 0.02),
            rule("media", Fault.truncate(), 0.05),
            rule("create", Fault.stall(LATE), 0.03),
            rule("detail", Fault.stall(LATE), 0.02),
            rule("*", Fault.resetBefore(), 0.02));

    private FaultPlan() {}

    static void applyTo(Sandbox sandbox) {
        RULES.forEach(sandbox.faults()::add);
    }

    private static FaultRule rule(String route, Fault fault, double probability) {
        return FaultRule.on("ima", route, fault).withProbability(probability);
    }
}
