/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Paid;
import io.genvideo.model.Resolution;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.SubmittedTask;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Settles records whose create call was not answered (docs/design.md section 4.9). Nothing here creates a task. */
final class UncertainTaskResolver {
    /** The code of a record whose key a person has freed. */
    static final String RELEASED = "RELEASED";

    private final EngineContext engine;
    private final LeaseManager leases;

    UncertainTaskResolver(EngineContext engine, LeaseManager leases) {
        this.engine = engine;
        this.leases = leases;
    }

    /** @see TaskEngine#resolve */
    CompletionStage<GenerationTask> resolve(
            EngineAccount account, String recordId, Resolution resolution, @Nullable String taskId, Duration timeout) {
        CompletableFuture<GenerationTask> resolved = new CompletableFuture<>();
        if (engine.closed) {
            resolved.completeExceptionally(EngineContext.stopped(recordId, taskId));
        }
        engine.within(
                timeout,
                resolved,
                () -> late(account, recordId, taskId, timeout).toException());
        engine.loop.execute(() -> engine.call(
                () -> engine.journal.call(r -> r.find(recordId)),
                found -> {
                    String provider = account.descriptor().name();
                    TaskRecord record =
                            found.filter(r -> r.provider().equals(provider)).orElse(null);
                    if (record == null) {
                        resolved.completeExceptionally(
                                invalid(provider, "there is no record '" + recordId + "' of " + provider)
                                        .toException());
                    } else if (engine.stopping) {
                        resolved.completeExceptionally(EngineContext.stopped(recordId, taskId));
                    } else if (!isResolvable(record)) {
                        resolved.completeExceptionally(notResolvable(record).toException());
                    } else {
                        resolve(account, record, resolution, taskId, resolved);
                    }
                },
                resolved::completeExceptionally));
        return resolved.minimalCompletionStage();
    }

    /** Uncertain, or given up although the service has accepted it. */
    private static boolean isResolvable(TaskRecord record) {
        return record.status() == TaskStatus.UNCERTAIN
                || record.status().isWatched() && record.delivery() == DeliveryState.PARKED;
    }

    private static void watch(EngineContext engine, EngineAccount account, TaskRecord adopted) {
        OpenTask.sentBefore(engine, account, adopted)
                .watchAgain(LeaseManager.PERMIT_FOR, Submission.DEFAULT_MAX_STREAMS, Duration.ZERO);
    }

    private static TaskRecord.Builder adopted(EngineContext engine, TaskRecord record, String taskId) {
        return record.toBuilder()
                .status(record.status().isWatched() ? record.status() : TaskStatus.QUEUED)
                .taskId(taskId)
                .error(null)
                .owner(engine.owner.id())
                .delivery(DeliveryState.AVAILABLE)
                .availableAt(null)
                .acceptedAt(engine.clock.now())
                .finishedAt(null);
    }

    private void resolve(
            EngineAccount account,
            TaskRecord record,
            Resolution resolution,
            @Nullable String taskId,
            CompletableFuture<GenerationTask> resolved) {
        switch (resolution) {
            case ADOPT -> adopt(account, record, taskId == null ? record.taskId() : taskId, resolved);
            case RELEASE -> settle(record, TaskStatus.FAILED, released(record), resolved);
            case ABANDON -> settle(record, TaskStatus.CANCELLED, abandoned(record), resolved);
        }
    }

    private static GenerationError released(TaskRecord record) {
        return GenerationError.of(
                        ErrorCategory.GENERATION_FAILED,
                        record.provider(),
                        record.taskId() == null
                                ? "a person settled that nothing was created; the key is free"
                                : "a person settled that nothing comes of task " + record.taskId()
                                        + "; the key is free")
                .withCode(RELEASED, null)
                .withRetryable(true);
    }

    private static GenerationError abandoned(TaskRecord record) {
        String when = record.taskId() == null
                ? "after the answer to its create call was lost"
                : "after the service had not finished it";
        return GenerationError.of(
                        ErrorCategory.CANCELLED,
                        record.provider(),
                        "given up by a person " + when + "; nothing is created for its key again")
                .withPaid(Paid.UNKNOWN);
    }

