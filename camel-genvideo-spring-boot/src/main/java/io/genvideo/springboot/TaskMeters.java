/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import io.genvideo.camel.GenvideoComponent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gauge {@value #NAME} with a tag {@code state}: {@code open}, {@code uncertain}, {@code undelivered}, {@code parked} and
 * {@code without_credentials}. Counts are those of the journal, and so the same on each node that shares it. A journal that
 * does not answer makes them NaN.
 */
final class TaskMeters implements MeterBinder {
    static final String NAME = "genvideo.tasks";
    private static final Duration VALID_FOR = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(TaskMeters.class);

    /** What is counted. */
    private enum State {
        OPEN("Tasks that have not ended", GenvideoComponent::getOpenTasks),
        UNCERTAIN(
                "Tasks whose create call was not answered, to be settled with the operation resolve",
                GenvideoComponent::getUncertainTasks),
        UNDELIVERED("Outcomes that no exchange has received", GenvideoComponent::getUndeliveredResults),
        PARKED("Tasks and outcomes that need a person", GenvideoComponent::getParkedTasks),
        WITHOUT_CREDENTIALS(
                "Open tasks that are not polled, because the credentials of their account are missing",
                GenvideoComponent::getTasksWithoutCredentials);

        private final String description;
        private final ToLongFunction<GenvideoComponent> count;

        State(String description, ToLongFunction<GenvideoComponent> count) {
            this.description = description;
            this.count = count;
        }
    }

    private final CamelContext camel;
    private final LongSupplier nanoTime;
    private Map<State, Long> counts = Map.of();
    private long readAt;
    private boolean wasRead;

    /** @param nanoTime as {@link System#nanoTime} */
    TaskMeters(CamelContext camel, LongSupplier nanoTime) {
        this.camel = camel;
        this.nanoTime = nanoTime;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (State state : State.values()) {
            Gauge.builder(NAME, () -> value(state))
                    .description(state.description)
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    /** A scrape reads all gauges one after the other: they share one answer of the journal, or one wait in vain. */
    private synchronized double value(State state) {
        long now = nanoTime.getAsLong();
        if (!wasRead || now - readAt >= VALID_FOR.toNanos()) {
            counts = read();
            readAt = nanoTime.getAsLong();
            wasRead = true;
        }
        Long count = counts.get(state);
        return count == null ? Double.NaN : count;
    }

    private Map<State, Long> read() {
        GenvideoComponent component =
                (GenvideoComponent) camel.hasComponent(GenvideoComponentAutoConfiguration.COMPONENT);
        Map<State, Long> read = new EnumMap<>(State.class);
        if (component == null || !component.isStarted()) {
            return read;
        }
        try {
            for (State state : State.values()) {
                read.put(state, state.count.applyAsLong(component));
            }
            return read;
        } catch (RuntimeException e) {
            LOG.debug("The journal's counts can't be read", e);
            return Map.of();
        }
    }
}
