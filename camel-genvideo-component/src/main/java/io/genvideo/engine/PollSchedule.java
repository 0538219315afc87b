/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.Durations.max;
import static io.genvideo.engine.Durations.min;

import io.genvideo.spi.ExpectedTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When to poll a task next (docs/design.md section 4.5). The schedule {@code auto} spends few requests while the model
 * cannot be done: a first poll after a second, because a service refuses some tasks at once, then at growing distances; from the
 * expected time on at the service's floor; sparsely once it is overdue.
 */
final class PollSchedule {
    /** Of a task about whose model nothing is known. */
    static final ExpectedTime ANY_TIME = new ExpectedTime(Duration.ZERO, Duration.ofMinutes(10));

    private static final Duration FIRST_POLL = Duration.ofSeconds(1);
    private static final Duration SPARSE_LEAST = Duration.ofMinutes(1);
    private static final Duration SPARSE_MOST = Duration.ofMinutes(10);
    private static final int BAD_LUCK = 3;
    private static final Duration FAILED_POLL_MOST = Duration.ofSeconds(30);

    private static final Backoff ALMOST_DONE = Backoff.between(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final @Nullable Duration fixed;
    private final Duration floor;

    /** @param fixed the interval that the user wants, or {@code null} for {@code auto} */
    PollSchedule(@Nullable Duration fixed, Duration floor) {
        this.fixed = fixed;
        this.floor = floor;
    }

    /** Before the first poll of a task that was accepted just now. */
    Duration first(Expectation expected) {
        if (fixed != null) {
            return fixed;
        }
        return expected.measured() ? max(FIRST_POLL, expected.time().least()) : FIRST_POLL;
    }

    /**
     * After a poll that found the task unfinished.
     *
     * @param age since acceptance
     */
    Duration next(Duration age, Expectation expected) {
        if (fixed != null) {
            return fixed;
        }
        ExpectedTime time = expected.time();
        if (age.compareTo(time.least()) < 0) {
            Duration untilPossible = time.least().minus(age);
            Duration growing = max(floor, age.dividedBy(2));
            return max(FIRST_POLL, expected.measured() ? untilPossible : min(growing, max(floor, untilPossible)));
        }
        Duration overdue = age.minus(time.most().multipliedBy(2));
        return overdue.isNegative() ? floor : max(floor, min(SPARSE_LEAST, age.dividedBy(10)));
    }

    /** The closest that two polls of a task that somebody waits for should be. */
    Duration closest() {
        return fixed == null ? floor : fixed;
    }

    /**
     * After a poll that found the work done and its result not published yet.
     *
     * @param times how many such polls there were in a row
     */
    Duration almostDone(int times) {
        return min(closest(), ALMOST_DONE.after(times));
    }

    /** Once no exchange waits any more because its time is over. */
    Duration unattended(Duration age) {
        return max(floor, max(SPARSE_LEAST, min(SPARSE_MOST, age.dividedBy(10))));
    }

    /** After {@code failures} polls in a row that taught nothing. */
    Duration afterFailures(int failures) {
        Duration base = fixed == null ? floor : max(fixed, Duration.ofMillis(500));
        // the first ones are taken for bad luck: a wanted pace is kept
        Duration grown = base.multipliedBy(1L << Math.max(0, Math.min(failures - BAD_LUCK, 10)));
        return max(base, min(grown, FAILED_POLL_MOST));
    }

    /** @param measured whether the time was seen on tasks of this model, and not only announced by the catalogue */
    record Expectation(ExpectedTime time, boolean measured) {}
}
