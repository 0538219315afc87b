/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.Credits;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One service as one account sees it: translates requests to the wire and answers back, and decides what an answer means.
 * It keeps no task state, starts no thread and never repeats a paid call; the engine does the waiting, journalling and
 * repeating. There is one instance for each account.
 *
 * <p>Everything is asynchronous: no method blocks, and failures are those of the returned stage
 * ({@link io.genvideo.model.GenvideoException} where it is known what went wrong). Implementations are thread-safe.
 *
 * <p>A provider implements {@link #plan} and {@link #poll}; the other methods are for services that have what they stand
 * for, and are called only if the {@link ProviderDescriptor} declares it.
 */
public interface GenerationProvider {

    /**
     * Resolves the model, checks every parameter and finds the price. Free of charge, uploads nothing, may read the
     * catalogue. Fails with {@link io.genvideo.model.InvalidGenerationRequestException} naming what is allowed.
     *
     * @param request complete: its operation is not null
     */
    CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options);

    /**
     * Checks the model of a route when the route starts, as far as that needs no request. The default accepts every model:
     * {@link #plan} judges it.
     *
     * @param model as the route names it
     * @throws io.genvideo.model.InvalidGenerationRequestException if no request with this model and operation can succeed
     */
    default void checkModel(String model, Operation operation) {}

    /**
     * Reads the state of a task once. Has no effect at the service, because tasks are also polled on behalf of people who
     * only read. A transport failure is the outcome {@link PollOutcome.Trouble}, never a failed task.
     */
    CompletionStage<PollOutcome> poll(SubmittedTask task, CallOptions options);

    /**
     * Performs the step that {@link PollOutcome.ActionDue} named. Called by the one engine that owns the task, after that
     * outcome's {@code providerState} was journalled. A crash may come between the two: then the next {@link #poll} gets that
     * state and must find out whether the step was performed. Only a step that is not charged, or that the service performs
     * once for the same state, may be named again.
     *
     * @param task with the journalled state
     * @return as {@link #poll}; an exceptional completion counts as {@link PollOutcome.Trouble}
     */
    default CompletionStage<PollOutcome> perform(SubmittedTask task, String action, CallOptions options) {
        return unsupported("the action " + action);
    }

    /**
     * Finds out what became of a create call whose answer is not known, before its record is called uncertain. Has no effect
     * at the service. The default does not know.
     */
    default CompletionStage<RecoveryOutcome> recover(LostSubmission lost, CallOptions options) {
        return CompletableFuture.completedStage(new RecoveryOutcome.Unclear(GenerationError.of(
                ErrorCategory.UNCERTAIN_SUBMISSION, "", "the service cannot report on a lost create call")));
    }

    /**
     * Subscribes to what the service pushes about a task that exists: after its create call, after a restart, and again after
     * a subscription has ended. What is missed meanwhile is polled for.
     *
     * @param push is called after the returned stage has completed; {@link TaskPush#ended} exactly once
     */
    default CompletionStage<TaskSubscription> subscribe(SubmittedTask task, TaskPush push, CallOptions options) {
        return unsupported("subscribe");
    }

    /**
     * The {@link ReadyGeneration#serializationKey} of a task, read from its journalled state: what an earlier process has
     * left, or another node watches, holds its key too.
     *
     * @param providerState what {@link ReadyGeneration#prepare} or a later outcome has returned
     * @return {@code null} for none
     */
    default @Nullable String serializationKey(String providerState) {
        return null;
    }

    /** Requests the cancellation of a task. */
    default CompletionStage<CancelOutcome> cancel(SubmittedTask task, CallOptions options) {
        return unsupported("cancel");
    }

    /** Brings a medium to where the service can fetch it, and gives its URL; a public URL is given back as it is. */
    default CompletionStage<URI> upload(MediaInput input, CallOptions options) {
        return unsupported("upload");
    }

    /** The balance of the account. */
    default CompletionStage<Credits> credits(CallOptions options) {
        return unsupported("credits");
    }

    /** @param operation the models of one operation, or {@code null} for those of all */
    default CompletionStage<List<ModelInfo>> models(@Nullable Operation operation, CallOptions options) {
        return unsupported("models");
    }

    /**
     * One model, once for each operation that it can do. The default searches {@link #models} by id, version and name,
     * whatever their case and white space; a provider whose list does not describe each model reads that one.
     *
     * @return empty if there is no such model
     */
    default CompletionStage<List<ModelInfo>> describe(String model, CallOptions options) {
        return models(null, options)
                .thenApply(all -> all.stream().filter(m -> m.isCalled(model)).toList());
    }

    /**
     * Performs an operation of the provider's own.
     *
     * @return the message body that the route gets; {@code null} leaves the body as it is
     */
    default CompletionStage<@Nullable Object> invoke(OwnOperationCall call, CallOptions options) {
        return unsupported(call.operation());
    }

    /** Whether credentials may be sent to, and results fetched from, this address although it is not public. */
    boolean ownsOrigin(URI uri);

    private static <T> CompletionStage<T> unsupported(String what) {
        return CompletableFuture.failedStage(new UnsupportedOperationException(what));
    }
}
