/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.Durations.max;
import static io.genvideo.engine.Durations.min;
import static io.genvideo.engine.Durations.part;
import static io.genvideo.engine.Durations.times;

import io.genvideo.spi.ExpectedTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When to poll a task next (docs/design.md section 4.5). The schedule {@code auto} saves requests while the model cannot be done,
 * without finding a result much later than a poll at each floor interval would: what a catalogue announces may delay a poll by a
 * twelfth of the task's age, what was measured by its age. From the expected time on it polls at the service's floor, and sparsely
 * once the task is long overdue.
 */
final class PollSchedule {
    /** Of a task about whose model nothing is known. */
    static final ExpectedTime ANY_TIME = new ExpectedTime(Duration.ZERO, Duration.ofMinutes(10));

    private static final Duration FIRST_POLL = Duration.ofSeconds(1);
    /**
     * How far apart the polls of a task may be, compared with its age. Simulated with tasks that end at 40 % of what was
     * announced: with a tenth, 5 % of a burst are found more than a floor interval late; with a twelfth none are.
     */
    private static final int SHARE_OF_AGE = 12;
    /** No task is overdue before that: measured times may lack the slow tasks of a model. */
    private static final Duration OVERDUE_LEAST = Duration.ofMinutes(30);

    private static final Duration SPARSE_LEAST = Duration.ofMinutes(1);
    private static final Duration SPARSE_MOST = Duration.ofMinutes(10);
    private static final int BAD_LUCK = 3;
    private static final Duration FAILED_POLL_MOST = Duration.ofSeconds(30);

    private static final Backoff ALMOST_DONE = Backoff.between(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private @Nullable Duration fixed;
    private final Duration floor;

    /** @param fixed the interval that the user wants, or {@code null} for {@code auto} */
    PollSchedule(@Nullable Duration fixed, Duration floor) {
        this.fixed = fixed;
        this.floor = floor;
    }

    /** Whether the user wants an interval of their own, whatever the service pushes. */
    boolean isFixed() {
        return fixed != null;
    }

    /**
     * Sets the interval that the exchanges want which wait by now.
     *
     * @param interval {@code null} for {@code auto}
     * @return whether the task may have to be polled sooner
     */
    boolean setInterval(@Nullable Duration interval) {
        Duration before = fixed;
        fixed = interval;
        return interval != null && (before == null || interval.compareTo(before) < 0);
    }

    /** Before the first poll of a task that was accepted just now. */
    Duration first(Expectation expected) {
        return fixed != null
                ? fixed
                : max(FIRST_POLL, min(floor, expected.time().least()));
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
        Duration untilPossible = time.least().minus(age);
        if (!untilPossible.isNegative()) {
            Duration trusted = expected.measured() ? age : part(age, SHARE_OF_AGE);
            return max(floor, min(untilPossible, trusted));
        }
        Duration overdue = age.minus(max(times(time.most(), 2), OVERDUE_LEAST));
        return max(floor, min(SPARSE_LEAST, part(overdue, SHARE_OF_AGE)));
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
        return max(floor, max(SPARSE_LEAST, min(SPARSE_MOST, part(age, 10))));
    }

    /** After {@code failures} polls in a row that taught nothing. */
    Duration afterFailures(int failures) {
        Duration base = fixed == null ? floor : max(fixed, Duration.ofMillis(500));
        // the first ones are taken for bad luck: a wanted pace is kept
        Duration grown = base.multipliedBy(1L << Math.max(0, Math.min(failures - BAD_LUCK, 10)));
        return max(base, min(grown, FAILED_POLL_MOST));
    }

    /** How long a task may take; it changes while the task runs, when others of its model end. */
    interface Expectation {
        ExpectedTime time();

        /** Whether the time was seen on tasks of this model, and not only announced by the catalogue. */
        boolean measured();
    }
}
