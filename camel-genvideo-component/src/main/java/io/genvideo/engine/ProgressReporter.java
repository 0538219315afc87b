/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reports how far a task is: soon after its start, then regularly, and when the service has reported another fraction. Nothing
 * is estimated.
 */
final class ProgressReporter {
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final EngineContext engine;
    private final OpenTask task;
    private final TaskAge age;
    private final PollSchedule.Expectation expected;
    private @Nullable Double fraction;
    private EventLoop.@Nullable Timer next;

    ProgressReporter(EngineContext engine, OpenTask task, TaskAge age, PollSchedule.Expectation expected) {
        this.engine = engine;
        this.task = task;
        this.age = age;
        this.expected = expected;
    }

    void start() {
        reportIn(FIRST);
    }

    void close() {
        if (next != null) {
            next.cancel();
        }
    }

    /** @param reported by the service just now; {@code null} if it did not */
    void reported(@Nullable Double reported) {
        if (reported == null || reported.isNaN() || reported < 0 || reported > 1 || reported.equals(fraction)) {
            return;
        }
        fraction = reported;
        report();
    }

    private void report() {
        close();
        task.progress(new TaskProgress(
                task.record().toTask(),
                fraction,
                age.now(),
                expected.time().equals(PollSchedule.ANY_TIME) ? null : expected.time(),
                engine.open.size()));
        reportIn(EVERY);
    }

    private void reportIn(Duration delay) {
        next = engine.loop.schedule(delay, () -> {
            if (!task.isOver()) {
                report();
            }
        });
    }
}
