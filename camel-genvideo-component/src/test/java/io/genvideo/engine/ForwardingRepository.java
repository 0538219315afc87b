/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.SentTasks;
import io.genvideo.spi.SharedState;
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

/** A repository over another one: a test overrides what it wants to be different. */
public class ForwardingRepository implements TaskRepository {
    private final TaskRepository real;

    public ForwardingRepository(TaskRepository real) {
        this.real = real;
    }

    /** The repository behind this one. */
    protected final TaskRepository real() {
        return real;
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
    public void open(TaskOwner owner) {
        real.open(owner);
    }

    @Override
    public TaskRecord reserve(TaskRecord fresh, Duration lease) {
        return real.reserve(fresh, lease);
    }

    @Override
    public TaskRecord replace(TaskRecord finished, TaskRecord fresh, Duration lease) {
        return real.replace(finished, fresh, lease);
    }

    @Override
    public void update(TaskRecord next, Duration lease) {
        real.update(next, lease);
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
    public List<TaskRecord> findAll(Collection<String> recordIds) {
        return real.findAll(recordIds);
    }

    @Override
    public Optional<TaskRecord> findByTaskId(String account, String taskId) {
        return real.findByTaskId(account, taskId);
    }

    @Override
    public List<TaskRecord> findSent(String account) {
        return real.findSent(account);
    }

    @Override
    public Set<String> findOwned(TaskOwner owner) {
        return real.findOwned(owner);
    }

    @Override
    public void renew(TaskOwner owner, Duration lease) {
        real.renew(owner, lease);
    }

    @Override
    public void release(TaskOwner owner) {
        real.release(owner);
    }

    @Override
    public Optional<TaskRecord> claim(String recordId, TaskOwner owner, Duration lease) {
        return real.claim(recordId, owner, lease);
    }

    @Override
    public List<TaskRecord> claimLapsed(TaskOwner owner, Set<String> accounts, Duration lease, int most) {
        return real.claimLapsed(owner, accounts, lease, most);
    }

    @Override
    public List<TaskRecord> claimFinished(FinishedTasks wanted, TaskOwner owner, Duration lease, int most) {
        return real.claimFinished(wanted, owner, lease, most);
    }

    @Override
    public List<TaskCount> tally() {
        return real.tally();
    }

    @Override
    public int purge(Instant results, Instant keys, int most) {
        return real.purge(results, keys, most);
    }

    @Override
    public boolean isShared() {
        return real.isShared();
    }

    @Override
    public SharedState sharedState() {
        return real.sharedState();
    }

    @Override
    public boolean shareState(long version, String text) {
        return real.shareState(version, text);
    }

    @Override
    public List<SentTasks> countSent() {
        return real.countSent();
    }

    @Override
    public void leaveHint(String provider, String taskId) {
        real.leaveHint(provider, taskId);
    }

    @Override
    public Set<String> takeHints(TaskOwner owner) {
        return real.takeHints(owner);
    }
}
