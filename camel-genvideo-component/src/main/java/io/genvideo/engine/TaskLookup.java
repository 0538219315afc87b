/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads tasks that the service has, ours or not. Creates nothing, and performs no step of a task. */
final class TaskLookup {
    private static final Duration FIRST_POLL = Duration.ofSeconds(1);

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
            @Nullable Duration pollInterval,
            @Nullable Consumer<TaskProgress> progress) {
        TaskWaiter wait = new TaskWaiter(
                engine.loop,
                false,
                timeout,
                pollInterval,
                progress,
                w -> w.fail(WaitErrors.timedOut(foreign(account, taskId, operation, recordId), Paid.YES, timeout)
                        .toException()));
        engine.enter(wait, recordId, taskId, () -> {
            wait.start(engine.loop);
            if (engine.refuses(wait, recordId, taskId)) {
                return;
            }
            engine.call(
                    () -> engine.journal.call(r -> r.findByTaskId(account.name(), taskId)),
                    found -> awaitFound(account, found, foreign(account, taskId, operation, recordId), wait),
                    failure -> wait.fail(unreadable(account, recordId, taskId, failure)));
        });
        return wait.stage();
    }

    /** An exchange has waited here for a task that another engine has now. */
    void await(EngineAccount account, TaskRecord taken, TaskWaiter wait) {
        awaitFound(account, Optional.of(taken), taken, wait);
    }

    private void awaitFound(EngineAccount account, Optional<TaskRecord> found, TaskRecord foreign, TaskWaiter wait) {
        TaskRecord record = found.orElse(foreign);
        if (engine.refuses(wait, record.recordId(), record.taskId()) || wait.isOver()) {
            return;
        }
        OpenTask open = engine.open.get(record.recordId());
        if (open != null) {
            open.attach(wait);
        } else if (record.status() == TaskStatus.SUCCEEDED && !record.media().isEmpty()) {
            deliveries.own(record, wait);
        } else if (record.status().isTerminal() && record.status() != TaskStatus.SUCCEEDED) {
            wait.fail(record.failure().toException());
        } else if (found.isPresent() && record.wantsOwner()) {
            claim(account, record, wait);
        } else {
            // also a record of ours that is parked, or whose result is not kept any more: the service may still know it
            watch(new OpenTask(engine, account, foreign, false), wait);
        }
    }

    private static void watch(OpenTask task, TaskWaiter wait) {
        task.attach(wait);
        task.watchAgain(wait.timeout(), Submission.DEFAULT_MAX_STREAMS, FIRST_POLL);
    }

    /** A task of ours that is open, and not here: its engine may be gone, or live elsewhere. */
    private void claim(EngineAccount account, TaskRecord record, TaskWaiter wait) {
        engine.call(
                () -> engine.journal.call(r -> r.claim(record.recordId(), engine.owner, Journal.LEASE)),
                claimed -> {
                    OpenTask open = engine.open.get(record.recordId());
                    if (engine.refuses(wait, record.recordId(), record.taskId())) {
                        return;
                    }
                    if (open != null) {
                        open.attach(wait);
                    } else if (claimed.filter(r -> r.status().isWatched()).isPresent()) {
                        watch(leases.watched(account, claimed.get()), wait);
                    } else {
                        remoteWaiters.add(record, wait, () -> awaitAgain(account, record, wait));
                    }
                },
                failure -> wait.fail(unreadable(account, record.recordId(), String.valueOf(record.taskId()), failure)));
    }

    private void awaitAgain(EngineAccount account, TaskRecord record, TaskWaiter wait) {
        engine.call(
                () -> engine.journal.call(r -> r.find(record.recordId())),
                found -> awaitFound(account, found, record, wait),
                failure -> wait.fail(unreadable(account, record.recordId(), String.valueOf(record.taskId()), failure)));
    }

    /** @see TaskEngine#read */
    CompletionStage<GenerationTask> read(
            EngineAccount account, String taskId, Operation operation, String recordId, Duration timeout) {
        CompletableFuture<GenerationTask> read = new CompletableFuture<>();
        if (engine.closed) {
            read.completeExceptionally(EngineContext.stopped(recordId, taskId));
        }
        engine.within(
                Durations.min(timeout, engine.patience(CallOptions.DEFAULT)),
                read,
                () -> unreadable(account, recordId, taskId, new TimeoutException("no answer in time")));
        engine.loop.execute(() -> {
            engine.call(
                    () -> engine.journal.call(r -> r.findByTaskId(account.name(), taskId)),
                    found -> {
                        TaskRecord record = found.orElse(foreign(account, taskId, operation, recordId));
                        if (record.status().isTerminal()) {
                            read.complete(record.toTask());
                        } else if (engine.stopping) {
                            read.completeExceptionally(EngineContext.stopped(record.recordId(), taskId));
                        } else {
                            poll(account, record, read);
                        }
                    },
                    failure -> read.completeExceptionally(unreadable(account, recordId, taskId, failure)));
        });
        return read.minimalCompletionStage();
    }

    /** Polls once. Nothing is journalled and no step performed: that is done by whoever watches the task. */
    CompletionStage<GenerationTask> poll(EngineAccount account, TaskRecord record) {
        CompletableFuture<GenerationTask> polled = new CompletableFuture<>();
        poll(account, record, polled);
        return polled;
    }

    private void poll(EngineAccount account, TaskRecord record, CompletableFuture<GenerationTask> polled) {
        engine.callWithin(
                engine.patience(CallOptions.DEFAULT),
                () -> account.provider().poll(record.submitted(), CallOptions.DEFAULT),
                outcome -> {
                    if (outcome instanceof PollOutcome.Trouble trouble) {
                        polled.completeExceptionally(trouble.error()
                                .at(record.recordId(), record.taskId())
                                .toException());
                    } else {
                        polled.complete(asPolled(record, outcome));
                    }
                },
                polled::completeExceptionally);
    }

    /** The task as it would be journalled; an outcome that only the owner may act upon leaves it as it is. */
    private static GenerationTask asPolled(TaskRecord record, PollOutcome outcome) {
        TaskRecord.Builder b = record.toBuilder();
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
        return b.build().toTask();
    }

    /** A task that is not in the journal. */
    TaskRecord foreign(EngineAccount account, String taskId, Operation operation, String recordId) {
        return TaskRecord.reservation(recordId)
                .provider(account.descriptor().name())
                .account(account.name())
                .operation(operation)
                .createdAt(engine.clock.now())
                .build()
                .toBuilder()
                .status(TaskStatus.SUBMITTING)
                .status(TaskStatus.QUEUED)
                .taskId(taskId)
                .acceptedAt(engine.clock.now())
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
