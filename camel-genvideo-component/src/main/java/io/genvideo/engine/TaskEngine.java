/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.WaitReleasedException;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.RepositoryFullException;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskHandle;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Submits, journals, awaits and completes generations. Every method may be called from any thread and returns at once;
 * stages complete on the engine's thread, so what follows must go elsewhere.
 */
public final class TaskEngine {
    private static final ExpectedTime ANY_TIME = new ExpectedTime(Duration.ZERO, Duration.ofMinutes(10));
    private static final Duration STOP_CHECK = Duration.ofMillis(50);
    private static final Duration DELIVER_AGAIN = Duration.ofSeconds(5);

    private final EngineContext engine;
    private volatile boolean closed;

    /**
     * @param blocking one thread for a repository that blocks
     * @param observer hears what happens to tasks
     */
    public TaskEngine(
            EngineLoop loop,
            TaskRepository repository,
            Executor blocking,
            EngineSettings settings,
            TaskObserver observer,
            RandomGenerator random) {
        Journal journal = new Journal(new GuardedTaskRepository(repository), blocking);
        this.engine = new EngineContext(loop, journal, settings, observer, random);
    }

    /**
     * Creates a task, or attaches to the one that the key or the exchange's earlier attempt has made.
     *
     * @return ends exactly once: with the outcome, a {@link io.genvideo.model.GenvideoException}, or a
     *     {@link WaitReleasedException} when the component stops
     */
    public CompletionStage<Outcome> submit(Submission submission) {
        TaskWait wait = new TaskWait(submission.waitFor() == Submission.WaitFor.ACCEPTANCE);
        onLoop(wait, submission.recordId(), null, () -> {
            List<String> earlier = submission.earlierRecordIds();
            if (refusedBecauseStopping(wait, submission.recordId(), null)) {
                return;
            }
            if (earlier.isEmpty()) {
                reserve(submission, wait);
            } else {
                engine.call(
                        () -> engine.journal.call(r -> earlier.stream()
                                .map(r::find)
                                .flatMap(Optional::stream)
                                .findFirst()),
                        found -> found.ifPresentOrElse(r -> meet(r, submission, wait), () -> reserve(submission, wait)),
                        failure -> wait.fail(journalFailure(submission, failure)));
            }
        });
        return wait.stage();
    }

    /** A loop that was closed after a stop drops its steps; whoever comes then must be told all the same. */
    private void onLoop(TaskWait wait, String recordId, @Nullable String taskId, Runnable step) {
        engine.loop.execute(step);
        if (closed) {
            refusedBecauseStopping(wait, recordId, taskId);
        }
    }

    private void reserve(Submission submission, TaskWait wait) {
        TaskRecord fresh = fresh(submission, 1);
        engine.call(
                () -> engine.journal.call(r -> r.reserve(fresh)),
                holder -> holds(holder, fresh, submission, wait),
                failure -> wait.fail(journalFailure(submission, failure)));
    }

    private void replace(TaskRecord finished, Submission submission, TaskWait wait, int attempt) {
        TaskRecord fresh = fresh(submission, attempt);
        engine.call(
                () -> engine.journal.call(r -> r.replace(finished, fresh)),
                holder -> holds(holder, fresh, submission, wait),
                failure -> wait.fail(journalFailure(submission, failure)));
    }

    private void holds(TaskRecord holder, TaskRecord fresh, Submission submission, TaskWait wait) {
        if (!holder.recordId().equals(fresh.recordId())) {
            meet(holder, submission, wait);
        } else if (refusedBecauseStopping(wait, holder.recordId(), null)) {
            new OpenTask(engine, submission.account(), holder, true).discard();
        } else {
            OpenTask task = new OpenTask(engine, submission.account(), holder, true);
            task.attach(wait, submission.timeout());
            task.launch(submission);
        }
    }

    /** What a submission gets whose key, or whose exchange, already has a record (DESIGN section 4.3). */
    private void meet(TaskRecord existing, Submission submission, TaskWait wait) {
        if (refusedBecauseStopping(wait, existing.recordId(), existing.taskId())) {
            return;
        }
        OpenTask open = engine.open.get(existing.recordId());
        if (!existing.fingerprint().equals(submission.fingerprint())) {
            wait.fail(GenerationError.of(
                            ErrorCategory.INVALID_REQUEST,
                            existing.provider(),
                            "the idempotency key belongs to another request: same key, but another model, prompt,"
                                    + " parameter or input")
                    .at(existing.recordId(), existing.taskId())
                    .toException());
        } else if (open != null) {
            open.attach(wait, submission.timeout());
        } else if (existing.status() == TaskStatus.RESERVED) {
            replace(existing, submission, wait, existing.attempt());
        } else if (existing.status().isWatched()) {
            resume(existing, submission, wait);
        } else if (existing.status() == TaskStatus.SUCCEEDED) {
            own(existing, () -> wait.complete(existing.toTask(), true, true));
        } else if (mayTryAgain(existing, submission)) {
            boolean unpaid = existing.taskId() == null;
            replace(existing, submission, wait, unpaid ? existing.attempt() : existing.attempt() + 1);
        } else {
            wait.fail(storedFailure(existing).toException());
        }
    }

