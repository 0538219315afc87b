/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmittedTask;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stands for an account whose credentials are missing: its results can be downloaded from their public addresses, but its
 * tasks cannot be polled.
 *
 * @param why there are no credentials, and what to do about it
 */
record MissingCredentialsProvider(String provider, String why) implements GenerationProvider {

    @Override
    public CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
        return CompletableFuture.failedFuture(error().toException());
    }

    @Override
    public CompletionStage<PollOutcome> poll(SubmittedTask task, CallOptions options) {
        return CompletableFuture.completedFuture(
                new PollOutcome.Trouble(PollOutcome.Trouble.Kind.UNAUTHORISED, error(), null));
    }

    @Override
    public boolean ownsOrigin(URI uri) {
        return false;
    }

    private GenerationError error() {
        return GenerationError.of(
                ErrorCategory.AUTHENTICATION, provider, "a task of this account cannot be read at the service: " + why);
    }
}
