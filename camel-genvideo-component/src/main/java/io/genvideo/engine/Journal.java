/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The repository as the engine uses it: calls that may block run one after the other on a thread of their own, so that the
 * writes of one task keep their order.
 */
final class Journal {
    /** How long a record stays with an engine that does not renew. */
    static final Duration LEASE = Duration.ofSeconds(30);

    /** When a read that failed is tried again. */
    static final Duration READ_AGAIN = Duration.ofSeconds(5);

    private final TaskRepository repository;
    private final Executor executor;

    /** @param blocking where calls of a repository that blocks run; one thread */
    Journal(TaskRepository repository, Executor blocking) {
        this.repository = repository;
        this.executor = repository.isBlocking() ? blocking : Runnable::run;
    }

    boolean isDurable() {
        return repository.isDurable();
    }

    <T> CompletionStage<T> call(Function<TaskRepository, T> work) {
        return CompletableFuture.supplyAsync(() -> work.apply(repository), executor);
    }

    /**
     * Writes a record that must be ours: what comes next is sent only if this very write took effect.
     *
     * @param lease how long nobody else may take the record for lost
     */
    CompletionStage<Boolean> announce(TaskRecord next, Duration lease) {
        return call(r -> {
            r.update(next, lease);
            return true;
        });
    }

    /**
     * Writes a record, also if an earlier try to write the same took effect without our hearing of it.
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

    /** Versions are counted up by each write, so that the same version with the same content is the same write. */
    private static boolean isSame(TaskRecord now, TaskRecord next) {
        return now.version() == next.version()
                && now.status() == next.status()
                && now.delivery() == next.delivery()
                && now.creates() == next.creates()
                && Objects.equals(now.taskId(), next.taskId());
    }
}
