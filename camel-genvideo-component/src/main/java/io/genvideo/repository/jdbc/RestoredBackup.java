/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskWrite;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the journal does after its database was restored from a backup: it does not know which requests were sent since the
 * backup, so that a request which comes again might be paid twice. Such a request is held: its record is UNCERTAIN from the
 * start, and a person settles it.
 */
final class RestoredBackup {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcTaskRepository.class);

    private final Instant time;

    private RestoredBackup(Instant time) {
        this.time = time;
    }

    /** @throws IllegalArgumentException if the text is no time */
    static RestoredBackup of(String text) {
        try {
            return new RestoredBackup(Instant.parse(text));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "restoredFrom '" + text + "', must be the time of the backup, as 2026-11-22T01:30:00Z", e);
        }
    }

    /**
     * Records that the backup has as RESERVED may have been sent after it. Without effect on those of later requests.
     *
     * @throws IllegalArgumentException if the time is in the future by the clock of the database
     */
    void holdReserved(Session session) throws SQLException {
        if (session.query(
                        "SELECT 1 FROM GENVIDEO_SCHEMA WHERE CURRENT_TIMESTAMP < ?",
                        row -> row.getInt(1),
                        List.of(time))
                .contains(1)) {
            throw new IllegalArgumentException("restoredFrom '" + time + "', must not be in the future");
        }
        List<TaskRecord> reserved =
                session.records("STATUS = ? AND CREATED_AT <= ?", List.of(TaskStatus.RESERVED.name(), time));
        if (!reserved.isEmpty()) {
            session.updateEach(
                    TaskRow.update(session.dialect()),
                    reserved.stream()
                            .map(record -> TaskRow.updateValues(hold(record), Duration.ZERO))
                            .toList());
        }
        LOG.warn(
                "restoredFrom={}: requests whose keys the journal does not know are held as UNCERTAIN and not sent; {} reserved"
                        + " records are held. Remove the option when no request of the time before the restore can come again.",
                time,
                reserved.size());
    }

    /** The same writes, except that new requests with a key are held. */
    List<TaskWrite> held(List<TaskWrite> writes) {
        return writes.stream().map(this::held).toList();
    }

    private TaskWrite held(TaskWrite write) {
        TaskRecord record = write.record();
        boolean fresh = write.kind() == TaskWrite.Kind.RESERVE && record.status() == TaskStatus.RESERVED;
        return fresh && record.key() != null
                ? TaskWrite.reserve(hold(record).atVersion(record.version()), write.lease())
                : write;
    }

    /**
     * A new attempt after a failure that the backup knows is held, because there may have been one since. After a record
     * that was settled or has failed since it is not: {@code resolve} with {@code release} frees the key of a held request.
     */
    TaskRecord successor(TaskRecord finished, TaskRecord fresh) {
        Instant end = finished.finishedAt();
        boolean known = end == null || !end.isAfter(time);
        return known && fresh.key() != null && fresh.status() == TaskStatus.RESERVED
                ? hold(fresh).atVersion(fresh.version())
                : fresh;
    }

    private TaskRecord hold(TaskRecord unsent) {
        GenerationError error = GenerationError.of(
                        ErrorCategory.UNCERTAIN_SUBMISSION,
                        unsent.provider(),
                        "the journal was restored from a backup of " + time
                                + "; whether this request was sent since is not known, so it is not sent")
                .withPaid(Paid.UNKNOWN)
                .at(unsent.recordId(), null);
        return unsent.toBuilder()
                .status(TaskStatus.SUBMITTING)
                .status(TaskStatus.UNCERTAIN)
                .delivery(DeliveryState.AVAILABLE)
                .owner(null)
                .error(error)
                .finishedAt(unsent.createdAt())
                .build();
    }
}
