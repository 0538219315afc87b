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

    /** After {@link SubmitOutcome.Stale}: the same request checked and priced again by a fresh catalogue, with the same uploads. */
    CompletionStage<ReadyGeneration> refresh();
}
