/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.WaitReleasedException;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an exchange is told whose wait ends before its task, above all whether the task was paid. */
final class WaitErrors {
    private WaitErrors() {}

    /** The time of the wait is over, the record is not. */
    static GenerationError timedOut(TaskRecord record, Paid paid, Duration timeout) {
        return timedOut(record, paid, timeout, null);
    }

    /** @param unusable why the task has no result although it has ended; {@code null} if that is not so */
    static GenerationError timedOut(
            TaskRecord record, Paid paid, Duration timeout, @Nullable GenerationError unusable) {
        String where = switch (paid) {
            case NO -> "nothing was created at the service";
            case YES ->
                unusable == null
                        ? "the task goes on at the service and is not created again"
                        : unusable.message() + "; the task is not created again";
            case UNKNOWN ->
                record.status().isUnsent()
                        ? "the task may be sent for another exchange that waits for it"
                        : "the create call is not answered yet: whether it has created a task is not known, and it is not"
                                + " sent again";
        };
        return GenerationError.of(
                        ErrorCategory.TIMEOUT, record.provider(), "no result after " + text(timeout) + "; " + where)
                .withPaid(paid)
                .withRetryable(true)
                .at(record.recordId(), record.taskId());
    }

    /** A time-out after which the service was asked to cancel the task. */
    static GenerationError cancelled(TaskRecord record, Duration timeout, String answer) {
        return GenerationError.of(
                        ErrorCategory.TIMEOUT, record.provider(), "no result after " + text(timeout) + "; " + answer)
                .withPaid(Paid.UNKNOWN)
                .at(record.recordId(), record.taskId());
    }

    /** The task was kept from being sent all the time: that, and not the time, is what the route has to handle. */
    static GenerationError notSent(TaskRecord record, Duration timeout, GenerationError obstacle) {
        return new GenerationError(
                        obstacle.category(),
                        "not sent within " + text(timeout) + ": " + obstacle.message(),
                        obstacle.provider(),
                        obstacle.providerCode(),
                        obstacle.httpStatus(),
                        null,
                        null,
                        true,
                        Paid.NO,
                        obstacle.alternatives())
                .at(record.recordId(), record.taskId());
    }

    /** The component stops. */
    static WaitReleasedException stopped(TaskRecord record) {
        return new WaitReleasedException(
                switch (paid(record)) {
                    case NO -> "the component stops before anything was paid";
                    case YES -> "the component stops while the task goes on at the service";
                    case UNKNOWN -> "the component stops while the create call waits for its answer";
                },
                record.recordId(),
                record.taskId());
    }

    /** Whether something was paid, by what the record says: it must be as it is now. */
    static Paid paid(TaskRecord record) {
        if (record.taskId() != null) {
            return Paid.YES;
        }
        boolean refused = record.status() == TaskStatus.FAILED || record.status() == TaskStatus.CANCELLED;
        return record.status().isUnsent() || refused ? Paid.NO : Paid.UNKNOWN;
    }

    /** The same for a record that another engine may send at any moment: only what is paid is certain. */
    static Paid paidElsewhere(TaskRecord record) {
        return record.taskId() != null ? Paid.YES : Paid.UNKNOWN;
    }

    /** A duration for people: never {@code 0 s}. */
    static String text(Duration duration) {
        return duration.toMillis() < 10_000 && duration.toMillis() % 1000 != 0
                ? duration.toMillis() + " ms"
                : duration.toSeconds() + " s";
    }
}
