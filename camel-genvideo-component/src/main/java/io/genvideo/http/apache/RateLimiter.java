/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.CallRate;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Grants permits at an even rate, in the order of the requests. Nothing is saved up: after a quiet minute there is no burst,
 * since the services count within short windows.
 */
final class RateLimiter {
    /** Grants every permit at once. */
    static final RateLimiter NONE = new RateLimiter();

    private final @Nullable RateLimiter outer;
    private final CallRate rate;
    private final @Nullable ScheduledExecutorService timer;
    private final @Nullable InFlightCalls inFlight;
    private final LongSupplier nanoTime;
    private final ArrayDeque<Permit> waiting = new ArrayDeque<>();
    private boolean begun;
    /** When the last permit was due. */
    private long last;

    private @Nullable Future<?> next;

    private RateLimiter() {
        this.outer = null;
        this.rate = new CallRate();
        this.timer = null;
        this.inFlight = null;
        this.nanoTime = System::nanoTime;
    }

    /** @param outer whose permit is waited for first */
    RateLimiter(
            RateLimiter outer,
            CallRate rate,
            ScheduledExecutorService timer,
            InFlightCalls inFlight,
            LongSupplier nanoTime) {
        this.outer = outer;
        this.rate = rate;
        this.timer = timer;
        this.inFlight = inFlight;
        this.nanoTime = nanoTime;
        rate.onChange(this::changed);
    }

    /**
     * @param atMost a permit that would come later is refused at once, and costs none; {@code null} for any time
     * @return completes when the call may start; fails with {@link HttpGatewayException}, whose {@code wasSent()} is false
     */
    CompletableFuture<Void> acquire(HttpCall call, @Nullable Duration atMost) {
        RateLimiter before = outer;
        if (before == null) {
            return CompletableFuture.completedFuture(null);
        }
        return before == NONE
                ? acquireOwn(call, atMost)
                : before.acquire(call, atMost).thenCompose(granted -> acquireOwn(call, atMost));
    }

    private CompletableFuture<Void> acquireOwn(HttpCall call, @Nullable Duration atMost) {
        Permit permit = new Permit(call);
        synchronized (this) {
            long now = nanoTime.getAsLong();
            long interval = rate.intervalNanos();
            long delay = interval < 0 ? 0 : left(now, interval) + interval * waiting.size();
            if (atMost != null && delay > atMost.toNanos()) {
                return CompletableFuture.failedFuture(Failures.of(
                        call,
                        "the limit of calls per second grants no permit within " + atMost.toMillis() + " ms",
                        false,
                        null));
            }
            if (interval < 0 || delay > 0 || !waiting.isEmpty()) {
                await(permit);
                return permit.granted;
            }
            use(now, interval);
        }
        permit.granted.complete(null);
        return permit.granted;
    }

    /** Until the next permit is due. */
    private long left(long now, long interval) {
        return begun ? Math.max(0, last + interval - now) : 0;
    }

    /** A timer that is a little late does not slow the rate down; after a quiet time there is no burst. */
    private void use(long now, long interval) {
        long late = begun ? now - (last + interval) : interval;
        last = late < interval ? now - late : now;
        begun = true;
    }

    private void await(Permit permit) {
        if (inFlight != null && inFlight.add(permit)) {
            waiting.add(permit);
            if (next == null) {
                scheduleNext();
            }
        }
    }

    private synchronized void changed() {
        if (!waiting.isEmpty()) {
            if (next != null) {
                next.cancel(false);
            }
            scheduleNext();
        }
    }

    /** A rate that lets nothing through is waited for: its change comes here again. */
    private void scheduleNext() {
        long interval = rate.intervalNanos();
        next = null;
        if (interval < 0 || timer == null) {
            return;
        }
        try {
            next = timer.schedule(this::grant, left(nanoTime.getAsLong(), interval), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            List.copyOf(waiting).forEach(permit -> permit.abort("the timer has been shut down"));
        }
    }

    /** Grants the longest waiting. The rate may have changed since this was scheduled. */
    private void grant() {
        Permit first = null;
        synchronized (this) {
            next = null;
            waiting.removeIf(permit -> permit.granted.isDone());
            long now = nanoTime.getAsLong();
            long interval = rate.intervalNanos();
            if (interval >= 0 && left(now, interval) == 0) {
                first = waiting.poll();
            }
            if (first != null) {
                use(now, interval);
            }
            if (!waiting.isEmpty()) {
                scheduleNext();
            }
        }
        if (first != null) {
            if (inFlight != null) {
                inFlight.remove(first);
            }
            first.granted.complete(null);
        }
    }

    private static final class Permit implements InFlightCalls.Item {
        private final HttpCall call;
        private final CompletableFuture<Void> granted = new CompletableFuture<>();

        Permit(HttpCall call) {
            this.call = call;
        }

        @Override
        public void abort(String reason) {
            granted.completeExceptionally(Failures.of(call, reason, false, null));
        }
    }
}
