/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import io.genvideo.spi.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes the answer to a create call whose record has changed since the call was sent: another engine took the call for
 * lost, or this one did. Nobody else knows the answer, so a task that it names always gets into the journal: into the record of
 * its call if that has no task and no later call, else into a record of its own (docs/design.md section 4.11).
 */
final class LateAnswer {
    private static final String WRITTEN = ", the late answer of its create call is written now";
    private static final String PAID_TWICE =
            "; if the message was sent again because it had failed as not paid, it is paid twice";

    private LateAnswer() {}

    /**
     * @param ours the record that has the answer now, perhaps another one than before; empty if the answer changes nothing
     * @param note what a log line adds about the answer; may be empty
     */
    record Result(Optional<TaskRecord> ours, String note) {
        private Result with(String more) {
            return new Result(ours, note + more);
        }
    }

    /** @param fact the record as this engine has it, with the number of the create call that was answered */
    static Result write(TaskRepository repository, TaskRecord fact) {
        TaskRecord now;
        try {
            now = repository.find(fact.recordId()).orElse(null);
        } catch (UnreadableRecordException e) {
            return fact.taskId() == null ? unchanged() : separate(repository, fact);
        }
        if (fact.taskId() != null) {
            Optional<TaskRecord> holder = holder(repository, fact);
            if (holder.isPresent()) {
                return isEarlierAttempt(holder.get(), fact) ? written(holder.get()) : unchanged();
            }
        }
        if (now == null) {
            return fact.taskId() == null
                    ? unchanged()
                    : insert(repository, fact, WRITTEN).with(PAID_TWICE);
        }
        if (accepts(now, fact)) {
            TaskRecord next = fact.atVersion(now.version() + 1);
            repository.update(next, Journal.LEASE);
            return written(next);
        }
        if (fact.taskId() == null) {
            return unchanged();
        }
        Result separate = separate(repository, fact);
        return isUnpaid(now) ? separate.with(PAID_TWICE) : separate;
    }

    /** The record that has the task already; one that can't be read was written by who knows the task. */
    private static Optional<TaskRecord> holder(TaskRepository repository, TaskRecord fact) {
        try {
            return repository.findByTaskId(fact.account(), String.valueOf(fact.taskId()));
        } catch (UnreadableRecordException e) {
            return Optional.of(fact);
        }
    }

    /** Whether a write of this engine took effect although its confirmation was lost. */
    private static boolean isEarlierAttempt(TaskRecord holder, TaskRecord fact) {
        boolean separated = holder.recordId().equals(separateId(fact))
                && holder.owner() != null
                && holder.owner().equals(fact.owner());
        return separated
                || holder != fact
                        && holder.recordId().equals(fact.recordId())
                        && Journal.isSame(holder, fact.atVersion(holder.version()));
    }

    private static Result unchanged() {
        return new Result(Optional.empty(), "");
    }

    private static Result written(TaskRecord record) {
        return new Result(Optional.of(record), WRITTEN);
    }

    private static boolean accepts(TaskRecord now, TaskRecord fact) {
        // a later create call may have been paid too, and its answer needs the record
        boolean lastCall = now.creates() <= fact.creates();
        if (now.taskId() != null || !lastCall) {
            return false;
        }
        if (now.status() == TaskStatus.UNCERTAIN) {
            return fact.status() != TaskStatus.UNCERTAIN && now.status().mayBecome(fact.status());
        }
        return fact.taskId() != null && (now.status() == TaskStatus.SUBMITTING || now.status() == TaskStatus.RESERVED);
    }

    /** The record has a task of its own, has ended, waits for a later call, or can't be read. */
    private static Result separate(TaskRepository repository, TaskRecord fact) {
        TaskRecord.Builder separate = TaskRecord.reservation(separateId(fact))
                .provider(fact.provider())
                .account(fact.account())
                .operation(fact.operation())
                .key(fact.key())
                .fingerprint(fact.fingerprint())
                .model(fact.model())
                .attempt(fact.attempt())
                .reference(fact.reference())
                .createdAt(fact.createdAt())
                .build()
                .toBuilder()
                .status(TaskStatus.SUBMITTING)
                .status(TaskStatus.QUEUED)
                .status(fact.status())
                .delivery(DeliveryState.AVAILABLE)
                .taskId(fact.taskId())
                .providerState(fact.providerState())
                .owner(fact.owner())
                .creates(1)
                .credits(fact.credits())
                .media(fact.media())
                .error(fact.error())
                .raw(fact.raw())
                .submittingAt(fact.submittingAt())
                .acceptedAt(fact.acceptedAt())
                .finishedAt(fact.finishedAt());
        return insert(
                repository,
                separate.build(),
                ", the late answer of its create call is written as a record of its own, " + separateId(fact));
    }

    /** The same for each attempt to write it. */
    private static String separateId(TaskRecord fact) {
        String name = fact.recordId() + "/" + fact.taskId();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** With its key, if no other record needs that. */
    private static Result insert(TaskRepository repository, TaskRecord paid, String note) {
        TaskRecord holder;
        try {
            holder = repository.reserve(paid, Journal.LEASE);
        } catch (UnreadableRecordException e) {
            holder = null;
        }
        if (holder != null && !isSame(holder, paid) && isUnpaid(holder)) {
            // whoever comes with the key again gets the task that exists, instead of paying for another one
            holder = repository.replace(holder, paid, Journal.LEASE);
        }
        if (holder != null && isSame(holder, paid)) {
            return new Result(Optional.of(paid), note);
        }
        TaskRecord withoutKey = paid.withoutKey();
        repository.reserve(withoutKey, Journal.LEASE);
        return new Result(
                Optional.of(withoutKey),
                holder == null ? note : note + "; its key belongs to record " + holder.recordId());
    }

    private static boolean isSame(TaskRecord holder, TaskRecord paid) {
        return holder.recordId().equals(paid.recordId());
    }

    private static boolean isUnpaid(TaskRecord holder) {
        boolean ended = (holder.status() == TaskStatus.FAILED || holder.status() == TaskStatus.CANCELLED)
                && holder.failure().paid() == Paid.NO;
        return holder.taskId() == null && (holder.status().isUnsent() || ended);
    }
}
