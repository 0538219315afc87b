/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call for a stream, from its departure to the end of its events. Events come on the client's thread, an end may also
 * come from the timer's or a closing thread: all that is told stands in one queue, which one thread at a time empties.
 */
final class SseCall implements StreamConsumer.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(ApacheHttpGateway.class);

    private final SseListener listener;
    private final HttpExchange<StreamResponse> exchange;
    private final CompletableFuture<StreamResponse> answer = new CompletableFuture<>();
    private final Queue<Runnable> told = new ConcurrentLinkedQueue<>();
    private final AtomicInteger toTell = new AtomicInteger();
    private boolean over;

    SseCall(SseListener listener, Function<StreamConsumer.Sink, HttpExchange<StreamResponse>> exchange) {
        this.listener = listener;
        this.exchange = exchange.apply(this);
    }

    CompletableFuture<StreamResponse> start() {
        exchange.result().whenComplete(this::finished);
        answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                exchange.result().cancel(false);
            }
        });
        exchange.start();
        return answer;
    }

    /** Does nothing if the call has ended meanwhile: then there is no stream for anybody. */
    @Override
    public void opened(StreamResponse.Opened head) {
        answer.complete(head);
    }

    @Override
    public void event(String data) {
        if (answer.isCompletedExceptionally()) {
            return;
        }
        exchange.withoutDeadline();
        tell(() -> {
            if (!over && !wantsMore(data)) {
                over = true;
                exchange.endWith(answer.join());
                listener.ended(null);
            }
        });
    }

    private boolean wantsMore(String data) {
        try {
            return listener.event(data);
        } catch (RuntimeException failure) {
            // Not its message, which may quote the event
            LOG.warn(
                    "A listener failed with {}; its stream is ended",
                    failure.getClass().getName());
            return false;
        }
    }

    private void finished(@Nullable StreamResponse end, @Nullable Throwable failure) {
        boolean withoutStream = failure == null ? answer.complete(end) : answer.completeExceptionally(failure);
        if (withoutStream || answer.isCompletedExceptionally()) {
            return;
        }
        tell(() -> {
            if (!over) {
                over = true;
                listener.ended(failure instanceof HttpGatewayException cause ? cause : null);
            }
        });
    }

    private void tell(Runnable what) {
        told.add(what);
        if (toTell.getAndIncrement() == 0) {
            do {
                Runnable next = told.poll();
                if (next != null) {
                    next.run();
                }
            } while (toTell.decrementAndGet() > 0);
        }
    }
}
