/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.GenerationError;
import io.genvideo.model.TaskStatus;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a provider learned about a create call whose answer is not known. */
public sealed interface RecoveryOutcome {

    /**
     * The call has created this task, and no other call can have created it.
     *
     * @param status {@link TaskStatus#QUEUED} or {@link TaskStatus#RUNNING}
     * @param providerState what the provider wants back with each poll
     */
    record Found(
            String taskId,
            TaskStatus status,
            @Nullable String providerState,
            @Nullable Map<String, Object> raw) implements RecoveryOutcome {}

    /** The service is certain that the call has created nothing and will create nothing. */
    record NotCreated(GenerationError error) implements RecoveryOutcome {}

    /**
     * Not known yet.
     *
     * @param after when to try again; {@code null} for the engine's back-off
     */
    record Later(GenerationError error, @Nullable Duration after) implements RecoveryOutcome {}

    /** The service does not know: the record becomes UNCERTAIN. */
    record Unclear(GenerationError error) implements RecoveryOutcome {}
}
