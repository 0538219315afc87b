/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a fault happens. The first rule, in the order of adding, that matches and whose lot is drawn decides.
 *
 * @param service name of a service, e.g. {@code ima}; {@code *} for all
 * @param route name of a route of that service, e.g. {@code create}; {@code *} for all
 * @param fault what happens
 * @param probability 0 to 1
 * @param maxCount after so many times the rule is spent; 0 for no bound
 * @param startsAfter how long after it was added the rule begins to work
 * @param lasts how long it works from then on; null: until it is removed
 */
public record FaultRule(
        String service,
        String route,
        Fault fault,
        double probability,
        int maxCount,
        Duration startsAfter,
        @Nullable Duration lasts) {

    public FaultRule {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability must be 0..1");
        }
        if (maxCount < 0 || startsAfter.isNegative() || (lasts != null && lasts.isNegative())) {
            throw new IllegalArgumentException("maxCount, startsAfter and lasts must not be negative");
        }
    }

    /** A rule that always happens, without bound. */
    public static FaultRule on(String service, String route, Fault fault) {
        return new FaultRule(service, route, fault, 1, 0, Duration.ZERO, null);
    }

    public FaultRule withProbability(double value) {
        return new FaultRule(service, route, fault, value, maxCount, startsAfter, lasts);
    }

    public FaultRule times(int value) {
        return new FaultRule(service, route, fault, probability, value, startsAfter, lasts);
    }

    public FaultRule startingAfter(Duration value) {
        return new FaultRule(service, route, fault, probability, maxCount, value, lasts);
    }

    public FaultRule lasting(@Nullable Duration value) {
        return new FaultRule(service, route, fault, probability, maxCount, startsAfter, value);
    }

    boolean matches(String aService, String aRoute) {
        return (service.equals("*") || service.equals(aService)) && (route.equals("*") || route.equals(aRoute));
    }
}
