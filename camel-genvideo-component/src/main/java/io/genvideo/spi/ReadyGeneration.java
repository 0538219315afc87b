/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.util.concurrent.CompletionStage;

/** A request whose every byte is decided: all that is left is the paid call. */
public interface ReadyGeneration {

    /** The plan behind it, with the price that {@link #submit} will pay. */
    PlannedGeneration plan();

    /**
     * Sends the create call, exactly once per invocation. The stage completes with what the answer means; where nothing
     * is certain it completes with {@link SubmitOutcome.Unknown}, and an exceptional completion counts as the same.
     */
    CompletionStage<SubmitOutcome> submit();

    /**
     * The same, over a stream on which the service pushes how the task goes on. Only called for a provider whose descriptor
     * says {@link ProviderDescriptor#stream}, and for as many tasks as the option {@code maxStreams} allows. A stream that
     * drops is never a reason to send again: without an id of the task the outcome is {@link SubmitOutcome.Unknown}, with one
     * {@link TaskPush#ended} tells that the task has to be asked for.
     */
    default CompletionStage<SubmitOutcome> submit(TaskPush push) {
        return submit().whenComplete((outcome, failure) -> push.ended());
    }

    /** After {@link SubmitOutcome.Stale}: the same request checked and priced again by a fresh catalogue, with the same uploads. */
    CompletionStage<ReadyGeneration> refresh();
}
