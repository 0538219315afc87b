/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.GenerationError;
import io.genvideo.model.TaskStatus;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the answer to a create call means. Only {@link Unknown} leaves open whether something was paid. */
public sealed interface SubmitOutcome {

    /**
     * The service has the task.
     *
     * @param status {@link TaskStatus#QUEUED} or {@link TaskStatus#RUNNING}
     * @param providerState what the provider wants back with each poll, journalled as it is
     * @param raw the answer
     */
    record Accepted(
            String taskId,
            TaskStatus status,
            @Nullable String providerState,
            @Nullable Map<String, Object> raw) implements SubmitOutcome {}

    /** The service refused, nothing was created, and the same request would be refused again. */
    record Refused(GenerationError error) implements SubmitOutcome {}

    /**
     * The service refused for now, and nothing was created.
     *
     * @param retryAfter the wait that it requires, if any
     */
    record Deferred(GenerationError error, @Nullable Duration retryAfter) implements SubmitOutcome {}

    /**
     * The account has as many tasks at the service as it may have; nothing was created. The engine waits until one of the
     * account's tasks ends, at most for a time.
     *
     * @param retryAfter how long to wait at most; {@code null} for the engine's default
     */
    record NoCapacity(GenerationError error, @Nullable Duration retryAfter) implements SubmitOutcome {}

    /** Nothing was created because the catalogue behind the request is out of date. */
    record Stale(GenerationError error) implements SubmitOutcome {}

    /** The request was sent and there is no answer that can be trusted. */
    record Unknown(GenerationError error) implements SubmitOutcome {}
}
