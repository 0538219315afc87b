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
 * A read with its repeats, within one deadline. A repeat is worth it when the network or a proxy failed; 429 and all other
 * statuses are an answer that the caller knows better what to do with.
 */
final class RetryingRead implements InFlightCalls.Item {

    /** One attempt, given the time that is left for it. */
    interface Attempts extends Function<Duration, HttpExchange<GatewayResponse>> {}

    private final HttpCall call;
    private final Duration total;
    private final RateLimiter pace;
    private final Attempts attempts;
    private final HttpExchange.Surroundings surroundings;
    private final HttpTimings tuning;
    private final RandomGenerator random;
    private final CompletableFuture<GatewayResponse> result = new CompletableFuture<>();
    private volatile @Nullable Future<?> planned;
    private volatile @Nullable Future<?> running;
    private int made;
    private long began;
    private boolean sent;

    RetryingRead(
            HttpCall call,
            Duration total,
            RateLimiter pace,
            Attempts attempts,
            HttpExchange.Surroundings surroundings,
            HttpTimings tuning,
            RandomGenerator random) {
        this.call = call;
        this.total = total;
        this.pace = pace;
        this.attempts = attempts;
        this.surroundings = surroundings;
        this.tuning = tuning;
        this.random = random;
    }

    CompletableFuture<GatewayResponse> start() {
        result.whenComplete((answer, failure) -> ended());
        if (surroundings.open().add(this)) {
            next();
        }
        return result;
    }

    private void next() {
        pace.turn(call, null).whenComplete((granted, refused) -> {
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
        if (made++ == 0) {
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

    private void outcome(@Nullable GatewayResponse answer, @Nullable Throwable failure) {
        sent |= answer != null || (failure instanceof HttpGatewayException e && e.wasSent());
        Duration wait = waitBeforeRepeat(answer, failure).orElse(null);
        if (wait == null || wait.compareTo(left()) >= 0 || surroundings.open().isClosed()) {
            finish(answer, failure);
            return;
        }
        try {
            planned = surroundings.timer().schedule(this::next, wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            finish(answer, failure);
        }
    }

    private Optional<Duration> waitBeforeRepeat(@Nullable GatewayResponse answer, @Nullable Throwable failure) {
        if (result.isDone() || made > tuning.backOff().size()) {
            return Optional.empty();
        }
        Duration backOff = jittered(tuning.backOff().get(made - 1));
        if (answer == null) {
            boolean same = failure == null || failure.getCause() instanceof Failures.TooLongException;
            return same ? Optional.empty() : Optional.of(backOff);
        }
        Duration asked = answer.status() == 503 ? answer.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
        return switch (answer.status()) {
            case 502, 503, 504 ->
                asked.compareTo(tuning.longestRetryAfter()) > 0
                        ? Optional.empty()
                        : Optional.of(asked.compareTo(backOff) > 0 ? asked : backOff);
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

    private void finish(@Nullable GatewayResponse answer, @Nullable Throwable failure) {
        if (answer != null) {
            result.complete(answer);
        } else if (failure != null) {
            result.completeExceptionally(failure);
        }
    }

    @Override
    public void abort() {
        result.completeExceptionally(Failures.of(call.label(), call.uri(), Failures.CLOSED, sent, null));
    }

    private void ended() {
        surroundings.open().remove(this);
        cancel(planned);
        cancel(running);
    }

    private static void cancel(@Nullable Future<?> under) {
        if (under != null) {
            under.cancel(false);
        }
    }
}
