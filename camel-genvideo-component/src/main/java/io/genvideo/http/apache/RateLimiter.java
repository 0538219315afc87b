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
 * Gives out turns at an even rate, in the order in which they were asked for. Nothing is saved up: after a quiet minute there
 * is no burst, since the services count within short windows.
 */
final class RateLimiter {
    /** Turns at once. */
    static final RateLimiter NONE = new RateLimiter();

    private final @Nullable RateLimiter outer;
    private final long intervalNanos;
    private final @Nullable ScheduledExecutorService timer;
    private final @Nullable InFlightCalls open;
    private final LongSupplier nanoTime;
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private boolean begun;
    private long next;

    private RateLimiter() {
        this.outer = null;
        this.intervalNanos = 0;
        this.timer = null;
        this.open = null;
        this.nanoTime = System::nanoTime;
    }

    /**
     * @param outer whose turn is waited for first
     * @param perSecond turns a second, 0.001 to 1,000,000
     */
    RateLimiter(
            RateLimiter outer,
            double perSecond,
            ScheduledExecutorService timer,
            InFlightCalls open,
            LongSupplier nanoTime) {
        if (!(perSecond >= 0.001 && perSecond <= 1_000_000)) {
            throw new IllegalArgumentException("callsPerSecond must be 0.001 to 1000000");
        }
        this.outer = outer;
        this.intervalNanos = Math.round(1e9 / perSecond);
        this.timer = timer;
        this.open = open;
        this.nanoTime = nanoTime;
    }

    /**
     * @param atMost a turn that would come later is refused at once, and does not cost one; {@code null} for any time
     * @return completes when it is time; fails with {@link HttpGatewayException}, whose {@code wasSent()} is false
     */
    CompletableFuture<Void> turn(HttpCall call, @Nullable Duration atMost) {
        RateLimiter before = outer;
        if (before == null) {
            return CompletableFuture.completedFuture(null);
        }
        return before == NONE
                ? ownTurn(call, atMost)
                : before.turn(call, atMost).thenCompose(granted -> ownTurn(call, atMost));
    }

    private CompletableFuture<Void> ownTurn(HttpCall call, @Nullable Duration atMost) {
        Turn turn = new Turn(call);
        long delay;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            long start = begun && next - now > 0 ? next : now;
            delay = start - now;
            if (atMost != null && delay > atMost.toNanos()) {
                return CompletableFuture.failedFuture(Failures.of(
                        call.label(),
                        call.uri(),
                        "the limit of calls a second leaves no turn within " + atMost.toMillis() + " ms",
                        false,
                        null));
            }
            begun = true;
            next = start + intervalNanos;
            if (delay > 0) {
                waiting.add(turn);
            }
        }
        if (delay <= 0) {
            turn.granted.complete(null);
        } else {
            await(turn, delay);
        }
        return turn.granted;
    }

    private void await(Turn turn, long delay) {
        ScheduledExecutorService on = timer;
        if (on == null || open == null || !open.add(turn)) {
            return;
        }
        try {
            on.schedule(this::grant, delay, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            turn.refuse("the timer has been shut down");
        }
    }

    /** Grants the longest waiting, not the one that planned this: a timer with several threads may run two out of order. */
    private void grant() {
        Turn first;
        do {
            synchronized (this) {
                first = waiting.poll();
            }
        } while (first != null && first.granted.isDone());
        if (first != null) {
            if (open != null) {
                open.remove(first);
            }
            first.granted.complete(null);
        }
    }

    private static final class Turn implements InFlightCalls.Item {
        private final HttpCall call;
        private final CompletableFuture<Void> granted = new CompletableFuture<>();

        Turn(HttpCall call) {
            this.call = call;
        }

        void refuse(String words) {
            granted.completeExceptionally(Failures.of(call.label(), call.uri(), words, false, null));
        }

        @Override
        public void abort() {
            refuse(Failures.CLOSED);
        }
    }
}
