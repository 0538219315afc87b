/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A request whose every byte is decided: all that is left is the paid call. */
public interface ReadyGeneration {

    /** The plan behind it, with the price that {@link #submit} will pay. */
    PlannedGeneration plan();

    /**
     * What must not be changed by two tasks at a time, for example a session of the service: of the tasks of an account with
     * the same key, the next is prepared and sent only after the one before has ended. {@code null} for no such limit.
     */
    default @Nullable String serializationKey() {
        return null;
    }

    /**
     * The last free step, taken with every permit held and immediately before {@link #submit}. What it returns is journalled
     * in the same write that announces the create call, and is what {@link GenerationProvider#recover} gets if the answer is
     * lost.
     *
     * @return the provider state to journal; {@code null} for none. A failure is treated as one of
     *     {@link PlannedGeneration#stage}
     */
    default CompletionStage<@Nullable String> prepare() {
        return CompletableFuture.completedStage(null);
    }

    /**
     * How long {@link #submit} may take, if that is longer than the request time-out, for example because files travel with the
     * call. The engine takes the call for lost only after that time, at most an hour. {@code null} for the request time-out.
     */
    default @Nullable Duration submitTimeout() {
        return null;
    }

    /**
     * Sends the create call, exactly once per invocation. The stage completes with what the answer means; where nothing
     * is certain it completes with {@link SubmitOutcome.Unknown}, and an exceptional completion counts as the same.
     */
    CompletionStage<SubmitOutcome> submit();

    /**
     * The same, over a stream on which the service pushes the task's progress. Only called for a provider whose descriptor
     * has {@link ProviderDescriptor#streamsCreate}, and for as many tasks as the option {@code maxStreams} allows. A stream
     * that drops is never a reason to send again: without a task id the outcome is {@link SubmitOutcome.Unknown}; with one,
     * {@link TaskPush#ended} starts the polling.
     */
    default CompletionStage<SubmitOutcome> submit(TaskPush push) {
        return submit().whenComplete((outcome, failure) -> push.ended());
    }

    /** After {@link SubmitOutcome.Stale}: the same request checked and priced again by a fresh catalogue, with the same uploads. */
    CompletionStage<ReadyGeneration> refresh();
}