    private static boolean mayTryAgain(TaskRecord ended, Submission submission) {
        if (ended.status() != TaskStatus.FAILED && ended.status() != TaskStatus.CANCELLED) {
            return false;
        }
        return ended.taskId() == null || ended.attempt() <= submission.retryFailed();
    }

    private static GenerationError storedFailure(TaskRecord ended) {
        GenerationError stored = ended.error();
        if (stored != null) {
            return stored;
        }
        return GenerationError.of(
                        ErrorCategory.UNCERTAIN_SUBMISSION,
                        ended.provider(),
                        "the create call of this task was under way when its process ended")
                .withPaid(Paid.UNKNOWN)
                .at(ended.recordId(), ended.taskId());
    }

    private void resume(TaskRecord existing, Submission submission, TaskWait wait) {
        if (existing.delivery() == DeliveryState.PARKED) {
            wait.fail(storedFailure(existing).toException());
            return;
        }
        OpenTask task = new OpenTask(engine, submission.account(), existing, true);
        task.lane().admission().occupy();
        task.takePlace();
        task.attach(wait, submission.timeout());
        watch(task, submission.account(), submission.pollInterval(), submission.timeout());
    }

    private void watch(OpenTask task, EngineAccount account, @Nullable Duration pollInterval, Duration timeout) {
        task.watch(
                new PollSchedule(pollInterval, account.descriptor().pollFloor()),
                engine.measurements.refine(Watch.measuredAs(task.record()), ANY_TIME),
                timeout);
    }

    private void own(TaskRecord ended, Runnable then) {
        deliver(
                ended.recordId(),
                r -> r.delivery() == DeliveryState.AVAILABLE || r.delivery() == DeliveryState.PARKED
                        ? Optional.of(
                                r.toBuilder().delivery(DeliveryState.OWNED).build())
                        : Optional.empty(),
                then);
    }

    /**
     * Changes the delivery state of a record as it is now: read and written in one go, because exchanges that share a task
     * end at the same time, and what one of them says must not be lost to what the other one does.
     */
    private void deliver(String recordId, Function<TaskRecord, Optional<TaskRecord>> change, Runnable then) {
        engine.call(
                () -> engine.journal.call(r -> {
                    r.find(recordId).flatMap(change).ifPresent(r::update);
                    return true;
                }),
                done -> then.run(),
                failure -> {
                    boolean raced = failure instanceof StaleRecordException;
                    if (!raced) {
                        engine.observer.warning("the delivery of record " + recordId
                                + " could not be written, trying again: " + failure);
                    }
                    engine.loop.schedule(raced ? Duration.ZERO : DELIVER_AGAIN, () -> deliver(recordId, change, then));
                });
    }