    private void settle(
            TaskRecord record, TaskStatus status, GenerationError error, CompletableFuture<GenerationTask> resolved) {
        TaskRecord settled = record.toBuilder()
                .status(status)
                .error(error.at(record.recordId(), record.taskId()))
                .delivery(DeliveryState.DELIVERED)
                .finishedAt(engine.clock.now())
                .build();
        write(settled, resolved, () -> {});
    }

    private void adopt(
            EngineAccount asked,
            TaskRecord record,
            @Nullable String taskId,
            CompletableFuture<GenerationTask> resolved) {
        EngineAccount known = leases.account(record.account());
        EngineAccount account = asked.name().equals(record.account()) ? asked : known;
        if (taskId == null || taskId.isBlank()) {
            resolved.completeExceptionally(invalid(record, "'adopt' needs the id that the service gave the task")
                    .toException());
        } else if (account == null) {
            resolved.completeExceptionally(invalid(
                            record,
                            "the record belongs to account " + record.account() + ", whose credentials are missing")
                    .toException());
        } else {
            engine.call(
                    () -> engine.journal.call(r -> r.findByTaskId(record.account(), taskId)),
                    holder -> holder.filter(h -> !h.recordId().equals(record.recordId()))
                            .ifPresentOrElse(
                                    taken -> resolved.completeExceptionally(invalid(
                                                    record,
                                                    "task " + taskId + " belongs to record " + taken.recordId()
                                                            + " already")
                                            .toException()),
                                    () -> pollAndAdopt(account, record, taskId, resolved)),
                    resolved::completeExceptionally);
        }
    }

    /** The service must know the task: an id that was mistyped would leave the record watched in vain, and the right one lost. */
    private void pollAndAdopt(
            EngineAccount account, TaskRecord record, String taskId, CompletableFuture<GenerationTask> resolved) {
        SubmittedTask wanted = new SubmittedTask(
                record.recordId(), taskId, record.operation(), record.model(), record.providerState());
        engine.call(
                () -> account.provider().poll(wanted, CallOptions.DEFAULT),
                outcome -> {
                    if (outcome instanceof PollOutcome.Trouble trouble
                            && trouble.kind() != PollOutcome.Trouble.Kind.UNUSABLE_RESULT) {
                        resolved.completeExceptionally(
                                trouble.error().at(record.recordId(), taskId).toException());
                        return;
                    }
                    TaskRecord adopted = adopted(engine, record, taskId).build();
                    write(adopted, resolved, () -> {
                        if (!engine.open.contains(adopted.recordId())) {
                            watch(engine, account, adopted);
                        }
                    });
                },
                resolved::completeExceptionally);
    }

    private void write(TaskRecord settled, CompletableFuture<GenerationTask> resolved, Runnable then) {
        if (resolved.isDone()) {
            // whoever resolves it was told that it is not, and may decide otherwise now
            return;
        }
        engine.call(
                () -> engine.journal.write(settled),
                done -> {
                    engine.observer.warning("record " + settled.recordId() + " is settled: "
                            + (settled.status().isWatched()
                                    ? "task " + settled.taskId()
                                    : settled.failure().message()));
                    then.run();
                    resolved.complete(settled.toTask());
                },
                failure -> resolved.completeExceptionally(
                        failure instanceof StaleRecordException
                                ? invalid(settled, "the record was changed by somebody else just now")
                                        .toException(failure)
                                : failure));
    }

    private static GenerationError late(
            EngineAccount account, String recordId, @Nullable String taskId, Duration timeout) {
        return GenerationError.of(
                        ErrorCategory.SERVICE_UNAVAILABLE,
                        account.descriptor().name(),
                        "the record could not be settled within " + WaitErrors.text(timeout)
                                + "; if the journal was slow only to confirm it, it is settled all the same")
                .withPaid(Paid.UNKNOWN)
                .withRetryable(true)
                .at(recordId, taskId);
    }

    private static GenerationError notResolvable(TaskRecord record) {
        return invalid(
                record,
                "the record is " + record.status() + ", only one that is UNCERTAIN or parked can be resolved"
                        + (record.status() == TaskStatus.SUBMITTING ? "; its create call is still under way" : ""));
    }

    private static GenerationError invalid(TaskRecord record, String message) {
        return invalid(record.provider(), message).at(record.recordId(), record.taskId());
    }

    private static GenerationError invalid(String provider, String message) {
        return GenerationError.of(ErrorCategory.INVALID_REQUEST, provider, message);
    }
}
