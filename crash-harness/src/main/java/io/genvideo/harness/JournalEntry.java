/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * One record of the journal.
 *
 * @param reference the name of the picture's file
 */
record JournalEntry(
        String recordId,
        TaskStatus status,
        DeliveryState delivery,
        @Nullable String taskId,
        @Nullable String reference) {

    boolean isUncertain() {
        return status == TaskStatus.UNCERTAIN;
    }

    /** The service accepted it, and its outcome was not delivered yet. */
    boolean isOpen() {
        return !isUncertain() && delivery != DeliveryState.DELIVERED;
    }
}
