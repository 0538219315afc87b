/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.Operation;
import io.genvideo.model.Resolution;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.WaitReleasedException;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Submits, journals, awaits and completes generations. Every method may be called from any thread and returns at once;
 * stages complete on the engine's thread, so what follows must run on another one.
 */
public final class TaskEngine {
    private static final Duration STOP_CHECK = Duration.ofMillis(50);

    private final EngineContext engine;
    private final ResultDelivery deliveries;
    private final SubmissionHandler submissions;
    private final TaskLookup lookup;
    private final UncertainTaskResolver resolver;
    private final TaskCanceller canceller;
    private final LeaseManager leases;
    private final RemoteTaskWaiters remoteWaiters;
    private final OwnershipReconciler reconciler;
    private final RemoteHints remoteHints;

    /**
     * @param owner this engine, in the journal
     * @param blocking where calls of a repository that blocks run
     * @param observer hears what happens to tasks
     * @param preparation where providers plan and upload, because they may read files before they are asynchronous
     */
    public TaskEngine(
            EventLoop loop,
            TaskRepository repository,
            TaskOwner owner,
            JournalExecutors blocking,
            EngineSettings settings,
            TaskObserver observer,
            RandomGenerator random,
            Executor preparation) {
        Journal journal = new Journal(repository, blocking);
        this.engine = new EngineContext(loop, journal, owner, settings, observer, random, preparation);
        this.deliveries = new ResultDelivery(engine);
        this.leases = new LeaseManager(engine, deliveries);
        this.remoteWaiters = new RemoteTaskWaiters(engine);
        this.submissions = new SubmissionHandler(engine, deliveries, leases, remoteWaiters);
        this.lookup = new TaskLookup(engine, deliveries, leases, remoteWaiters);
        this.reconciler = new OwnershipReconciler(engine, leases, deliveries, lookup);
        this.canceller = new TaskCanceller(engine, lookup);
        this.remoteHints = new RemoteHints(engine);
        this.resolver = new UncertainTaskResolver(engine, leases);
    }

    /**
     * Creates a task, or attaches to the one that the key or the exchange's earlier attempt has made.
     *
     * @return ends exactly once: with the outcome, a {@link io.genvideo.model.GenvideoException}, or a
     *     {@link WaitReleasedException} when the component stops
     */
    public CompletionStage<Outcome> submit(Submission submission) {
        return deliveries.hold(submissions.submit(submission), submission.recordId());
    }

    /**
     * Waits for a task that the service has, ours or not.
     *
     * @param operation what it makes, if it is not ours
     * @param progress as in {@link Submission}
     */
    public CompletionStage<Outcome> await(
            EngineAccount account,
            String taskId,
            Operation operation,
            String recordId,
            Duration timeout,
            @Nullable Duration pollInterval,
            @Nullable Consumer<TaskProgress> progress) {
        return deliveries.hold(
                lookup.await(account, taskId, operation, recordId, timeout, pollInterval, progress), recordId);
    }

    /**
     * Polls a task once, now. Fails with {@link io.genvideo.model.TaskNotFoundException} if the service does not know it.
     *
     * @param timeout within which the journal and the service have to answer
     */
    public CompletionStage<GenerationTask> read(
            EngineAccount account, String taskId, Operation operation, String recordId, Duration timeout) {
        return lookup.read(account, taskId, operation, recordId, timeout);
    }

    /**
     * Cancels a task. One that was not sent is cancelled without the service; of another one the service is asked to, and
     * then the task is polled until it has ended, for ten seconds at most. Exchanges that wait for a task that ends so get a
     * {@link io.genvideo.model.GenerationCancelledException}.
     *
     * @param id the service's id of the task, or the record id
     * @param timeout within which the journal and the service have to answer
     * @return whether the request was taken, and the task as it is then; fails if the service gave no usable answer
     */
    public CompletionStage<CancelResult> cancel(
            EngineAccount account, String id, CallOptions options, Duration timeout) {
        return canceller.cancel(account, id, options, timeout);
    }

