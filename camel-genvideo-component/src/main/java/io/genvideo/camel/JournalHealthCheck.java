/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;

/**
 * Camel's health check {@value #ID}: up while the journal answers. Its details are the counts of the journal; they say nothing
 * about health, because an uncertain task needs a person and no restart.
 */
final class JournalHealthCheck implements HealthCheck {
    static final String ID = "genvideo";

    private final GenvideoComponent component;
    private volatile boolean enabled = true;

    JournalHealthCheck(GenvideoComponent component) {
        this.component = component;
    }

    /** Without effect where camel-health, and so a registry, is absent. */
    void register() {
        HealthCheckRegistry registry = HealthCheckRegistry.get(component.getCamelContext());
        if (registry != null) {
            registry.register(this);
        }
    }

    void unregister() {
        HealthCheckRegistry registry = HealthCheckRegistry.get(component.getCamelContext());
        if (registry != null) {
            registry.unregister(this);
        }
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getGroup() {
        return "camel";
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    public Result call(Map<String, Object> options) {
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this);
        try {
            result.detail("open", component.getOpenTasks())
                    .detail("uncertain", component.getUncertainTasks())
                    .detail("undelivered", component.getUndeliveredResults())
                    .detail("parked", component.getParkedTasks())
                    .detail("withoutCredentials", component.getTasksWithoutCredentials());
            return result.up().build();
        } catch (RuntimeException e) {
            return result.message("the journal of tasks can't be read")
                    .error(e)
                    .down()
                    .build();
        }
    }
}
