/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What a provider needs to poll a task.
 *
 * @param recordId our id of it, for messages; {@code null} for a task that is not ours
 * @param taskId the service's id of it
 * @param providerState what the provider has journalled
 */
public record SubmittedTask(
        @Nullable String recordId,
        String taskId,
        Operation operation,
        @Nullable String model,
        @Nullable String providerState) {}
