/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.CallOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls with the account's token. A call whose token the service rejects is repeated once with a new one, which it can be: a
 * rejected call has done nothing. Only the message, which is paid, is not repeated here.
 */
final class NemoCalls {
    private final ServiceCalls calls;
    private final AccessTokens tokens;

    NemoCalls(ServiceCalls calls, AccessTokens tokens) {
        this.calls = calls;
        this.tokens = tokens;
    }

    /** How a call has ended: with an answer or with a failure. */
    private record End(
            @Nullable GatewayResponse answer, @Nullable Throwable failure) {
        boolean isRejected() {
            return answer != null && NemoErrors.isTokenRejected(answer);
        }

        GatewayResponse answerOr(String doing) {
            if (answer != null) {
                return answer;
            }
            Throwable cause = failure == null ? new IllegalStateException("no answer") : failure;
            throw NemoErrors.ERRORS.noAnswer(doing, cause).toException(ServiceErrors.unwrap(cause));
        }
    }

    AccessTokens tokens() {
        return tokens;
    }

    /** Hides the token. */
    ServiceText text() {
        return tokens.text();
    }

    /** Sends a call that changes nothing one time. */
    <T> CompletableFuture<T> once(
            Function<AccessToken, HttpCall> call,
            CallOptions options,
            Function<GatewayResponse, T> onAnswer,
            Function<Throwable, T> onFailure) {
        return authorised(
                        token -> calls.once(
                                call.apply(token), options, a -> new End(a, null), failure -> new End(null, failure)),
                        options)
                .thenApply(end -> end.answer() != null
                        ? onAnswer.apply(end.answer())
                        : onFailure.apply(
                                end.failure() == null ? new IllegalStateException("no answer") : end.failure()));
    }

    /** Sends a call that changes nothing; fails if there is no answer. */
    CompletableFuture<GatewayResponse> read(String doing, Function<AccessToken, HttpCall> call, CallOptions options) {
        return authorised(
                        token -> calls.read(doing, call.apply(token), options).thenApply(a -> new End(a, null)),
                        options)
                .thenApply(end -> end.answerOr(doing));
    }

    /** Sends a call with effects one time; fails if there is no answer. */
    CompletableFuture<GatewayResponse> send(String doing, Function<AccessToken, HttpCall> call, CallOptions options) {
        return authorised(
                        token -> calls.send(
                                call.apply(token), options, a -> new End(a, null), failure -> new End(null, failure)),
                        options)
                .thenApply(end -> end.answerOr(doing));
    }

    private CompletableFuture<End> authorised(Function<AccessToken, CompletableFuture<End>> call, CallOptions options) {
        return tokens.current(options)
                .thenCompose(token -> call.apply(token)
                        .thenCompose(end -> end.isRejected() && tokens.isRenewable()
                                ? tokens.renewed(token, options).thenCompose(call)
                                : CompletableFuture.completedFuture(end)));
    }

    /** Opens the stream of a message, once and for all. */
    CompletableFuture<StreamResponse> stream(HttpCall call, CallOptions options, SseListener listener, Duration idle) {
        return calls.stream(call, options, listener, idle);
    }
}
