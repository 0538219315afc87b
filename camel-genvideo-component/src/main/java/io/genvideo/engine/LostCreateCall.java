/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.SubmitOutcome.Accepted;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;

/** A create call of a process that has ended. What becomes of it, it is not sent again from here. */
final class LostCreateCall implements CreateCallRecovery.Result {
    private static final Duration FIRST_POLL = Duration.ofSeconds(1);

    private final EngineContext engine;
    private final OpenTask task;

    LostCreateCall(EngineContext engine, OpenTask task) {
        this.engine = engine;
        this.task = task;
    }

    void recover() {
        new CreateCallRecovery(engine, task, this).start(task.record().failure());
    }

    @Override
    public void found(Accepted accepted) {
        engine.observer.warning("the create call of record " + task.record().recordId()
                + ", whose process has ended, has created task " + accepted.taskId());
        task.accepted(accepted);
        task.watchAgain(LeaseManager.PERMIT_FOR, Submission.DEFAULT_MAX_STREAMS, FIRST_POLL);
    }

    /** Whoever waits may send the request again, as a new attempt; if nobody does, the record is forgotten. */
    @Override
    public void notCreated(GenerationError error) {
        if (task.hasWaits()) {
            refuse(error);
        } else {
            task.releasePermit();
            task.happened(b -> b.status(TaskStatus.RESERVED), () -> {
                if (task.hasWaits()) {
                    refuse(error);
                } else if (!task.isOver()) {
                    task.ending().discard();
                }
            });
        }
    }

    private void refuse(GenerationError error) {
        task.ending()
                .finish(TaskStatus.FAILED, task.error(error.withPaid(Paid.NO).withRetryable(true)), b -> {});
    }

    @Override
    public void unclear(GenerationError cause) {
        TaskRecord record = task.record();
        GenerationError error = record.failure();
        engine.observer.warning(error.message() + "; it may exist and may have been paid; it is not sent again ("
                + cause.message() + ") [record " + record.recordId() + "]");
        task.ending().finish(TaskStatus.UNCERTAIN, error, b -> {});
    }
}
