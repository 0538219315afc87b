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

/** A repository over another one: a test overrides what it wants to be different. */
public class ForwardingRepository implements TaskRepository {
    private final TaskRepository real;

    public ForwardingRepository(TaskRepository real) {
        this.real = real;
    }

    @Override
    public boolean isBlocking() {
        return real.isBlocking();
    }

    @Override
    public boolean isDurable() {
        return real.isDurable();
    }

    @Override
    public TaskRecord reserve(TaskRecord fresh) {
        return real.reserve(fresh);
    }

    @Override
    public TaskRecord replace(TaskRecord finished, TaskRecord fresh) {
        return real.replace(finished, fresh);
    }

    @Override
    public void update(TaskRecord next) {
        real.update(next);
    }

    @Override
    public void discard(TaskRecord unsent) {
        real.discard(unsent);
    }

    @Override
    public Optional<TaskRecord> find(String recordId) {
        return real.find(recordId);
    }

    @Override
    public Optional<TaskRecord> findByTaskId(String account, String taskId) {
        return real.findByTaskId(account, taskId);
    }

    @Override
    public Optional<TaskRecord> findByKey(TaskKey key) {
        return real.findByKey(key);
    }

    @Override
    public List<TaskRecord> findByStatus(Set<TaskStatus> statuses) {
        return real.findByStatus(statuses);
    }
}
