/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import io.genvideo.http.WebSocketCall;
import io.genvideo.http.WebSocketConnection;
import io.genvideo.http.WebSocketListener;
import io.genvideo.model.GenvideoException;
import io.genvideo.spi.CallOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The calls of one provider: each gets the endpoint's request time-out, and each ends in exactly one of two ways. */
public final class ServiceCalls {
    private final HttpGateway http;
    private final ServiceErrors errors;

    public ServiceCalls(HttpGateway http, ServiceErrors errors) {
        this.http = http;
        this.errors = errors;
    }

    /**
     * How long a call may take whose body carries files: each 256 KiB gets a second more than a call without any, so that a slow
     * line can carry the largest. A create that is cut off half-way is uncertain.
     *
     * @return {@code null} for a body without files, which has the request time-out
     */
    public static @Nullable Duration timeoutForFiles(long bytes) {
        return bytes == 0 ? null : Duration.ofSeconds(60 + bytes / (256 << 10));
    }

    /** Sends a call that may be repeated; fails with what {@link ServiceErrors#noAnswer} makes of a failure. */
    public CompletableFuture<GatewayResponse> read(String doing, HttpCall call, CallOptions options) {
        return http.read(timed(call, options))
                .handle((answer, failure) -> either(answer, failure, a -> a, cause -> {
                    throw errors.noAnswer(doing, cause).toException(ServiceErrors.unwrap(cause));
                }));
    }

    /** Sends a call that changes nothing one time. */
    public <T> CompletableFuture<T> once(
            HttpCall call,
            CallOptions options,
            Function<GatewayResponse, T> onAnswer,
            Function<Throwable, T> onFailure) {
        return http.once(timed(call, options))
                .handle((answer, failure) -> either(answer, failure, onAnswer, onFailure));
    }

    /** Sends a call once and for all: {@link HttpGateway#send}. */
    public <T> CompletableFuture<T> send(
            HttpCall call,
            CallOptions options,
            Function<GatewayResponse, T> onAnswer,
            Function<Throwable, T> onFailure) {
        return http.send(timed(call, options))
                .handle((answer, failure) -> either(answer, failure, onAnswer, onFailure));
    }

    /** Opens a stream once and for all: {@link HttpGateway#stream}. */
    public CompletableFuture<StreamResponse> stream(
            HttpCall call, CallOptions options, SseListener listener, Duration idle) {
        return http.stream(timed(call, options), listener, idle);
    }

    /** Opens a WebSocket: {@link HttpGateway#webSocket}. */
    public CompletableFuture<WebSocketConnection> webSocket(WebSocketCall call, WebSocketListener listener) {
        return http.webSocket(call, listener);
    }

    private static HttpCall timed(HttpCall call, CallOptions options) {
        return call.timeoutAtLeast(options.requestTimeout());
    }

    private static <T> T either(
            @Nullable GatewayResponse answer,
            @Nullable Throwable failure,
            Function<GatewayResponse, T> onAnswer,
            Function<Throwable, T> onFailure) {
        return answer != null
                ? onAnswer.apply(answer)
                : onFailure.apply(failure == null ? new IllegalStateException("no answer") : failure);
    }

    /** What is refused before the first call fails the stage, like everything else. */
    @SuppressWarnings("unchecked") // nobody completes the future but its maker
    public static <T> CompletableFuture<T> attempt(Supplier<? extends CompletableFuture<? extends T>> work) {
        try {
            return (CompletableFuture<T>) work.get();
        } catch (GenvideoException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
