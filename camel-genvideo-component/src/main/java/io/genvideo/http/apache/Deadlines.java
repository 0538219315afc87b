/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the calls whose time is over, with one timer for all of them. A timer for each call would be scheduled by one thread and
 * cancelled by another some milliseconds later, thousands of times a second, and almost never run.
 */
final class Deadlines {
    /** Of a call that may take any time. */
    static final long NEVER = Long.MAX_VALUE;

    static final String STOPPED = "the timer has been shut down";

    private final ScheduledExecutorService timer;
    private final InFlightCalls inFlight;
    private final long origin = System.nanoTime();
    private volatile long nextCheck = NEVER;
    private @Nullable Future<?> check;

    Deadlines(ScheduledExecutorService timer, InFlightCalls inFlight) {
        this.timer = timer;
        this.inFlight = inFlight;
    }

    /** @return the moment after so many milliseconds, as {@link InFlightCalls.Item#expire} compares it */
    long after(long millis) {
        return now() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    /**
     * An item that was added before ends at that moment.
     *
     * @throws RejectedExecutionException if the timer has been shut down
     */
    void watch(long due) {
        if (due < nextCheck) {
            scheduleCheck(due);
        } else if (timer.isShutdown()) {
            throw new RejectedExecutionException(STOPPED);
        }
    }

    private synchronized void scheduleCheck(long due) {
        if (due >= nextCheck) {
            return;
        }
        if (check != null) {
            check.cancel(false);
        }
        check = timer.schedule(this::check, Math.max(0, due - now()), TimeUnit.NANOSECONDS);
        nextCheck = due;
    }

    private void check() {
        synchronized (this) {
            // before the items are read: one that is added meanwhile schedules a check of its own
            nextCheck = NEVER;
            check = null;
        }
        long earliest = inFlight.expire(now());
        if (earliest != NEVER) {
            try {
                scheduleCheck(earliest);
            } catch (RejectedExecutionException stopped) {
                inFlight.abort(item -> true, STOPPED);
            }
        }
    }
}
