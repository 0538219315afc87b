/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.spi.PollOutcome.Trouble;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The polls of one task in a row that taught nothing about it. None of them ends a task that the journal has: it is polled
 * again, ever more sparsely (docs/design.md section 4.5).
 */
final class PollFailures {
    private static final int UNKNOWN_TIMES = 3;
    private static final Duration UNKNOWN_MOST = Duration.ofSeconds(200);

    private final OpenTask task;
    private final PollSchedule schedule;
    private boolean any;
    private int failures;
    private int unknown;
    private Backoff unknownAgain;

    PollFailures(OpenTask task, PollSchedule schedule) {
        this.task = task;
        this.schedule = schedule;
        this.unknownAgain = Backoff.between(schedule.closest(), UNKNOWN_MOST);
    }

    /** A poll was postponed because the account is in trouble. */
    void postponed() {
        any = true;
    }

    /** Whether any poll of the task has failed or was postponed, so that its end was perhaps seen late. */
    boolean any() {
        return any;
    }

    /** A poll has taught something. */
    void over() {
        failures = 0;
        if (unknown > 0) {
            unknown = 0;
            unknownAgain = unknownAgain.reset();
        }
    }

    /**
     * A poll has taught nothing.
     *
     * @param call polls the task again when its account is out of trouble
     * @param againIn polls the task again after a time
     */
    void failed(Trouble trouble, CircuitBreaker.Call call, Consumer<Duration> againIn) {
        any = true;
        boolean queued = report(trouble, call);
        if (trouble.kind() == Trouble.Kind.UNKNOWN_TASK) {
            unknownTask(trouble.error(), queued, againIn);
        } else if (!queued) {
            failures++;
            againIn.accept(schedule.afterFailures(failures));
        }
    }

    /** @return whether the account is in trouble too, and polls this task again when it is out of it */
    boolean report(Trouble trouble, CircuitBreaker.Call call) {
        return task.accountState()
                .polls()
                .failed(
                        call,
                        trouble.kind(),
                        trouble.retryAfter(),
                        trouble.error().message());
    }

    /**
     * An id that somebody gave us may be a mistake. One that the service gave us may be unknown to it for a while, and was
     * paid: it is polled, ever more sparsely, as long as any other.
     */
    private void unknownTask(GenerationError error, boolean queued, Consumer<Duration> againIn) {
        unknown++;
        if (!task.writer().isJournalled() && unknown >= UNKNOWN_TIMES) {
            task.ending().park(task.error(error.withPaid(Paid.UNKNOWN)));
        } else if (!queued) {
            Duration pause = task.writer().isJournalled() ? unknownAgain.delay() : schedule.closest();
            unknownAgain = unknownAgain.next();
            againIn.accept(pause);
        }
    }
}
