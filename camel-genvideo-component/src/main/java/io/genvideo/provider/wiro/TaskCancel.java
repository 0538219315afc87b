/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.model.GenerationError;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Ends a task at the service (docs/contracts/wiro.md section 5): Cancel while it is queued, Kill once it runs. Whether it has ended
 * so is read by a poll, because a kill can lose the race against the result.
 */
final class TaskCancel {
    private static final String CANCELLING = "cancelling the task";
    private static final String KILLING = "killing the task";

    private final WiroRequests requests;
    private final ServiceCalls calls;

    TaskCancel(WiroRequests requests, ServiceCalls calls) {
        this.requests = requests;
        this.calls = calls;
    }

    CompletableFuture<CancelOutcome> cancel(String taskId, CallOptions options) {
        return ask(CANCELLING, requests.cancel(taskId), options).thenCompose(refusal -> {
            if (refusal == null) {
                return CompletableFuture.completedFuture(new CancelOutcome.Requested());
            }
            return refusal.isRunning()
                    ? ask(KILLING, requests.kill(taskId), options).thenApply(TaskCancel::outcome)
                    : CompletableFuture.completedFuture(outcome(refusal));
        });
    }

    private static CancelOutcome outcome(@Nullable Refusal refusal) {
        return refusal == null ? new CancelOutcome.Requested() : new CancelOutcome.Refused(refusal.error());
    }

    /** @param isRunning whether the task has left the queue */
    private record Refusal(GenerationError error, boolean isRunning) {}

    /** The refusal; {@code null} if the service has done it. Fails if there is no answer. */
    private CompletableFuture<@Nullable Refusal> ask(String doing, HttpCall call, CallOptions options) {
        return calls.once(call, options, answer -> refusal(doing, answer), failure -> {
            throw WiroErrors.ERRORS.noAnswer(doing, failure).toException(ServiceErrors.unwrap(failure));
        });
    }

    private @Nullable Refusal refusal(String doing, GatewayResponse answer) {
        if (WiroEnvelope.success(answer).isPresent()) {
            return null;
        }
        Optional<ServiceMessage> message = Json.read(answer.body()).flatMap(WiroEnvelope::error);
        boolean isRunning = message.map(WiroErrors::reason)
                .filter(WiroErrors.Reason.NOT_CANCELLABLE::equals)
                .isPresent();
        return new Refusal(WiroErrors.unusable(doing, answer, requests.text()).getError(), isRunning);
    }
}
