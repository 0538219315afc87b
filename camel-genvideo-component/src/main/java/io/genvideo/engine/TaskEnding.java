/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskRecord;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link OpenTask} ends: finished, parked, dropped before it was sent. The end is in the journal before an exchange
 * gets it, and an exchange that comes or goes meanwhile changes who owns it (docs/design.md section 4.10).
 */
final class TaskEnding {
    private final EngineContext engine;
    private final OpenTask task;
    private final TaskWaiters waiters;
    private final RecordWriter writer;

    TaskEnding(EngineContext engine, OpenTask task, TaskWaiters waiters, RecordWriter writer) {
        this.engine = engine;
        this.task = task;
        this.waiters = waiters;
        this.writer = writer;
    }

    /** The task has ended well, or not; whoever waits gets it, or the {@code tasks} consumer will. */
    void finish(TaskStatus status, @Nullable GenerationError error, Consumer<TaskRecord.Builder> change) {
        // what the service returned may be malformed: then nothing has happened here
        TaskRecord.Builder trial = writer.record().toBuilder();
        change.accept(trial);
        trial.build();
        task.end();
        boolean isCreated = writer.record().taskId() != null;
        boolean unpaid = !isCreated && status != TaskStatus.UNCERTAIN;
        if (isCreated) {
            task.accountState().limiter().taskEnded();
        }
        writer.happened(
                b -> {
                    change.accept(b);
                    b.status(status).error(error).finishedAt(engine.clock.now());
                    boolean isOffered = writer.record().delivery() == DeliveryState.AVAILABLE && waiters.isEmpty();
                    if (unpaid) {
                        b.delivery(DeliveryState.DELIVERED);
                    } else if (status == TaskStatus.UNCERTAIN || isOffered) {
                        b.delivery(DeliveryState.AVAILABLE);
                    } else {
                        assign(b);
                    }
                },
                () -> {
                    engine.observer.finished(writer.record().toTask());
                    handOver(error);
                });
    }

    /** Whoever waits has the outcome; if nobody does, it is offered to whoever comes. */
    private void assign(TaskRecord.Builder end) {
        TaskRecord record = writer.record();
        if (waiters.isEmpty()) {
            end.delivery(DeliveryState.AVAILABLE).availableAt(ResultDelivery.offeredAt(record, engine.clock.now()));
        } else {
            end.delivery(DeliveryState.OWNED).owner(engine.owner.id()).deliveries(record.deliveries() + 1);
        }
    }

    /**
     * Gives the end to whoever waits now. While it was being written the last exchange may have gone, or the first one
     * come: then the journal has to say so first, or nobody would ever offer the result to anybody.
     */
    private void handOver(@Nullable GenerationError error) {
        TaskRecord record = writer.record();
        boolean owned = record.delivery() == DeliveryState.OWNED;
        boolean available =
                record.delivery() == DeliveryState.AVAILABLE && record.status().isTerminal();
        if (owned && waiters.isEmpty() || available && !waiters.isEmpty()) {
            writer.happened(this::assign, () -> handOver(error));
            return;
        }
        GenerationTask ended = record.toTask();
        task.close(w -> {
            if (error == null) {
                w.complete(ended, false, writer.isJournalled());
            } else {
                w.fail(error.toException());
            }
        });
    }

    /**
     * The create call could not be announced in the journal, so nothing was sent. Whoever waits is informed at once; the
     * journal, which may be out of order for long, when it is able to.
     */
    void failUnannounced(GenerationError error, Throwable cause) {
        task.end();
        boolean isOthers = cause instanceof StaleRecordException;
        GenerationError unpaid = task.error(isOthers ? error.withPaid(Paid.UNKNOWN) : error);
        waiters.takeAll().forEach(w -> w.fail(unpaid.toException()));
        if (isOthers) {
            // somebody else has the record, and perhaps sends: what they write must not be overwritten
            finish(TaskStatus.FAILED, unpaid, b -> {});
            return;
        }
        engine.call(
                () -> engine.journal.call(r -> r.find(writer.record().recordId())),
                found -> {
                    // the announcement may be there all the same: then its answer was lost, and the next write follows
                    // it
                    found.filter(now -> now.status() == TaskStatus.SUBMITTING).ifPresent(writer::adopt);
                    finish(TaskStatus.FAILED, unpaid, b -> {});
                },
                failure -> {
                    engine.outage.failed(
                            "record " + writer.record().recordId()
                                    + " could not be read, trying again; nothing was sent for it",
                            failure);
                    engine.loop.schedule(Journal.READ_AGAIN, () -> failUnannounced(error, cause));
                });
    }

    /**
     * A person cancels the task before it was sent.
     *
     * @return whether it was not sent, and will not be
     */
    boolean cancelUnsent() {
        if (task.isOver() || task.isSending() || !writer.record().status().isUnsent()) {
            return false;
        }
        finish(
                TaskStatus.CANCELLED,
                task.error(GenerationError.of(
                        ErrorCategory.CANCELLED,
                        writer.record().provider(),
                        "cancelled before it was sent, nothing was paid")),
                b -> {});
        return true;
    }

    /** Frees the key: nothing was sent, and nobody waits any more. */
    void discard() {
        task.end();
        releaseWaiters();
        // what happened before has to be in the journal, or its write would bring the record back
        writer.whenWritten(() -> {
            TaskRecord unsent = writer.record();
            engine.unsent.discard(unsent);
            task.close(w -> w.fail(
                    engine.stopping
                            ? WaitErrors.stopped(unsent)
                            : dropped(unsent).toException()));
        });
    }

    /** For an exchange that came while the record was being dropped. */
    private GenerationError dropped(TaskRecord unsent) {
        return task.error(GenerationError.of(
                        ErrorCategory.SERVICE_UNAVAILABLE,
                        unsent.provider(),
                        "an unsent task with the same key was being dropped; nothing was sent, send the message again")
                .withRetryable(true));
    }

    /** The task is polled no more although it has not ended; a person has to resolve it. */
    void park(GenerationError error) {
        task.end();
        engine.observer.warning("task " + writer.record().taskId() + " is not polled any more: " + error.message()
                + " [record " + writer.record().recordId() + "]");
        writer.happened(
                b -> b.delivery(DeliveryState.PARKED).error(error), () -> task.close(w -> w.fail(error.toException())));
    }

    /** The component stops: the exchanges go back to their sources, the service keeps the task. */
    void stop() {
        if (task.isSending()) {
            if (waiters.areCancelledOnStop()) {
                task.cancelOnceAccepted();
            }
            releaseWaiters();
        } else if (writer.record().status().isUnsent()) {
            discard();
        } else if (waiters.areCancelledOnStop() && AbandonedTasks.canBeCancelled(task)) {
            engine.abandoned.cancel(
                    task,
                    answer -> engine.observer.warning(
                            "stopped: " + answer + " [record " + writer.record().recordId() + "]"));
            task.end();
            releaseWaiters();
        } else {
            task.end();
            releaseWaiters();
        }
    }

    private void releaseWaiters() {
        waiters.takeAll().forEach(w -> w.fail(WaitErrors.stopped(writer.record())));
    }
}
