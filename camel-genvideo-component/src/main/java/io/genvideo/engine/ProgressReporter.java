/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reports how far a task is: to its waiters at once, to all soon after its start, then regularly, and when the service has
 * reported another fraction. Nothing is estimated.
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
        task.informWaiters(now());
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
        TaskProgress now = now();
        engine.observer.progress(now);
        task.informWaiters(now);
        reportIn(EVERY);
    }

    private TaskProgress now() {
        return new TaskProgress(
                task.record().toTask(),
                fraction,
                age.now(),
                expected.time().equals(PollSchedule.ANY_TIME) ? null : expected.time(),
                engine.open.size());
    }

    private void reportIn(Duration delay) {
        next = engine.loop.schedule(delay, () -> {
            if (!task.isOver()) {
                report();
            }
        });
    }
}
