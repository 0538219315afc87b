/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The repository as the engine uses it: calls that may block run one after the other on a thread of their own, so that the
 * writes of one task keep their order. Renewals have another thread, so that they never wait behind them.
 */
final class Journal {
    /** How long an engine that does not renew keeps its records. */
    static final Duration LEASE = Duration.ofSeconds(30);

    /** When a read that failed is tried again. */
    static final Duration READ_AGAIN = Duration.ofSeconds(5);

    private final TaskRepository repository;
    private final JournalExecutors executors;

    /** @param blocking where calls of a repository that blocks run */
    Journal(TaskRepository repository, JournalExecutors blocking) {
        this.repository = repository;
        this.executors = repository.isBlocking() ? blocking : JournalExecutors.single(Runnable::run);
    }

    boolean isDurable() {
        return repository.isDurable();
    }

    <T> CompletionStage<T> call(Function<TaskRepository, T> work) {
        return CompletableFuture.supplyAsync(() -> work.apply(repository), executors.calls());
    }

    /** Prolongs all leases of an owner. */
    CompletionStage<Void> renew(TaskOwner owner) {
        return CompletableFuture.runAsync(() -> repository.renew(owner, LEASE), executors.renewals());
    }

    /**
     * Writes a record that must be ours: the create call is sent only if this very write took effect.
     *
     * @param lease how long no other engine may claim the record
     */
    CompletionStage<Boolean> announce(TaskRecord next, Duration lease) {
        return call(r -> {
            r.update(next, lease);
            return true;
        });
    }

    /**
     * Writes a record, also if an earlier attempt to write the same took effect and its answer was lost.
     *
     * @return whether the record is as wanted now; else the stage fails
     */
    CompletionStage<Boolean> write(TaskRecord next) {
        return call(r -> {
            try {
                r.update(next, LEASE);
            } catch (StaleRecordException e) {
                if (!r.find(next.recordId()).filter(now -> isSame(now, next)).isPresent()) {
                    throw e;
                }
            }
            return true;
        });
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