    /**
     * Waits for a task that the service has, ours or not.
     *
     * @param operation what it makes, if it is not ours
     */
    public CompletionStage<Outcome> await(
            EngineAccount account,
            String taskId,
            Operation operation,
            String recordId,
            Duration timeout,
            @Nullable Duration pollInterval) {
        TaskWait wait = new TaskWait(false);
        onLoop(wait, recordId, taskId, () -> {
            if (refusedBecauseStopping(wait, recordId, taskId)) {
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
        if (refusedBecauseStopping(wait, record.recordId(), record.taskId())) {
            return;
        }
        OpenTask open = engine.open.get(record.recordId());
        if (open != null) {
            open.attach(wait, timeout);
        } else if (record.status() == TaskStatus.SUCCEEDED) {
            own(record, () -> wait.complete(record.toTask(), true, true));
        } else if (record.status().isTerminal()) {
            wait.fail(storedFailure(record).toException());
        } else {
            OpenTask task = new OpenTask(engine, account, record, found.isPresent());
            task.attach(wait, timeout);
            watch(task, account, pollInterval, timeout);
        }
    }

    /** Looks at a task once, now. Fails with {@link io.genvideo.model.TaskNotFoundException} if the service does not know it. */
    public CompletionStage<GenerationTask> look(
            EngineAccount account, String taskId, Operation operation, String recordId) {
        CompletableFuture<GenerationTask> seen = new CompletableFuture<>();
        if (closed) {
            seen.completeExceptionally(stopped(recordId, taskId));
        }
        engine.loop.execute(() -> engine.call(
                () -> engine.journal.call(r -> r.findByTaskId(account.name(), taskId)),
                found -> {
                    TaskRecord record = found.orElse(foreign(account, taskId, operation, recordId));
                    if (record.status().isTerminal()) {
                        seen.complete(record.toTask());
                    } else if (engine.stopping) {
                        seen.completeExceptionally(stopped(record.recordId(), taskId));
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

    /**
     * An exchange that got a result says whether it could use it. Without effect for a record that is gone, unfinished or
     * already delivered.
     */
    public CompletionStage<Void> settle(String recordId, boolean delivered) {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        DeliveryState to = delivered ? DeliveryState.DELIVERED : DeliveryState.AVAILABLE;
        engine.loop.execute(() -> deliver(
                recordId,
                r -> Optional.of(r)
                        .filter(now -> now.status().isTerminal())
                        .filter(now -> now.delivery() == DeliveryState.OWNED
                                || delivered && now.delivery() == DeliveryState.AVAILABLE)
                        .map(now -> now.toBuilder()
                                .delivery(to)
                                .deliveries(now.deliveries() + 1)
                                .build()),
                () -> settled.complete(null)));
        return settled.minimalCompletionStage();
    }

    /**
     * Lets every exchange go back to its source, drops what was not sent and waits for the answers of create calls that
     * are under way. The tasks at the service go on.
     *
     * @return the tasks that are left at the service; ends after {@link EngineSettings#stopGrace} at the latest
     */
    public CompletionStage<List<GenerationTask>> stop() {
        CompletableFuture<List<GenerationTask>> stopped = new CompletableFuture<>();
        engine.stopping = true;
        engine.loop.execute(() -> {
            List.copyOf(engine.open.values()).forEach(OpenTask::stop);
            awaitCreates(stopped, engine.settings.stopGrace());
        });
        return stopped.minimalCompletionStage();
    }

    private void awaitCreates(CompletableFuture<List<GenerationTask>> stopped, Duration left) {
        List<TaskRecord> records =
                engine.open.values().stream().map(OpenTask::record).toList();
        List<TaskRecord> unanswered = engine.open.values().stream()
                .filter(OpenTask::isSending)
                .map(OpenTask::record)
                .toList();
        boolean written = !engine.hasUnwritten();
        if (unanswered.isEmpty() && written || left.isNegative()) {
            if (!written) {
                engine.observer.warning("stopped before everything that happened could be journalled");
            }
            closed = true;
            unanswered.forEach(r -> engine.observer.warning(
                    "stopped before the create call was answered, the task may exist [record " + r.recordId() + "]"));
            stopped.complete(records.stream()
                    .filter(r -> !r.status().isUnsent() && !r.status().isTerminal())
                    .map(TaskRecord::toTask)
                    .toList());
        } else {
            engine.loop.schedule(STOP_CHECK, () -> awaitCreates(stopped, left.minus(STOP_CHECK)));
        }
    }

    /** Whether the journal outlives the process. */
    public boolean isDurable() {
        return engine.journal.isDurable();
    }

    private boolean refusedBecauseStopping(TaskWait wait, String recordId, @Nullable String taskId) {
        if (engine.stopping) {
            wait.fail(stopped(recordId, taskId));
        }
        return engine.stopping;
    }

    private TaskRecord fresh(Submission s, int attempt) {
        return TaskRecord.reserved(
                s.recordId(),
                s.account().descriptor().name(),
                s.account().name(),
                s.request().operation() == null
                        ? Operation.GENERATE
                        : s.request().operation(),
                s.key(),
                s.fingerprint(),
                s.request().model(),
                attempt,
                s.reference(),
                engine.loop.now());
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

    private static WaitReleasedException stopped(String recordId, @Nullable String taskId) {
        return new WaitReleasedException("the component stops, nothing was sent", recordId, taskId);
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

    private static Throwable journalFailure(Submission submission, Throwable failure) {
        String why = failure instanceof RepositoryFullException || failure instanceof StaleRecordException
                ? String.valueOf(failure.getMessage())
                : failure.toString();
        return GenerationError.of(
                        ErrorCategory.SERVICE_UNAVAILABLE,
                        submission.account().descriptor().name(),
                        "the task could not be journalled, so nothing was sent: " + why)
                .withRetryable(true)
                .at(submission.recordId(), null)
                .toException(failure);
    }
}
