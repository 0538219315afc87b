/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: started once, ended once, by the response, a failure, the deadline, a cancelled
 * {@link #result()} or the gateway's close, whichever comes first.
 */
final class HttpExchange<T> implements InFlightCalls.Item {

    /**
     * What all exchanges of a gateway share.
     *
     * @param timer for repeats
     */
    record Shared(ScheduledExecutorService timer, InFlightCalls inFlight, Deadlines deadlines, RequestConfigs configs) {
        static Shared of(ScheduledExecutorService timer) {
            InFlightCalls inFlight = new InFlightCalls();
            return new Shared(timer, inFlight, new Deadlines(timer, inFlight), new RequestConfigs());
        }
    }

    /**
     * @param total of the exchange, from {@link #start()} on
     * @param silence longest time without a byte
     * @param once whether the request may be sent a single time, whatever requests it again
     */
    record Limits(Duration total, Duration silence, boolean once) {}

    /** Where the client comes from. */
    @FunctionalInterface
    interface ClientSource {
        /** @throws IOException if there is none, or none may be used for this call */
        PooledClient get() throws IOException;
    }

    private final Shared shared;
    private final ClientSource clients;
    private final HttpCall call;
    private final Limits limits;
    private final AsyncResponseConsumer<T> consumer;
    private final SendOnceGuard sendGuard;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private volatile @Nullable T response;
    private volatile @Nullable PooledClient client;
    private volatile @Nullable Future<?> running;
    private volatile long due = Deadlines.NEVER;

    HttpExchange(Shared shared, ClientSource clients, HttpCall call, Limits limits, AsyncResponseConsumer<T> consumer) {
        this.shared = shared;
        this.clients = clients;
        this.call = call;
        this.limits = limits;
        this.consumer = consumer;
        this.sendGuard = new SendOnceGuard(limits.once());
    }

    /** Fails with {@link HttpGatewayException}; what hangs on it before {@link #start()} runs before resources are freed. */
    CompletableFuture<T> result() {
        return result;
    }

    CompletableFuture<T> start() {
        return start(RateLimiter.NONE);
    }

    /** @param limiter whose permit is waited for within the exchange's total time; refused at once if it came too late */
    CompletableFuture<T> start(RateLimiter limiter) {
        result.whenComplete((value, failure) -> release());
        due = shared.deadlines().after(Math.max(1, limits.total().toMillis()));
        if (!shared.inFlight().add(this) || !watchDeadline()) {
            return result;
        }
        if (limiter == RateLimiter.NONE) {
            prepare();
        } else {
            limiter.acquire(call, limits.total()).whenComplete((permit, refused) -> {
                if (refused == null) {
                    prepare();
                } else {
                    result.completeExceptionally(unwrapped(refused));
                }
            });
        }
        return result;
    }

    private boolean watchDeadline() {
        try {
            shared.deadlines().watch(due);
            return true;
        } catch (RejectedExecutionException stopped) {
            fail(Deadlines.STOPPED, null);
            return false;
        }
    }

    private void prepare() {
        if (result.isDone()) {
            return;
        }
        try {
            PooledClient chosen = clients.get();
            client = chosen;
            chosen.prepare(call.uri()).whenComplete((ready, failure) -> {
                if (failure == null) {
                    execute(chosen);
                } else {
                    Throwable cause = unwrapped(failure);
                    fail(Failures.describe(cause), cause);
                }
            });
        } catch (IOException | RuntimeException failure) {
            fail(Failures.describe(failure), failure);
        }
    }

    private void execute(PooledClient chosen) {
        if (result.isDone()) {
            return;
        }
        HttpClientContext context = HttpClientContext.create();
        sendGuard.attachTo(context);
        context.setRequestConfig(shared.configs().of(limits));
        try {
            AsyncRequestProducer producer = Requests.of(call, limits.once());
            chosen.closeIdle();
            running = chosen.client()
                    .execute(producer, new ObservedConsumer<>(consumer, sendGuard, this::settle), context, callback());
        } catch (IOException | RuntimeException failure) {
            fail(Failures.describe(failure), failure);
        }
        if (result.isDone()) {
            cancelRunning();
        }
    }

    private FutureCallback<T> callback() {
        return new FutureCallback<>() {
            @Override
            public void completed(T value) {
                // Handed on in settle(): by then the connection is back in the pool, free for what the caller does next
                response = value;
            }

            @Override
            public void failed(Exception failure) {
                fail(Failures.describe(failure), failure);
            }

            @Override
            public void cancelled() {
                fail("cancelled", null);
            }
        };
    }

    private void settle() {
        T complete = response;
        if (complete != null) {
            result.complete(complete);
        }
    }

    /** From now on the exchange may take any time. */
    void withoutDeadline() {
        due = Deadlines.NEVER;
    }

    /** Ends the exchange with this value although more may come, and closes its connection. */
    void endWith(T value) {
        result.complete(value);
        cancelRunning();
    }

    boolean uses(PooledClient candidate) {
        return client == candidate;
    }

    private void fail(String description, @Nullable Throwable cause) {
        settle();
        if (!result.isDone()) {
            boolean sent = sendGuard.giveUp();
            result.completeExceptionally(Failures.of(call, description, sent, cause));
        }
    }

    @Override
    public long expire(long now) {
        if (now < due || result.isDone()) {
            return due;
        }
        fail("no complete response within " + limits.total().toMillis() + " ms", null);
        return Deadlines.NEVER;
    }

    @Override
    public void abort(String reason) {
        fail(reason, null);
    }

    private void release() {
        shared.inFlight().remove(this);
        sendGuard.giveUp();
        if (result.isCompletedExceptionally()) {
            cancelRunning();
        }
    }

    private void cancelRunning() {
        Future<?> exchange = running;
        if (exchange != null) {
            exchange.cancel(true);
        }
    }

    static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
