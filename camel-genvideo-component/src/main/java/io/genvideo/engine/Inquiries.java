/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.TaskHandle;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Questions about tasks that the service has, ours or not. They create nothing. */
final class Inquiries {
    private final EngineContext engine;
    private final Deliveries deliveries;

    Inquiries(EngineContext engine, Deliveries deliveries) {
        this.engine = engine;
        this.deliveries = deliveries;
    }

    /** @see TaskEngine#await */
    CompletionStage<Outcome> await(
            EngineAccount account,
            String taskId,
            Operation operation,
            String recordId,
            Duration timeout,
            @Nullable Duration pollInterval) {
        TaskWait wait = new TaskWait(false);
        engine.enter(wait, recordId, taskId, () -> {
            if (engine.refuses(wait, recordId, taskId)) {
                return;
            }
            engine.call(
                    () -> engine.journal.call(r -> r.findByTaskId(account.name(), taskId)),
                    found -> awaitFound(
                            account, found, foreign(account, taskId, operation, recordId), wait, timeout, pollInterval),
                    failure -> wait.fail(unreadable(account, recordId, taskId, failure)));
        });
        return wait.stage();
    }

    private void awaitFound(
            EngineAccount account,
            Optional<TaskRecord> found,
            TaskRecord foreign,
            TaskWait wait,
            Duration timeout,
            @Nullable Duration pollInterval) {
        TaskRecord record = found.orElse(foreign);
        if (engine.refuses(wait, record.recordId(), record.taskId())) {
            return;
        }
        OpenTask open = engine.open.get(record.recordId());
        if (open != null) {
            open.attach(wait, timeout);
        } else if (record.status() == TaskStatus.SUCCEEDED) {
            deliveries.own(record, () -> wait.complete(record.toTask(), true, true));
        } else if (record.status().isTerminal()) {
            wait.fail(record.failure().toException());
        } else {
            OpenTask task = new OpenTask(engine, account, record, found.isPresent());
            task.attach(wait, timeout);
            task.watchAgain(pollInterval, timeout);
        }
    }

    /** @see TaskEngine#look */
    CompletionStage<GenerationTask> look(EngineAccount account, String taskId, Operation operation, String recordId) {
        CompletableFuture<GenerationTask> seen = new CompletableFuture<>();
        if (engine.closed) {
            seen.completeExceptionally(EngineContext.stopped(recordId, taskId));
        }
        engine.loop.execute(() -> engine.call(
                () -> engine.journal.call(r -> r.findByTaskId(account.name(), taskId)),
                found -> {
                    TaskRecord record = found.orElse(foreign(account, taskId, operation, recordId));
                    if (record.status().isTerminal()) {
                        seen.complete(record.toTask());
                    } else if (engine.stopping) {
                        seen.completeExceptionally(EngineContext.stopped(record.recordId(), taskId));
                    } else {
                        TaskHandle handle = record.handle();
                        engine.call(
                                () -> account.provider().poll(handle),
                                outcome -> seen(record, outcome, seen),
                                seen::completeExceptionally);
                    }
                },
                failure -> seen.completeExceptionally(unreadable(account, recordId, taskId, failure))));
        return seen.minimalCompletionStage();
    }

    private void seen(TaskRecord record, PollOutcome outcome, CompletableFuture<GenerationTask> seen) {
        TaskRecord.Builder b = record.toBuilder();
        if (outcome instanceof PollOutcome.Trouble trouble) {
            seen.completeExceptionally(
                    trouble.error().at(record.recordId(), record.taskId()).toException());
            return;
        }
        if (outcome instanceof PollOutcome.Pending pending) {
            b.status(pending.status() == TaskStatus.RUNNING ? TaskStatus.RUNNING : record.status());
        } else if (outcome instanceof PollOutcome.Succeeded done) {
            b.status(TaskStatus.SUCCEEDED).media(done.media()).raw(done.raw());
            if (done.credits() != null) {
                b.credits(done.credits());
            }
        } else if (outcome instanceof PollOutcome.Failed failed) {
            b.status(TaskStatus.FAILED)
                    .error(failed.error().at(record.recordId(), record.taskId()))
                    .raw(failed.raw());
        } else if (outcome instanceof PollOutcome.Cancelled cancelled) {
            b.status(TaskStatus.CANCELLED)
                    .error(cancelled.error().at(record.recordId(), record.taskId()))
                    .raw(cancelled.raw());
        }
        seen.complete(b.build().toTask());
    }

    private TaskRecord foreign(EngineAccount account, String taskId, Operation operation, String recordId) {
        return TaskRecord.reserved(
                        recordId,
                        account.descriptor().name(),
                        account.name(),
                        operation,
                        null,
                        "",
                        null,
                        1,
                        null,
                        engine.loop.now())
                .toBuilder()
                .status(TaskStatus.QUEUED)
                .taskId(taskId)
                .acceptedAt(engine.loop.now())
                .build();
    }

    private static Throwable unreadable(EngineAccount account, String recordId, String taskId, Throwable failure) {
        return GenerationError.of(
                        ErrorCategory.SERVICE_UNAVAILABLE,
                        account.descriptor().name(),
                        "the journal could not be read: " + failure)
                .withRetryable(true)
                .at(recordId, taskId)
                .toException(failure);
    }
}
