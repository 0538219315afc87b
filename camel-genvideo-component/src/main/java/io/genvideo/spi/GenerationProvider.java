/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.Credits;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One service as one account sees it: translates requests to the wire and answers back, and decides what an answer means.
 * It keeps no task state, starts no thread and never repeats a paid call; the engine does the waiting, journalling and
 * repeating.
 *
 * <p>Everything is asynchronous: no method blocks, and failures are those of the returned stage
 * ({@link io.genvideo.model.GenvideoException} where it is known what went wrong). Implementations are thread-safe.
 */
public interface GenerationProvider {

    /**
     * Resolves the model, checks every parameter and finds the price. Free of charge, uploads nothing, may read the
     * catalogue. Fails with {@link io.genvideo.model.InvalidGenerationRequestException} naming what is allowed.
     *
     * @param request complete: its operation is not null
     */
    CompletionStage<PlannedGeneration> plan(GenerationRequest request);

    /** Looks at a task once. A transport failure is the verdict {@link PollOutcome.Trouble}, never a failed task. */
    CompletionStage<PollOutcome> poll(SubmittedTask task);

    /** Asks the service to cancel; completes when it has agreed. */
    default CompletionStage<Void> cancel(SubmittedTask task) {
        throw new UnsupportedOperationException("cancel");
    }

    /** Brings a medium to where the service can fetch it, and gives its URL; a public URL is given back as it is. */
    default CompletionStage<URI> upload(MediaInput input) {
        throw new UnsupportedOperationException("upload");
    }

    default CompletionStage<Credits> credits() {
        throw new UnsupportedOperationException("credits");
    }

    /** @param operation the models of one operation, or {@code null} for those of all */
    default CompletionStage<List<ModelInfo>> models(@Nullable Operation operation) {
        throw new UnsupportedOperationException("models");
    }

    /** Whether credentials may be sent to, and results fetched from, this address although it is not public. */
    boolean ownsOrigin(URI uri);
}
