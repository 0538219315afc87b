/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call for a stream, from its request to the end of its events. */
final class SseCall implements StreamConsumer.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(ApacheHttpGateway.class);

    private final SseListener listener;
    private final HttpExchange<StreamResponse> exchange;
    private final CompletableFuture<StreamResponse> response = new CompletableFuture<>();
    private final SerialNotifier notifier = new SerialNotifier();
    private boolean over;

    SseCall(SseListener listener, Function<StreamConsumer.Sink, HttpExchange<StreamResponse>> exchange) {
        this.listener = listener;
        this.exchange = exchange.apply(this);
    }

    /** @param limiter whose permit the request waits for */
    CompletableFuture<StreamResponse> start(RateLimiter limiter) {
        exchange.result().whenComplete(this::finished);
        response.whenComplete((value, failure) -> {
            if (response.isCancelled()) {
                exchange.result().cancel(false);
            }
        });
        exchange.start(limiter);
        return response;
    }

    /** Does nothing if the call has ended meanwhile: then there is no stream for anybody. */
    @Override
    public void opened(StreamResponse.Opened head) {
        response.complete(head);
    }

    @Override
    public void event(String data) {
        received(() -> listener.event(data));
    }

    @Override
    public void emptyEvent() {
        received(listener::alive);
    }

    private void received(BooleanSupplier notification) {
        if (response.isCompletedExceptionally()) {
            return;
        }
        exchange.withoutDeadline();
        notifier.run(() -> {
            if (!over && !wantsMore(notification)) {
                over = true;
                exchange.endWith(response.join());
                notifyOfEnd(null);
            }
        });
    }

    private boolean wantsMore(BooleanSupplier notification) {
        try {
            return notification.getAsBoolean();
        } catch (RuntimeException | Error failure) {
            logFailedListener(failure);
            return false;
        }
    }

    private void notifyOfEnd(@Nullable HttpGatewayException cause) {
        try {
            listener.ended(cause);
        } catch (RuntimeException | Error failure) {
            logFailedListener(failure);
        }
    }

    /** Without its message, which may quote the event. */
    private static void logFailedListener(Throwable failure) {
        LOG.warn(
                "A listener failed with {}; its stream is ended",
                failure.getClass().getName());
    }

    private void finished(@Nullable StreamResponse end, @Nullable Throwable failure) {
        boolean withoutStream = failure == null ? response.complete(end) : response.completeExceptionally(failure);
        if (withoutStream || response.isCompletedExceptionally()) {
            return;
        }
        notifier.run(() -> {
            if (!over) {
                over = true;
                notifyOfEnd(failure instanceof HttpGatewayException cause ? cause : null);
            }
        });
    }
}
