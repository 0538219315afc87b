/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.Operation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A create call whose answer is not known: it was lost, or the process that sent the call ended.
 *
 * @param recordId our id of the task
 * @param model as the service names it
 * @param providerState what {@link ReadyGeneration#prepare} returned before the call; {@code null} for nothing
 * @param submittingAt when the call was about to leave
 */
public record LostSubmission(
        String recordId,
        Operation operation,
        @Nullable String model,
        @Nullable String providerState,
        Instant submittingAt) {}
