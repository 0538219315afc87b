/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.DeliveryState;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import io.genvideo.spi.TaskWrite;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The repository as the engine uses it: calls that may block run one after the other on a thread of their own, so that the
 * writes of one task keep their order. Renewals have another thread, so that they never wait behind them.
 */
final class Journal {
    /** How long an engine that does not renew keeps its records. */
    static final Duration LEASE = Duration.ofSeconds(30);

    /** When a read that failed is tried again. */
    static final Duration READ_AGAIN = Duration.ofSeconds(5);

    /** How many outcomes are remembered until their exchanges have ended; others are read again. */
    private static final int REMEMBERED = 1_000;

    private final TaskRepository repository;
    private final Executor renewals;
    private final JournalQueue queue;
    /** Outcomes of ours as they were written last, so that their delivery can be written without a read. */
    private final Map<String, TaskRecord> outcomes = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TaskRecord> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param blocking where calls of a repository that blocks run */
    Journal(TaskRepository repository, JournalExecutors blocking) {
        this.repository = repository;
        JournalExecutors executors = repository.isBlocking() ? blocking : JournalExecutors.single(Runnable::run);
        queue = new JournalQueue(repository, executors.calls());
        renewals = executors.renewals();
    }

    boolean isDurable() {
        return repository.isDurable();
    }

    <T> CompletionStage<T> call(Function<TaskRepository, T> work) {
        return queue.call(work);
    }

    /** Whether other processes may use it too. */
    boolean isShared() {
        return repository.isShared();
    }

    /** For what the nodes share: beside the renewals, because it keeps a node alive too, and never waits for other work. */
    <T> CompletionStage<T> shared(Function<TaskRepository, T> work) {
        return CompletableFuture.supplyAsync(() -> work.apply(repository), renewals);
    }

    /** Prolongs all leases of an owner. */
    CompletionStage<Void> renew(TaskOwner owner) {
        return CompletableFuture.runAsync(() -> repository.renew(owner, LEASE), renewals);
    }

    /** Stores a new record, unless its key is taken; see {@link TaskRepository#reserve}. */
    CompletionStage<TaskRecord> reserve(TaskRecord fresh) {
        return queue.write(TaskWrite.reserve(fresh, LEASE));
    }

    /**
     * Writes a record that must be ours: the create call is sent only if this very write took effect.
     *
     * @param lease how long no other engine may claim the record
     */
    CompletionStage<Boolean> announce(TaskRecord next, Duration lease) {
        return queue.write(TaskWrite.update(next, lease)).thenApply(done -> true);
    }

    /**
     * Writes a record, also if an earlier attempt to write the same took effect and its answer was lost.
     *
     * @return whether the record is as wanted now; else the stage fails
     */
    CompletionStage<Boolean> write(TaskRecord next) {
        return queue.write(TaskWrite.update(next, LEASE))
                .exceptionallyCompose(failure -> isStale(failure) ? reread(next, failure) : failed(failure))
                .thenApply(written -> {
                    remember(written);
                    return true;
                });
    }

    /** Claims outcomes for a consumer; see {@link TaskRepository#claimFinished}. Their deliveries are written without a read. */
    CompletionStage<List<TaskRecord>> claimFinished(FinishedTasks wanted, TaskOwner owner, int most) {
        return call(r -> r.claimFinished(wanted, owner, LEASE, most)).thenApply(claimed -> {
            claimed.forEach(this::remember);
            return claimed;
        });
    }

    private CompletionStage<TaskRecord> reread(TaskRecord next, Throwable stale) {
        return call(r -> r.find(next.recordId()))
                .thenCompose(now -> now.filter(found -> isSame(found, next)).isPresent()
                        ? CompletableFuture.completedStage(next)
                        : failed(stale));
    }

    /**
     * Changes a record as it is now. It is written without a read if it is remembered; else, or if somebody has written it
     * since, it is read before.
     *
     * @param change gets the record, and returns it as it is to be; empty to leave it as it is
     * @return fails with {@link StaleRecordException} if somebody has written the record between the read and the write
     */
    CompletionStage<Boolean> change(String recordId, Function<TaskRecord, Optional<TaskRecord>> change) {
        TaskRecord known = forget(recordId);
        if (known == null) {
            return readAndChange(recordId, change);
        }
        return changed(Optional.of(known), change)
                .exceptionallyCompose(failure ->
                        isStale(failure) ? readAndChange(recordId, change) : CompletableFuture.failedStage(failure));
    }

    private CompletionStage<Boolean> readAndChange(String recordId, Function<TaskRecord, Optional<TaskRecord>> change) {
        return call(r -> r.find(recordId)).thenCompose(now -> changed(now, change));
    }

    private CompletionStage<Boolean> changed(
            Optional<TaskRecord> now, Function<TaskRecord, Optional<TaskRecord>> change) {
        return now.flatMap(change)
                .map(next -> queue.write(TaskWrite.update(next, LEASE)).thenApply(done -> true))
                .orElseGet(() -> CompletableFuture.completedStage(true));
    }

    private void remember(TaskRecord written) {
        if (written.status().isTerminal() && written.delivery() == DeliveryState.OWNED) {
            synchronized (outcomes) {
                outcomes.put(written.recordId(), written);
            }
        }
    }

    private @Nullable TaskRecord forget(String recordId) {
        synchronized (outcomes) {
            return outcomes.remove(recordId);
        }
    }

    private static boolean isStale(Throwable failure) {
        return EngineContext.unwrap(failure) instanceof StaleRecordException;
    }

    private static <T> CompletionStage<T> failed(Throwable failure) {
        return CompletableFuture.failedStage(EngineContext.unwrap(failure));
    }

    /**
     * Each write increments the version, so that the same version with the same content is the same write. A claim of another
     * engine leaves all but the owner as it was.
     */
    static boolean isSame(TaskRecord now, TaskRecord next) {
        return now.version() == next.version()
                && now.status() == next.status()
                && now.delivery() == next.delivery()
                && now.creates() == next.creates()
                && now.deliveries() == next.deliveries()
                && Objects.equals(now.owner(), next.owner())
                && Objects.equals(now.providerState(), next.providerState())
                && Objects.equals(now.taskId(), next.taskId());
    }
}
