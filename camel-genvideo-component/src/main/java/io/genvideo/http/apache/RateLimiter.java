/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
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
    private final long intervalNanos;
    private final @Nullable ScheduledExecutorService timer;
    private final @Nullable InFlightCalls inFlight;
    private final LongSupplier nanoTime;
    private final Queue<Permit> waiting = new ArrayDeque<>();
    private boolean begun;
    private long next;

    private RateLimiter() {
        this.outer = null;
        this.intervalNanos = 0;
        this.timer = null;
        this.inFlight = null;
        this.nanoTime = System::nanoTime;
    }

    /**
     * @param outer whose permit is waited for first
     * @param perSecond permits a second, 0.001 to 1,000,000
     */
    RateLimiter(
            RateLimiter outer,
            double perSecond,
            ScheduledExecutorService timer,
            InFlightCalls inFlight,
            LongSupplier nanoTime) {
        if (!(perSecond >= 0.001 && perSecond <= 1_000_000)) {
            throw new IllegalArgumentException("callsPerSecond must be 0.001 to 1000000");
        }
        this.outer = outer;
        this.intervalNanos = Math.round(1e9 / perSecond);
        this.timer = timer;
        this.inFlight = inFlight;
        this.nanoTime = nanoTime;
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
        long delay;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            long start = begun && next - now > 0 ? next : now;
            delay = start - now;
            if (atMost != null && delay > atMost.toNanos()) {
                return CompletableFuture.failedFuture(Failures.of(
                        call,
                        "the limit of calls per second grants no permit within " + atMost.toMillis() + " ms",
                        false,
                        null));
            }
            begun = true;
            next = start + intervalNanos;
            if (delay > 0) {
                waiting.add(permit);
            }
        }
        if (delay <= 0) {
            permit.granted.complete(null);
        } else {
            await(permit, delay);
        }
        return permit.granted;
    }

    private void await(Permit permit, long delay) {
        ScheduledExecutorService on = timer;
        if (on == null || inFlight == null || !inFlight.add(permit)) {
            return;
        }
        try {
            on.schedule(this::grantFirst, delay, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            permit.abort("the timer has been shut down");
        }
    }

    /** Grants the longest waiting, not the one that scheduled this: a timer with several threads may run two out of order. */
    private void grantFirst() {
        Permit first;
        do {
            synchronized (this) {
                first = waiting.poll();
            }
        } while (first != null && first.granted.isDone());
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
