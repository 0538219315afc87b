/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.TaskRecord;

/**
 * Removes records for which nothing was sent, so that their keys are free. What could not be removed is found by
 * {@link OwnershipReconciler}, or replaced by the next exchange with its key.
 */
final class UnsentRecords {
    private final EngineContext engine;

    UnsentRecords(EngineContext engine) {
        this.engine = engine;
    }

    void discard(TaskRecord unsent) {
        engine.call(
                () -> engine.journal.call(r -> {
                    r.discard(unsent);
                    return true;
                }),
                done -> {},
                failure -> engine.outage.failed(
                        "record " + unsent.recordId() + " could not be removed, nothing was sent for it", failure));
    }
}
