/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.util.Optional;

/**
 * Writes the answer to a create call whose record another engine has written or removed since: this engine was away for
 * longer than its lease, and the other one took the call for lost. Only this engine knows the answer, so it is written
 * unless the record has ended or has a task (docs/design.md section 4.11).
 */
final class LateAnswer {
    private LateAnswer() {}

    /**
     * @param ours the record as it is in the journal now; empty if it belongs to another engine
     * @param note what a log line adds about the answer; may be empty
     */
    record Result(Optional<TaskRecord> ours, String note) {}

    /** @param fact the record as this engine has it */
    static Result write(TaskRepository repository, TaskRecord fact) {
        TaskRecord now = repository.find(fact.recordId()).orElse(null);
        if (now == null) {
            return fact.taskId() == null ? theirs("") : written(restore(repository, fact));
        }
        if (fact.taskId() != null && Journal.isSame(now, fact.atVersion(now.version()))) {
            // an earlier attempt took effect, and its confirmation was lost
            return written(now);
        }
        if (accepts(now, fact)) {
            TaskRecord next = fact.atVersion(now.version() + 1);
            repository.update(next, Journal.LEASE);
            return written(next);
        }
        boolean known = fact.taskId() == null || fact.taskId().equals(now.taskId());
        return theirs(
                known
                        ? ""
                        : "; its create call was answered with task " + fact.taskId()
                                + ", which may have been paid and which no record has, because the record is "
                                + now.status());
    }

    private static Result written(TaskRecord record) {
        return new Result(Optional.of(record), ", the late answer of its create call is written now");
    }

    private static Result theirs(String note) {
        return new Result(Optional.empty(), note);
    }

    /** The other engine was certain that nothing was created, and removed the record; its key may be in use again. */
    private static TaskRecord restore(TaskRepository repository, TaskRecord fact) {
        TaskRecord holder = repository.reserve(fact, Journal.LEASE);
        if (holder.recordId().equals(fact.recordId())) {
            return fact;
        }
        TaskRecord withoutKey = fact.withoutKey();
        repository.reserve(withoutKey, Journal.LEASE);
        return withoutKey;
    }

    private static boolean accepts(TaskRecord now, TaskRecord fact) {
        if (now.taskId() != null) {
            return false;
        }
        if (now.status() == TaskStatus.UNCERTAIN) {
            return fact.status() != TaskStatus.UNCERTAIN && now.status().mayBecome(fact.status());
        }
        boolean sameCall = now.creates() == fact.creates();
        return fact.taskId() != null
                && sameCall
                && (now.status() == TaskStatus.SUBMITTING || now.status() == TaskStatus.RESERVED);
    }
}
