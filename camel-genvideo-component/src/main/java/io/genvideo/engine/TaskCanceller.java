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
import io.genvideo.spi.CancelOutcome;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cancels tasks: one that was not sent without the service, another one at the service. Whether that has ended the task is
 * read from the service, because a cancel can lose the race against the result.
 */
final class TaskCanceller {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    private final EngineContext engine;
    private final TaskLookup lookup;

    TaskCanceller(EngineContext engine, TaskLookup lookup) {
        this.engine = engine;
        this.lookup = lookup;
    }

    /** One request to cancel, and who waits for its result. */
    private record Cancellation(EngineAccount account, CallOptions options, CompletableFuture<CancelResult> result) {
        void requested(TaskRecord task) {
            result.complete(new CancelResult(null, task.toTask()));
        }

        void refused(TaskRecord task, GenerationError why) {
            result.complete(new CancelResult(why.at(task.recordId(), task.taskId()), task.toTask()));
        }

        void failed(Throwable failure) {
            result.completeExceptionally(failure);
        }
    }

    /** @see TaskEngine#cancel */
    CompletionStage<CancelResult> cancel(EngineAccount account, String id, CallOptions options, Duration timeout) {
        Cancellation wanted = new Cancellation(account, options, new CompletableFuture<>());
        if (engine.closed) {
            wanted.failed(EngineContext.stopped(id, null));
        }
        engine.within(
                Durations.min(timeout, engine.patience(options)),
                wanted.result(),
                () -> error(account, ErrorCategory.TIMEOUT, "the task could not be cancelled in time")
                        .withPaid(Paid.UNKNOWN)
                        .withRetryable(true)
                        .toException());
        engine.loop.execute(() -> {
            OpenTask open = find(account, id);
            if (engine.stopping) {
                wanted.failed(EngineContext.stopped(id, null));
            } else if (open != null) {
                cancelOpen(open, wanted);
            } else {
                cancelJournalled(id, wanted);
            }
        });
        return wanted.result().minimalCompletionStage();
    }

    private @Nullable OpenTask find(EngineAccount account, String id) {
        return Stream.concat(Stream.ofNullable(engine.open.get(id)), engine.open.withTaskId(id).stream())
                .filter(t -> t.record().account().equals(account.name()))
                .filter(t -> !t.isOver())
                .findFirst()
                .orElse(null);
    }

    private void cancelOpen(OpenTask task, Cancellation wanted) {
        if (task.ending().cancelUnsent()) {
            wanted.requested(task.record());
        } else if (task.record().taskId() == null) {
            wanted.refused(task.record(), createUnderWay(task.record()));
        } else {
            send(task.record(), wanted, () -> awaitEnd(task, wanted));
        }
    }

    private static GenerationError createUnderWay(TaskRecord record) {
        return GenerationError.of(
                        ErrorCategory.CANCELLED,
                        record.provider(),
                        "the create call is under way, so there is no task yet that the service could cancel; cancel it"
                                + " again once it is accepted")
                .withPaid(Paid.UNKNOWN)
                .withRetryable(true);
    }

    /** The poller that watches the task brings its end to whoever waits for it, and to us. */
    private void awaitEnd(OpenTask task, Cancellation wanted) {
        if (task.isOver()) {
            wanted.requested(task.record());
            return;
        }
        EventLoop.Timer bound = engine.loop.schedule(ENDS_WITHIN, () -> wanted.requested(task.record()));
        wanted.result().whenComplete((result, failure) -> bound.cancel());
        task.pollNow(() -> wanted.requested(task.record()));
        task.pollCloselyFor(ENDS_WITHIN);
    }

    private void cancelJournalled(String id, Cancellation wanted) {
        EngineAccount account = wanted.account();
        engine.call(
                () -> engine.journal.call(r -> r.findByTaskId(account.name(), id)
                        .or(() -> r.find(id).filter(found -> found.account().equals(account.name())))),
                found -> cancelFound(id, found, wanted),
                wanted::failed);
    }

    private void cancelFound(String id, Optional<TaskRecord> found, Cancellation wanted) {
        TaskRecord record = found.orElseGet(() -> lookup.foreign(wanted.account(), id, Operation.GENERATE, id));
        if (record.status().isTerminal()) {
            wanted.refused(
                    record,
                    error(wanted.account(), ErrorCategory.CANCELLED, "the task has ended before: " + record.status())
                            .withPaid(WaitErrors.paid(record)));
        } else if (record.status() == TaskStatus.UNCERTAIN) {
            wanted.refused(
                    record,
                    error(
                                    wanted.account(),
                                    ErrorCategory.UNCERTAIN_SUBMISSION,
                                    "the answer to its create call was lost; it is settled with operation resolve")
                            .withPaid(Paid.UNKNOWN));
        } else if (record.taskId() == null) {
            wanted.refused(record, createUnderWay(record));
        } else {
            send(
                    record,
                    wanted,
                    () -> pollUntilEnd(record, wanted, engine.loop.elapsed().plus(ENDS_WITHIN)));
        }
    }

    private void send(TaskRecord record, Cancellation wanted, Runnable requested) {
        engine.call(
                () -> wanted.account().provider().cancel(record.submitted(), wanted.options()),
                outcome -> {
                    if (outcome instanceof CancelOutcome.Refused refused) {
                        wanted.refused(record, refused.error());
                    } else if (outcome instanceof CancelOutcome.Requested) {
                        requested.run();
                    } else {
                        wanted.failed(error(
                                        wanted.account(),
                                        ErrorCategory.SERVICE_UNAVAILABLE,
                                        "the provider gave no outcome of the cancel")
                                .toException());
                    }
                },
                wanted::failed);
    }

    /** A task that is not watched here: its end is read, and journalled by whoever watches it. */
    private void pollUntilEnd(TaskRecord record, Cancellation wanted, Duration until) {
        lookup.poll(wanted.account(), record)
                .whenComplete((task, failure) -> engine.loop.execute(() -> {
                    if (wanted.result().isDone()) {
                        return;
                    }
                    GenerationTask seen = failure == null ? task : record.toTask();
                    Duration pause = wanted.account().descriptor().pollFloor();
                    boolean late = engine.loop.elapsed().plus(pause).compareTo(until) > 0;
                    if (seen.status().isTerminal() || late) {
                        wanted.result().complete(new CancelResult(null, seen));
                    } else {
                        engine.loop.schedule(pause, () -> pollUntilEnd(record, wanted, until));
                    }
                }));
    }

    private static GenerationError error(EngineAccount account, ErrorCategory category, String message) {
        return GenerationError.of(category, account.descriptor().name(), message);
    }
}
