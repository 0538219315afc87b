/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.TaskStatus;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
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
    public void open(TaskOwner owner) {
        guarded.open(owner);
    }

    @Override
    public TaskRecord reserve(TaskRecord fresh, Duration lease) {
        return guarded.reserve(reserved(fresh), lease);
    }

    @Override
    public TaskRecord replace(TaskRecord finished, TaskRecord fresh, Duration lease) {
        if (!finished.status().isTerminal() && finished.status() != TaskStatus.RESERVED) {
            throw new ForbiddenChangeException(
                    "the key of record " + finished.recordId() + " is in use, it is " + finished.status());
        }
        return guarded.replace(finished, reserved(fresh), lease);
    }

    @Override
    public void update(TaskRecord next, Duration lease) {
        guarded.find(next.recordId()).ifPresent(now -> {
            if (!now.status().mayBecome(next.status())) {
                throw new ForbiddenChangeException(
                        "record " + next.recordId() + " can't go from " + now.status() + " to " + next.status());
            }
        });
        guarded.update(next, lease);
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
    public List<TaskRecord> findAll(Collection<String> recordIds) {
        return guarded.findAll(recordIds);
    }

    @Override
    public Optional<TaskRecord> findByTaskId(String account, String taskId) {
        return guarded.findByTaskId(account, taskId);
    }

    @Override
    public List<TaskRecord> findByStatus(Set<TaskStatus> statuses, int most) {
        return guarded.findByStatus(statuses, most);
    }

    @Override
    public void renew(TaskOwner owner, Duration lease) {
        guarded.renew(owner, lease);
    }

    @Override
    public void release(TaskOwner owner) {
        guarded.release(owner);
    }

    @Override
    public Optional<TaskRecord> claim(String recordId, TaskOwner owner, Duration lease) {
        return guarded.claim(recordId, owner, lease);
    }

    @Override
    public List<TaskRecord> claimLapsed(TaskOwner owner, Set<String> accounts, Duration lease, int most) {
        return guarded.claimLapsed(owner, accounts, lease, most);
    }

    @Override
    public List<TaskRecord> claimFinished(FinishedTasks wanted, TaskOwner owner, Duration lease, int most) {
        return guarded.claimFinished(wanted, owner, lease, most);
    }

    @Override
    public List<TaskCount> tally() {
        return guarded.tally();
    }

    @Override
    public int purge(Instant results, Instant keys, int most) {
        return guarded.purge(results, keys, most);
    }

    private static TaskRecord reserved(TaskRecord fresh) {
        if (fresh.status() != TaskStatus.RESERVED) {
            throw new ForbiddenChangeException("a new record is RESERVED, not " + fresh.status());
        }
        return fresh;
    }
}
