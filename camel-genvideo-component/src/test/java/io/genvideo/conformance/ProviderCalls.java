/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Calls of a provider that a test waits for, and what they came to. */
public final class ProviderCalls {
    private static final long MOST_SECONDS = 30;

    private ProviderCalls() {}

    /**
     * The value of a stage.
     *
     * @throws RuntimeException with which the stage has failed; a {@link java.util.concurrent.TimeoutException} is wrapped
     */
    public static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture()
                    .orTimeout(MOST_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    /**
     * The exception with which a call fails.
     *
     * @throws AssertionError if it does not fail
     */
    public static GenvideoException failure(Supplier<? extends CompletionStage<?>> call) {
        Object result;
        try {
            result = await(call.get());
        } catch (GenvideoException e) {
            return e;
        }
        throw new AssertionError("did not fail, but returned " + result);
    }

    /** A request that is planned and staged. */
    public static ReadyGeneration ready(GenerationProvider provider, GenerationRequest request, CallOptions options) {
        return await(await(provider.plan(request, options)).stage());
    }

    /**
     * The error of an outcome.
     *
     * @throws AssertionError if it is an acceptance
     */
    public static GenerationError error(SubmitOutcome outcome) {
        if (outcome instanceof SubmitOutcome.Refused refused) {
            return refused.error();
        }
        if (outcome instanceof SubmitOutcome.Deferred deferred) {
            return deferred.error();
        }
        if (outcome instanceof SubmitOutcome.NoCapacity noCapacity) {
            return noCapacity.error();
        }
        if (outcome instanceof SubmitOutcome.Stale stale) {
            return stale.error();
        }
        if (outcome instanceof SubmitOutcome.Unknown unknown) {
            return unknown.error();
        }
        throw new AssertionError("an acceptance: " + outcome);
    }
}
