/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.TaskStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The journal. Every method is atomic and has taken effect when it returns: a crash right after must find what was
 * written. Thread-safe. The engine calls it from its own thread, or from a thread of its own for a repository that
 * {@linkplain #isBlocking blocks}.
 *
 * <p>Records that are open, uncertain or not delivered are never dropped; a repository that is full refuses
 * {@link #reserve}.
 */
public interface TaskRepository extends AutoCloseable {

    /** Whether calls may wait for a disk or a network, so that they must not run on the engine's thread. */
    boolean isBlocking();

    /** Whether records outlive this process. */
    boolean isDurable();

    /**
     * Stores a new record, unless its key is taken.
     *
     * @param fresh in {@link TaskStatus#RESERVED}
     * @return {@code fresh} if it was stored, else the record that has the key
     * @throws RepositoryFullException if there is no room and nothing may be dropped
     */
    TaskRecord reserve(TaskRecord fresh);

    /**
     * Gives the key of a finished record to a new one, and stores that.
     *
     * @return {@code fresh} if {@code finished} still had the key at that version, else the record that has it now
     */
    TaskRecord replace(TaskRecord finished, TaskRecord fresh);

    /**
     * Writes a record that was read at {@code next.version() - 1}.
     *
     * @throws StaleRecordException if somebody else has written it since
     * @throws IllegalStateException if the change of status is not allowed
     */
    void update(TaskRecord next);

    /** Frees the key of a record for which nothing was sent, and forgets the record. Does nothing if it is gone or was sent. */
    void discard(TaskRecord unsent);

    Optional<TaskRecord> find(String recordId);

    /** @param account {@code provider/account name} */
    Optional<TaskRecord> findByTaskId(String account, String taskId);

    Optional<TaskRecord> findByKey(TaskKey key);

    /** All records in one of the given states; meant for few: open ones at start, uncertain ones for people. */
    List<TaskRecord> findByStatus(Set<TaskStatus> statuses);

    @Override
    default void close() {}
}
