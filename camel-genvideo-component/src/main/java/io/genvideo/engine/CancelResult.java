/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import org.jspecify.annotations.Nullable;

/**
 * What became of the wish to cancel a task.
 *
 * @param refusal why the task was not cancelled; {@code null} if the service has taken the request, or nothing was sent yet
 * @param task as it is now. A task may succeed although the service has taken the request to cancel it, and one that is
 *     still running may end as cancelled later
 */
public record CancelResult(@Nullable GenerationError refusal, GenerationTask task) {

    /** Whether the request to cancel was taken. */
    public boolean isRequested() {
        return refusal == null;
    }
}
