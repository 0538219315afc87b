/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmittedTask;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Questions about tasks that the service has, ours or not. They create nothing. */
final class TaskLookup {
    private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

    private final EngineContext engine;
    private final ResultDelivery deliveries;
    private final LeaseManager leases;
    private final RemoteTaskWaiters remoteWaiters;

    TaskLookup(EngineContext engine, ResultDelivery deliveries, LeaseManager leases, RemoteTaskWaiters remoteWaiters) {
        this.engine = engine;
        this.deliveries = deliveries;
        this.leases = leases;
        this.remoteWaiters = remoteWaiters;
    }

    /** @see TaskEngine#await */
    CompletionStage<Outcome> await(
            EngineAccount account,
            String taskId,
            Operation operation,
            String recordId,
            Duration timeout,
            @Nullable Duration pollInterval) {
        TaskWaiter wait = new TaskWaiter(false);
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
            TaskWaiter wait,
            Duration timeout,
            @Nullable Duration pollInterval) {
        TaskRecord record = found.orElse(foreign);
        if (engine.refuses(wait, record.recordId(), record.taskId())) {
            return;
        }
        OpenTask open = engine.open.get(record.recordId());
        if (open != null) {
            open.attach(wait, timeout);
        } else if (record.status() == TaskStatus.SUCCEEDED && !record.media().isEmpty()) {
            deliveries.own(record, wait);
        } else if (record.status().isTerminal() && record.status() != TaskStatus.SUCCEEDED) {
            wait.fail(record.failure().toException());
        } else if (found.isPresent() && record.wantsOwner()) {
            claim(account, record, wait, timeout, pollInterval);
        } else {
            // also a record of ours that is parked, or whose result is not kept any more: the service may still know it
            ask(new OpenTask(engine, account, foreign, false), wait, timeout, pollInterval);
        }
    }

    private static void ask(OpenTask task, TaskWaiter wait, Duration timeout, @Nullable Duration pollInterval) {
        task.attach(wait, timeout);
        task.watchAgain(pollInterval, timeout, FIRST_LOOK);
    }

    /** A task of ours that is open, and not here: its engine may be gone, or live remoteWaiters. */
    private void claim(
            EngineAccount account,
            TaskRecord record,
            TaskWaiter wait,
            Duration timeout,
            @Nullable Duration pollInterval) {
        engine.call(
                () -> engine.journal.call(r -> r.claim(record.recordId(), engine.owner, Journal.LEASE)),
                claimed -> {
                    OpenTask open = engine.open.get(record.recordId());
                    if (engine.refuses(wait, record.recordId(), record.taskId())) {
                        return;
                    }
                    if (open != null) {
                        open.attach(wait, timeout);
                    } else if (claimed.filter(r -> r.status().isWatched()).isPresent()) {
                        ask(leases.watched(account, claimed.get()), wait, timeout, pollInterval);
                    } else {
                        remoteWaiters.visit(
                                record, wait, timeout, () -> awaitAgain(account, record, wait, timeout, pollInterval));
                    }
                },
                failure -> wait.fail(unreadable(account, record.recordId(), String.valueOf(record.taskId()), failure)));
    }

    private void awaitAgain(
            EngineAccount account,
            TaskRecord record,
            TaskWaiter wait,
            Duration timeout,
            @Nullable Duration pollInterval) {
        engine.call(
                () -> engine.journal.call(r -> r.find(record.recordId())),
                found -> awaitFound(account, found, record, wait, timeout, pollInterval),
                failure -> wait.fail(unreadable(account, record.recordId(), String.valueOf(record.taskId()), failure)));
    }

    /** @see TaskEngine#read */
    CompletionStage<GenerationTask> read(EngineAccount account, String taskId, Operation operation, String recordId) {
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
                        SubmittedTask handle = record.submitted();
                        engine.call(
                                () -> account.provider().poll(handle, CallOptions.DEFAULT),
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
        return TaskRecord.reservation(recordId)
                .provider(account.descriptor().name())
                .account(account.name())
                .operation(operation)
                .createdAt(engine.loop.now())
                .build()
                .toBuilder()
                .status(TaskStatus.SUBMITTING)
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
