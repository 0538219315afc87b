/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/** The component's health check as an indicator of Actuator: down if the journal does not answer, else its counts. */
final class JournalHealthIndicator extends AbstractHealthIndicator {
    private static final String UNKNOWN = "the component is not started";

    private final CamelContext camel;

    JournalHealthIndicator(CamelContext camel) {
        this.camel = camel;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        HealthCheck.Result result = HealthCheckHelper.invoke(
                        camel, GenvideoComponentAutoConfiguration.COMPONENT, Map.of())
                .orElse(null);
        if (result == null) {
            health.unknown().withDetail("reason", UNKNOWN);
            return;
        }
        health.status(result.getState().name());
        result.getDetails().forEach(health::withDetail);
        result.getMessage().ifPresent(message -> health.withDetail("reason", message));
    }
}
