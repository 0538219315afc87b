/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.WaitReleasedException;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the parts of the engine have in common. All state is the loop's. */
final class EngineContext {
    private static final Duration WRITE_AGAIN = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    final EventLoop loop;
    final Journal journal;
    final TaskOwner owner;
    final EngineSettings settings;
    final TaskObserver observer;
    final RandomGenerator random;
    private final Executor preparation;
    final OwnerLease lease;
    final LimitShares shares;
    /** The time of records. */
    final JournalClock clock;

    final DurationStatistics statistics = new DurationStatistics();
    private final CallDeadlines deadlines;
    final OpenTasks open = new OpenTasks();
    private final Map<String, AccountState> accountStates = new HashMap<>();
    private final Map<String, EngineAccount> accounts = new HashMap<>();
    /** What releases each wait that has not ended. */
    private final Map<TaskWaiter, Runnable> waits = new ConcurrentHashMap<>();

    private int unwritten;
    volatile boolean stopping;
    volatile boolean closed;

    final AbandonedTasks abandoned = new AbandonedTasks(this);
    final JournalOutage outage = new JournalOutage(this);
    final UnsentRecords unsent = new UnsentRecords(this);

    EngineContext(
            EventLoop loop,
            Journal journal,
            TaskOwner owner,
            EngineSettings settings,
            TaskObserver observer,
            RandomGenerator random,
            Executor preparation) {
        this.loop = loop;
        this.lease = new OwnerLease(loop);
        this.shares = new LimitShares(lease);
        this.clock = new JournalClock(loop);
        this.deadlines = new CallDeadlines(loop);
        this.journal = journal;
        this.owner = owner;
        this.settings = settings;
        this.observer = new SafeTaskObserver(observer);
        this.random = random;
        this.preparation = preparation;
    }

    AccountState accountState(EngineAccount account) {
        accounts.put(account.name(), account);
        return accountStates.computeIfAbsent(
                account.name(), n -> AccountState.of(account, loop, shares, random, observer));
    }

    /** {@code null} if the account is not used here. */
    @Nullable
    AccountState knownAccountState(String account) {
        return accountStates.get(account);
    }

    void eachAccountState(BiConsumer<String, AccountState> step) {
        accountStates.forEach(step);
    }

    /** Brings a wait onto the loop. A loop that was closed after a stop drops its steps; whoever comes then must be told. */
    void enter(TaskWaiter wait, String recordId, @Nullable String taskId, Runnable step) {
        waits.put(
                wait,
                () -> wait.fail(new WaitReleasedException(
                        "the component stops before the journal has answered", recordId, taskId)));
        wait.onEnd(() -> waits.remove(wait));
        loop.execute(step);
        if (closed) {
            refuses(wait, recordId, taskId);
        }
    }

    /** The engine stops: releases the exchanges that wait for the journal, which may answer after the stop or never. */
    void releaseWaits() {
        List.copyOf(waits.values()).forEach(Runnable::run);
    }

    /** Whether the engine stops; then the wait has ended with that. */
    boolean refuses(TaskWaiter wait, String recordId, @Nullable String taskId) {
        if (stopping) {
            wait.fail(stopped(recordId, taskId));
        }
        return stopping;
    }

    static WaitReleasedException stopped(String recordId, @Nullable String taskId) {
        return new WaitReleasedException("the component stops, nothing was sent", recordId, taskId);
    }

    /** Starts something asynchronous and goes on with its end on the loop, however it ends. */
    <T> void call(
            Callable<? extends CompletionStage<T>> start, Consumer<? super T> then, Consumer<Throwable> otherwise) {
        @Nullable CompletionStage<T> stage;
        try {
            stage = start.call();
        } catch (Exception | Error e) {
            // also an Error, such as a missing class: whoever asked must hear of it, or the task would stand still
            otherwise.accept(e);
            return;
        }
        if (stage == null) {
            otherwise.accept(new IllegalStateException("no stage was returned"));
            return;
        }
        stage.whenComplete((value, failure) -> loop.execute(() -> {
            if (failure != null) {
                otherwise.accept(unwrap(failure));
            } else {
                then.accept(value);
            }
        }));
    }

    /**
     * Starts a step of the provider that may read files before it is asynchronous, so not on the loop: a file system that
     * does not answer must not stall other tasks.
     */
    <T> void prepare(
            Callable<? extends CompletionStage<T>> start, Consumer<? super T> then, Consumer<Throwable> otherwise) {
        call(
                () -> CompletableFuture.supplyAsync(() -> started(start), preparation)
                        .thenCompose(stage -> stage),
                value -> {
                    try {
                        then.accept(value);
                    } catch (RuntimeException | Error e) {
                        // what a provider returned may fail when it is used, also with an Error: whoever waits must get
                        // it
                        otherwise.accept(e);
                    }
                },
                otherwise);
    }

