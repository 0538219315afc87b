/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A read with its repeats, within one deadline. It is repeated when the network or a proxy failed; 429 and all other statuses
 * are returned, because the caller knows better what to do.
 */
final class RetryingRead implements InFlightCalls.Item {

    private final HttpCall call;
    private final Duration total;
    private final RateLimiter limiter;
    private final Function<Duration, HttpExchange<GatewayResponse>> attempts;
    private final HttpExchange.Shared shared;
    private final HttpTimings timings;
    private final RandomGenerator random;
    private final CompletableFuture<GatewayResponse> result = new CompletableFuture<>();
    private volatile @Nullable Future<?> scheduled;
    private volatile @Nullable Future<?> running;
    private int attempted;
    private long began;
    private boolean sent;

    /** @param attempts makes one attempt, given the time that is left for it */
    RetryingRead(
            HttpCall call,
            Duration total,
            RateLimiter limiter,
            Function<Duration, HttpExchange<GatewayResponse>> attempts,
            HttpExchange.Shared shared,
            HttpTimings timings,
            RandomGenerator random) {
        this.call = call;
        this.total = total;
        this.limiter = limiter;
        this.attempts = attempts;
        this.shared = shared;
        this.timings = timings;
        this.random = random;
    }

    CompletableFuture<GatewayResponse> start() {
        result.whenComplete((response, failure) -> ended());
        if (shared.inFlight().add(this)) {
            next();
        }
        return result;
    }

    private void next() {
        limiter.acquire(call, null).whenComplete((permit, refused) -> {
            if (refused == null) {
                attempt();
            } else {
                result.completeExceptionally(
                        refused instanceof CompletionException e && e.getCause() != null ? e.getCause() : refused);
            }
        });
    }

    private void attempt() {
        if (result.isDone()) {
            return;
        }
        if (attempted++ == 0) {
            began = System.nanoTime();
        }
        HttpExchange<GatewayResponse> exchange = attempts.apply(left());
        running = exchange.result();
        exchange.result().whenComplete(this::outcome);
        exchange.start();
        if (result.isDone()) {
            exchange.result().cancel(false);
        }
    }

    private Duration left() {
        return total.minusNanos(System.nanoTime() - began);
    }

    private void outcome(@Nullable GatewayResponse response, @Nullable Throwable failure) {
        sent |= response != null || (failure instanceof HttpGatewayException e && e.wasSent());
        Duration wait = waitBeforeRepeat(response, failure).orElse(null);
        if (wait == null || wait.compareTo(left()) >= 0 || shared.inFlight().isClosed()) {
            finish(response, failure);
            return;
        }
        try {
            scheduled = shared.timer().schedule(this::next, wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            finish(response, failure);
        }
    }

    private Optional<Duration> waitBeforeRepeat(@Nullable GatewayResponse response, @Nullable Throwable failure) {
        if (result.isDone() || attempted > timings.backOff().size()) {
            return Optional.empty();
        }
        Duration backOff = jittered(timings.backOff().get(attempted - 1));
        if (response == null) {
            boolean permanent = !(failure instanceof HttpGatewayException e) || e.isPermanent();
            return permanent ? Optional.empty() : Optional.of(backOff);
        }
        Duration retryAfter = response.status() == 503 ? response.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
        return switch (response.status()) {
            case 502, 503, 504 ->
                retryAfter.compareTo(timings.longestRetryAfter()) > 0
                        ? Optional.empty()
                        : Optional.of(retryAfter.compareTo(backOff) > 0 ? retryAfter : backOff);
            default -> Optional.empty();
        };
    }

    private Duration jittered(Duration average) {
        double spread;
        // A generator that was handed in need not be thread-safe
        synchronized (random) {
            spread = 0.5 + random.nextDouble();
        }
        return Duration.ofNanos(Math.round(average.toNanos() * spread));
    }

    private void finish(@Nullable GatewayResponse response, @Nullable Throwable failure) {
        if (response != null) {
            result.complete(response);
        } else if (failure != null) {
            result.completeExceptionally(failure);
        }
    }

    @Override
    public void abort(String reason) {
        result.completeExceptionally(Failures.of(call, reason, sent, null));
    }

    private void ended() {
        shared.inFlight().remove(this);
        cancel(scheduled);
        cancel(running);
    }

    private static void cancel(@Nullable Future<?> under) {
        if (under != null) {
            under.cancel(false);
        }
    }
}
