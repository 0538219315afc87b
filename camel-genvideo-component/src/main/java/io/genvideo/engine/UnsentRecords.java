/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.TaskRecord;
import java.time.Duration;

/**
 * Removes records for which nothing was sent, so that their keys are free. While the journal fails, each exchange that fails with
 * it may leave such a record: that is reported once, and once more when the journal works again. What could not be removed is
 * found by {@link OwnershipReconciler}, or replaced by the next exchange with its key.
 */
final class UnsentRecords {
    private final EngineContext engine;
    private int failed;
    private Duration lastFailure = Duration.ZERO;

    UnsentRecords(EngineContext engine) {
        this.engine = engine;
    }

    void discard(TaskRecord unsent) {
        Duration sentAt = engine.loop.elapsed();
        engine.call(
                () -> engine.journal.call(r -> {
                    r.discard(unsent);
                    return true;
                }),
                done -> journalWorked(sentAt),
                failure -> notRemoved(unsent, failure));
    }

    private void notRemoved(TaskRecord unsent, Throwable failure) {
        lastFailure = engine.loop.elapsed();
        if (++failed == 1) {
            engine.observer.warning(
                    "the journal fails, so that records of tasks that were not sent cannot be removed: nothing was"
                            + " sent or paid for them, and what is left of them is removed when it works again: "
                            + failure);
        }
        engine.observer.detail(
                "record " + unsent.recordId() + " could not be removed, nothing was sent for it: " + failure);
    }

    /** @param sentAt when a call of the journal was sent that has succeeded */
    void journalWorked(Duration sentAt) {
        if (failed > 0 && sentAt.compareTo(lastFailure) > 0) {
            engine.observer.warning("the journal works again; records of tasks that were not sent could not be removed "
                    + failed + " times meanwhile");
            failed = 0;
        }
    }
}
