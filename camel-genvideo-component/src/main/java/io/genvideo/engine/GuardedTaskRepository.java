/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskKey;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Holds any repository, also one that a user wrote, to the table of allowed changes. */
final class GuardedTaskRepository implements TaskRepository {
    private final TaskRepository guarded;

    GuardedTaskRepository(TaskRepository guarded) {
        this.guarded = guarded;
    }

    @Override
    public boolean isBlocking() {
        return guarded.isBlocking();
    }

    @Override
    public boolean isDurable() {
        return guarded.isDurable();
    }

    @Override
    public TaskRecord reserve(TaskRecord fresh) {
        return guarded.reserve(reserved(fresh));
    }

    @Override
    public TaskRecord replace(TaskRecord finished, TaskRecord fresh) {
        if (!finished.status().isTerminal() && finished.status() != TaskStatus.RESERVED) {
            throw new ForbiddenChangeException(
                    "the key of record " + finished.recordId() + " is in use, it is " + finished.status());
        }
        return guarded.replace(finished, reserved(fresh));
    }

    @Override
    public void update(TaskRecord next) {
        guarded.find(next.recordId()).ifPresent(now -> {
            if (!now.status().mayBecome(next.status())) {
                throw new ForbiddenChangeException(
                        "record " + next.recordId() + " can't go from " + now.status() + " to " + next.status());
            }
        });
        guarded.update(next);
    }

    @Override
    public void discard(TaskRecord unsent) {
        if (unsent.status() != TaskStatus.RESERVED) {
            throw new ForbiddenChangeException(
                    "record " + unsent.recordId() + " can't be discarded, it is " + unsent.status());
        }
        guarded.discard(unsent);
    }

    @Override
    public Optional<TaskRecord> find(String recordId) {
        return guarded.find(recordId);
    }

    @Override
    public Optional<TaskRecord> findByTaskId(String account, String taskId) {
        return guarded.findByTaskId(account, taskId);
    }

    @Override
    public Optional<TaskRecord> findByKey(TaskKey key) {
        return guarded.findByKey(key);
    }

    @Override
    public List<TaskRecord> findByStatus(Set<TaskStatus> statuses) {
        return guarded.findByStatus(statuses);
    }

    private static TaskRecord reserved(TaskRecord fresh) {
        if (fresh.status() != TaskStatus.RESERVED) {
            throw new ForbiddenChangeException("a new record is RESERVED, not " + fresh.status());
        }
        return fresh;
    }
}