    /**
     * The service has announced, in a webhook, that something happened to a task: it is polled now. If another engine polls it,
     * that one gets the announcement through the journal, if they share one. The announcement is only a hint; the status is
     * read from the service.
     *
     * @return completes once the task is not watched here any more: at once if it never was, or when its end is journalled
     */
    public CompletionStage<Void> hint(String provider, String taskId) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        engine.loop.execute(() -> engine.open.withTaskId(taskId).stream()
                .filter(t -> provider.equals(t.record().provider()))
                .findFirst()
                .ifPresentOrElse(t -> t.pollNow(() -> ended.complete(null)), () -> {
                    remoteHints.leave(provider, taskId);
                    ended.complete(null);
                }));
        return ended.minimalCompletionStage();
    }

    /**
     * An exchange that received an outcome reports whether it could use it. Without effect unless this engine has handed the
     * outcome to the holder and waits for the report: the time-out of a wait, for example, is not an outcome. Exchanges that
     * have received the same outcome report for themselves: it is delivered when one of them has used it, and offered again
     * when none of them has.
     *
     * @param recordId of the task whose outcome was received
     * @param holder the record id that the exchange gave to {@link #submit} or {@link #await}, which may be another one
     */
    public CompletionStage<Void> settle(String recordId, String holder, boolean delivered) {
        return deliveries.settle(recordId, holder, delivered);
    }

    /**
     * Begins to manage the journal: renews leases, takes up the tasks of engines that are gone, and purges what has been kept
     * long enough. The repository is open by now.
     */
    public void start() {
        engine.loop.execute(() -> {
            leases.start(reconciler::compareNow);
            reconciler.start();
        });
    }

    /**
     * An account's requests may start, or their limit has changed: if the journal is shared, this process gets its part. To be
     * called for each account before its first request.
     */
    public void shareRequests(EngineAccount account) {
        engine.loop.execute(() -> engine.shares.limitRequests(account));
    }

    /** The credentials of an account are at hand: its tasks that wait for them are watched again. */
    public void use(EngineAccount account) {
        engine.loop.execute(() -> leases.use(account));
    }

    /**
     * Takes outcomes for which no exchange waits, to deliver them; each has to be ended with
     * {@link #acknowledge}, {@link #giveBack}, {@link #postpone} or {@link #putBack}. Ends without any when the engine stops,
     * also if the journal does not answer; what it takes after that is offered again.
     *
     * @param account {@code provider/account name}, or {@code null} for all of the provider
     * @param most how many at most
     * @param maxDeliveries outcomes that were delivered as often without success are parked instead
     */
    public CompletionStage<List<GenerationTask>> take(
            String provider, @Nullable String account, Set<TaskStatus> statuses, int most, int maxDeliveries) {
        return deliveries.take(provider, account, statuses, most, maxDeliveries);
    }

    /** What was {@linkplain #take taken} was used. */
    public CompletionStage<Void> acknowledge(String recordId) {
        return deliveries.acknowledge(recordId);
    }

    /** What was {@linkplain #take taken} could not be used: it is offered again after a while, or parked. */
    public CompletionStage<Void> giveBack(String recordId, int maxDeliveries) {
        return deliveries.giveBack(recordId, maxDeliveries);
    }

    /**
     * The result of what was {@linkplain #take taken} can't be fetched at the moment: it is offered again after a while, and
     * that does not count, however long the moment is.
     */
    public CompletionStage<Void> postpone(String recordId) {
        return deliveries.postpone(recordId);
    }

    /** What was {@linkplain #take taken} was not looked at: it is offered again at once, and does not count. */
    public CompletionStage<Void> putBack(String recordId) {
        return deliveries.putBack(recordId);
    }

    /**
     * Settles a record whose create call was not answered.
     *
     * @param taskId the service's id of the task; for {@link Resolution#ADOPT} only
     * @param timeout within which the journal and the service have to answer; after it nothing is written that was not on its way
     * @return the task as it is then; fails with {@link io.genvideo.model.InvalidGenerationRequestException} if there is no
     *     such record or it is not uncertain, and with {@link io.genvideo.model.TaskNotFoundException} if the service does not
     *     know the task to be adopted
     */
    public CompletionStage<GenerationTask> resolve(
            EngineAccount account, String recordId, Resolution resolution, @Nullable String taskId, Duration timeout) {
        return resolver.resolve(account, recordId, resolution, taskId, timeout);
    }

    /** How many records there are, by account, status and delivery. */
    public CompletionStage<List<TaskCount>> tally() {
        return engine.journal.call(TaskRepository::tally);
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
            List.copyOf(engine.open.all()).forEach(t -> t.ending().stop());
            remoteWaiters.stop();
            engine.releaseWaits();
            deliveries.stop();
            awaitCreates(stopped, engine.settings.stopGrace());
        });
        return stopped.minimalCompletionStage();
    }

    private void awaitCreates(CompletableFuture<List<GenerationTask>> stopped, Duration left) {
        List<TaskRecord> records =
                engine.open.all().stream().map(OpenTask::record).toList();
        List<TaskRecord> unanswered = engine.open.all().stream()
                .filter(OpenTask::isSending)
                .map(OpenTask::record)
                .toList();
        boolean written = !engine.hasUnwritten();
        if (unanswered.isEmpty() && written && !engine.abandoned.areUnderWay() || left.isNegative()) {
            if (!written) {
                engine.observer.warning("stopped before everything that happened could be journalled");
            }
            engine.closed = true;
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

    /**
     * Leaves the journal to others: what is open can be taken up at once by the next engine. To be called after
     * {@link #stop}, when no exchange is under way any more; what they have said before is written first.
     */
    public CompletionStage<Void> release() {
        CompletableFuture<Void> released = new CompletableFuture<>();
        engine.loop.execute(() -> engine.call(
                () -> engine.journal.call(r -> {
                    r.release(engine.owner);
                    return true;
                }),
                done -> released.complete(null),
                released::completeExceptionally));
        return released.minimalCompletionStage();
    }

    /** What the tasks of an account share. */
    AccountState accountState(EngineAccount account) {
        return engine.accountState(account);
    }

    /** Whether {@link #stop} was called. */
    public boolean isStopping() {
        return engine.stopping;
    }

    /** Whether the journal outlives the process. */
    public boolean isDurable() {
        return engine.journal.isDurable();
    }
}
