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
    private final EngineContext engine;
    private final LeaseManager leases;

    UncertainTaskResolver(EngineContext engine, LeaseManager leases) {
        this.engine = engine;
        this.leases = leases;
    }

    /** @see TaskEngine#resolve */
    CompletionStage<GenerationTask> resolve(
            EngineAccount account, String recordId, Resolution resolution, @Nullable String taskId) {
        CompletableFuture<GenerationTask> resolved = new CompletableFuture<>();
        if (engine.closed) {
            resolved.completeExceptionally(EngineContext.stopped(recordId, taskId));
        }
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
                    } else if (record.status() != TaskStatus.UNCERTAIN) {
                        resolved.completeExceptionally(notUncertain(record).toException());
                    } else {
                        resolve(account, record, resolution, taskId, resolved);
                    }
                },
                resolved::completeExceptionally));
        return resolved.minimalCompletionStage();
    }

    private void resolve(
            EngineAccount account,
            TaskRecord record,
            Resolution resolution,
            @Nullable String taskId,
            CompletableFuture<GenerationTask> resolved) {
        switch (resolution) {
            case ADOPT -> adopt(account, record, taskId, resolved);
            case RELEASE ->
                write(
                        record.toBuilder()
                                .status(TaskStatus.FAILED)
                                .error(GenerationError.of(
                                                ErrorCategory.GENERATION_FAILED,
                                                record.provider(),
                                                "a person settled that nothing was created; the key is free")
                                        .withRetryable(true)
                                        .at(record.recordId(), null))
                                .delivery(DeliveryState.DELIVERED)
                                .build(),
                        resolved,
                        () -> {});
            case ABANDON ->
                write(
                        record.toBuilder()
                                .status(TaskStatus.CANCELLED)
                                .error(GenerationError.of(
                                                ErrorCategory.CANCELLED,
                                                record.provider(),
                                                "given up by a person after the answer to its create call was lost; nothing"
                                                        + " is created for its key again")
                                        .withPaid(Paid.UNKNOWN)
                                        .at(record.recordId(), null))
                                .delivery(DeliveryState.DELIVERED)
                                .build(),
                        resolved,
                        () -> {});
        }
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
                    holder -> holder.ifPresentOrElse(
                            taken -> resolved.completeExceptionally(invalid(
                                            record,
                                            "task " + taskId + " belongs to record " + taken.recordId() + " already")
                                    .toException()),
                            () -> lookAndAdopt(account, record, taskId, resolved)),
                    resolved::completeExceptionally);
        }
    }

    /** The service must know the task: an id that was mistyped would leave the record watched in vain, and the right one lost. */
    private void lookAndAdopt(
            EngineAccount account, TaskRecord record, String taskId, CompletableFuture<GenerationTask> resolved) {
        SubmittedTask handle = new SubmittedTask(record.recordId(), taskId, record.operation(), record.model(), null);
        engine.call(
                () -> account.provider().poll(handle, CallOptions.DEFAULT),
                outcome -> {
                    if (outcome instanceof PollOutcome.Trouble trouble) {
                        resolved.completeExceptionally(
                                trouble.error().at(record.recordId(), taskId).toException());
                        return;
                    }
                    TaskRecord adopted = record.toBuilder()
                            .status(TaskStatus.QUEUED)
                            .taskId(taskId)
                            .error(null)
                            .owner(engine.owner.id())
                            .delivery(DeliveryState.AVAILABLE)
                            .availableAt(null)
                            .acceptedAt(engine.loop.now())
                            .finishedAt(null)
                            .build();
                    write(adopted, resolved, () -> {
                        if (!engine.open.containsKey(adopted.recordId())) {
                            leases.watched(account, adopted).watchAgain(null, LeaseManager.PERMIT_FOR, Duration.ZERO);
                        }
                    });
                },
                resolved::completeExceptionally);
    }

    private void write(TaskRecord settled, CompletableFuture<GenerationTask> resolved, Runnable then) {
        engine.call(
                () -> engine.journal.write(settled),
                done -> {
                    engine.observer.warning("record " + settled.recordId() + " is settled: "
                            + (settled.taskId() == null ? settled.failure().message() : "task " + settled.taskId()));
                    then.run();
                    resolved.complete(settled.toTask());
                },
                failure -> resolved.completeExceptionally(
                        failure instanceof StaleRecordException
                                ? invalid(settled, "the record was changed by somebody else just now")
                                        .toException(failure)
                                : failure));
    }

    private static GenerationError notUncertain(TaskRecord record) {
        return invalid(
                record,
                "the record is " + record.status() + ", only one that is UNCERTAIN can be resolved"
                        + (record.status() == TaskStatus.SUBMITTING ? "; its create call is still under way" : ""));
    }

    private static GenerationError invalid(TaskRecord record, String message) {
        return invalid(record.provider(), message).at(record.recordId(), record.taskId());
    }

    private static GenerationError invalid(String provider, String message) {
        return GenerationError.of(ErrorCategory.INVALID_REQUEST, provider, message);
    }
}
