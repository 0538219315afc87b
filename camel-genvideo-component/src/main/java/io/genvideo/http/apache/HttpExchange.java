/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: begun once, ended once, by the answer, a failure, the deadline, a cancelled
 * {@link #result()} or the gateway's close, whichever comes first.
 */
final class HttpExchange<T> implements InFlightCalls.Item {

    /**
     * What all exchanges of a gateway share.
     *
     * @param timer for deadlines
     */
    record Surroundings(ScheduledExecutorService timer, InFlightCalls open) {}

    /**
     * @param total of the exchange, from {@link #start()} on
     * @param silence longest time without a byte
     * @param once whether the request may depart a single time, whatever asks for it again
     */
    record Terms(Duration total, Duration silence, boolean once) {}

    private final Surroundings surroundings;
    private final PooledClient client;
    private final HttpCall call;
    private final Terms terms;
    private final AsyncResponseConsumer<T> consumer;
    private final SendOnceGuard departure;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private volatile @Nullable T answer;
    private volatile @Nullable Future<?> running;
    private volatile @Nullable Future<?> deadline;

    HttpExchange(
            Surroundings surroundings,
            PooledClient client,
            HttpCall call,
            Terms terms,
            AsyncResponseConsumer<T> consumer) {
        this.surroundings = surroundings;
        this.client = client;
        this.call = call;
        this.terms = terms;
        this.consumer = consumer;
        this.departure = new SendOnceGuard(terms.once());
    }

    /** Fails with {@link HttpGatewayException}; what hangs on it before {@link #start()} runs before resources are freed. */
    CompletableFuture<T> result() {
        return result;
    }

    void start() {
        result.whenComplete((value, failure) -> ended());
        if (!surroundings.open().add(this)) {
            return;
        }
        if (call.uri().getHost() == null) {
            fail("the address has no host", null);
            return;
        }
        try {
            deadline = surroundings
                    .timer()
                    .schedule(this::expire, Math.max(1, terms.total().toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            fail("the timer has been shut down", null);
            return;
        }
        client.ready(call.uri()).whenComplete((addresses, failure) -> execute());
    }

    private void execute() {
        if (result.isDone()) {
            return;
        }
        HttpClientContext context = HttpClientContext.create();
        departure.attachTo(context);
        context.setRequestConfig(requestConfig());
        try {
            AsyncRequestProducer producer = Requests.of(call, terms.once());
            client.closeIdle();
            running = client.client()
                    .execute(producer, new ObservedConsumer<>(consumer, departure, this::settle), context, callback());
        } catch (IOException | RuntimeException failure) {
            fail(Failures.words(failure), failure);
        }
        if (result.isDone()) {
            cancelRunning();
        }
    }

    private RequestConfig requestConfig() {
        return RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(terms.total()))
                .setResponseTimeout(Timeout.of(terms.silence()))
                .setHardCancellationEnabled(true)
                .setRedirectsEnabled(false)
                .setExpectContinueEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .build();
    }

    private FutureCallback<T> callback() {
        return new FutureCallback<>() {
            @Override
            public void completed(T value) {
                // Handed on in settle(): by then the connection is back in the pool, free for what the caller does next
                answer = value;
            }

            @Override
            public void failed(Exception failure) {
                fail(Failures.words(failure), failure);
            }

            @Override
            public void cancelled() {
                fail("cancelled", null);
            }
        };
    }

    private void settle() {
        T complete = answer;
        if (complete != null) {
            result.complete(complete);
        }
    }

    /** What is under way may take any time from now on. */
    void withoutDeadline() {
        Future<?> planned = deadline;
        if (planned != null) {
            planned.cancel(false);
        }
    }

    /** Nothing more is wanted: ends it with this, and the connection with it. */
    void endWith(T value) {
        result.complete(value);
        cancelRunning();
    }

    private void fail(String words, @Nullable Throwable cause) {
        settle();
        if (!result.isDone()) {
            boolean sent = departure.giveUp();
            result.completeExceptionally(Failures.of(call.label(), call.uri(), words, sent, cause));
        }
    }

    private void expire() {
        fail("no complete answer within " + terms.total().toMillis() + " ms", null);
    }

    @Override
    public void abort() {
        fail(Failures.CLOSED, null);
    }

    private void ended() {
        surroundings.open().remove(this);
        departure.giveUp();
        withoutDeadline();
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
}