    private static <T> CompletionStage<T> started(Callable<? extends CompletionStage<T>> start) {
        try {
            return start.call();
        } catch (Exception e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** The same as {@link #call} for a stage that may never complete: after that time it has failed. */
    <T> void callWithin(
            Duration most,
            Callable<? extends CompletionStage<T>> start,
            Consumer<? super T> then,
            Consumer<Throwable> otherwise) {
        CallDeadlines.Call call = deadlines.start(most, otherwise);
        call(
                start,
                value -> {
                    if (call.end()) {
                        then.accept(value);
                    }
                },
                failure -> {
                    if (call.end()) {
                        otherwise.accept(failure);
                    }
                });
    }

    /** Fails what has not ended within a time from now, on the loop. A journal or a service may never answer. */
    void within(Duration timeout, CompletableFuture<?> result, Supplier<? extends Throwable> late) {
        EventLoop.Timer deadline = loop.schedule(
                Durations.min(timeout, TaskWaiter.LONGEST), () -> result.completeExceptionally(late.get()));
        result.whenComplete((value, failure) -> deadline.cancel());
    }

    /** How long a call of a provider, with all its repeats of reads, may take before it counts as lost. */
    Duration patience(CallOptions options) {
        Duration own = options.requestTimeout();
        return own == null ? PATIENCE : Durations.max(PATIENCE, Durations.times(own, 4));
    }

    /** The serialization key that a task's state names. A provider that fails to read its own state has none. */
    @Nullable
    String serializationKey(EngineAccount account, String providerState) {
        try {
            return account.provider().serializationKey(providerState);
        } catch (RuntimeException e) {
            observer.warning("the state of a task of " + account.name() + " could not be read: " + e);
            return null;
        }
    }

    /**
     * Writes what happened at the service. It did happen, so a write that fails is tried again until it succeeds; only a
     * record that somebody else has written since is left as they wrote it, unless they only took its call for lost.
     *
     * @param then gets the record as it is in the journal then; empty if it is somebody else's
     */
    void record(TaskRecord fact, Consumer<Optional<TaskRecord>> then) {
        unwritten++;
        write(fact, ours -> {
            unwritten--;
            Optional<TaskRecord> same = ours.filter(r -> r.recordId().equals(fact.recordId()));
            EngineAccount account = accounts.get(fact.account());
            if (same.isEmpty() && account != null) {
                ours.filter(r -> r.status().isWatched())
                        .ifPresent(separate -> new LateTask(this, account).movedFrom(fact.recordId(), separate));
            }
            then.accept(same);
        });
    }

    /**
     * Writes the answer to a create call that was given up before. Tried again until it succeeds.
     *
     * @param then gets the record that has the task then, perhaps another one; empty if somebody else knows the task
     */
    void recordLate(TaskRecord fact, Consumer<Optional<TaskRecord>> then) {
        unwritten++;
        rescue(fact, "its create call had been given up", ours -> {
            unwritten--;
            then.accept(ours);
        });
    }

    /** Whether something that happened is not in the journal yet. */
    boolean hasUnwritten() {
        return unwritten > 0;
    }

    private void write(TaskRecord fact, Consumer<Optional<TaskRecord>> then) {
        call(() -> journal.write(fact), done -> then.accept(Optional.of(fact)), failure -> {
            if (failure instanceof StaleRecordException) {
                rescue(fact, "was written by another engine: " + failure.getMessage(), then);
            } else {
                outage.failed(
                        "record " + fact.recordId() + " (task " + fact.taskId() + ", " + fact.status()
                                + ") could not be written, trying again",
                        failure);
                loop.schedule(WRITE_AGAIN, () -> write(fact, then));
            }
        });
    }

    /** Another engine has written the record, or removed it. @param reason how the record has changed */
    private void rescue(TaskRecord fact, String reason, Consumer<Optional<TaskRecord>> then) {
        call(
                () -> journal.call(r -> LateAnswer.write(r, fact)),
                result -> {
                    observer.warning(
                            "record " + fact.recordId() + " (task " + fact.taskId() + "): " + reason + result.note());
                    then.accept(result.ours());
                },
                failure -> {
                    if (failure instanceof StaleRecordException) {
                        rescue(fact, reason, then);
                    } else {
                        outage.failed(
                                "record " + fact.recordId() + " (task " + fact.taskId()
                                        + ") could not be read, trying again",
                                failure);
                        loop.schedule(WRITE_AGAIN, () -> rescue(fact, reason, then));
                    }
                });
    }

    static Throwable unwrap(Throwable failure) {
        @Nullable Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
