/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static java.util.stream.Collectors.joining;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.TextSanitizer;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.UnreadableRecordException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A record as a row. The lease is no part of a record: the repository adds it. */
final class TaskRow {
    private record Column(String name, Function<TaskRecord, @Nullable Object> value) {}

    /** Never change. The key does, but only by passing to another record. */
    private static final List<Column> IDENTITY = List.of(
            new Column("RECORD_ID", TaskRecord::recordId),
            new Column("PROVIDER", TaskRecord::provider),
            new Column("ACCOUNT", TaskRecord::account),
            new Column("OPERATION", r -> r.operation().name()),
            new Column("IDEMPOTENCY_KEY", TaskRecord::key),
            new Column("FINGERPRINT", TaskRecord::fingerprint),
            new Column("ATTEMPT", TaskRecord::attempt),
            new Column("CREATED_AT", TaskRecord::createdAt));

    private static final List<Column> STATE = List.of(
            new Column("VERSION", TaskRecord::version),
            new Column("MODEL", TaskRecord::model),
            new Column("STATUS", r -> r.status().name()),
            new Column("DELIVERY", r -> r.delivery().name()),
            new Column("TASK_ID", TaskRecord::taskId),
            new Column("PROVIDER_STATE", TaskRecord::providerState),
            new Column("OWNER", TaskRow::ownerOf),
            new Column("CREATES", TaskRecord::creates),
            new Column("DELIVERIES", TaskRecord::deliveries),
            new Column("AVAILABLE_AT", TaskRecord::availableAt),
            new Column("CREDITS", r -> r.credits() == null ? null : r.credits().toString()),
            new Column("MEDIA", r -> r.media().isEmpty() ? null : Json.write(r.media())),
            new Column("ERROR", r -> Json.write(r.error())),
            new Column("REFERENCE", r -> ReferenceJson.write(r.reference())),
            new Column("RAW", r -> Json.write(r.raw())),
            new Column("SUBMITTING_AT", TaskRecord::submittingAt),
            new Column("ACCEPTED_AT", TaskRecord::acceptedAt),
            new Column("FINISHED_AT", TaskRecord::finishedAt),
            new Column("OFFERED", r -> isOffered(r) ? r.provider() : null),
            new Column("OFFERED_SINCE", r -> isOffered(r) ? endOf(r) : null),
            new Column("KEPT", TaskRow::kept),
            new Column("KEPT_SINCE", r -> kept(r) == null ? null : r.finishedAt()));

    private static final List<Column> ALL =
            Stream.concat(IDENTITY.stream(), STATE.stream()).toList();

    private static final String LEASE = "LEASE_MILLIS = ?, LEASE_UNTIL = ";
    private static final String NOBODY = "";

    static final String SELECT = "SELECT " + names(ALL, "") + " FROM GENVIDEO_TASK";

    private static final int MAX_REASON = 200;

    private TaskRow() {}

    /** The names of some statuses, as a list in SQL; they are constants, so that the database can plan with them. */
    static String statuses(Predicate<TaskStatus> which) {
        return Stream.of(TaskStatus.values())
                .filter(which)
                .map(status -> "'" + status.name() + "'")
                .collect(joining(", "));
    }

    /** The names of all delivery states that this version knows, as a list in SQL. */
    static String deliveries() {
        return Stream.of(DeliveryState.values())
                .map(state -> "'" + state.name() + "'")
                .collect(joining(", "));
    }

    private static String names(List<Column> columns, String suffix) {
        return columns.stream().map(c -> c.name() + suffix).collect(joining(", "));
    }

    private static @Nullable String ownerOf(TaskRecord record) {
        String owner = record.owner();
        return record.wantsOwner() && owner == null ? NOBODY : owner;
    }

    private static boolean isOffered(TaskRecord record) {
        boolean ended = record.status().isTerminal() || record.status() == TaskStatus.UNCERTAIN;
        return ended && record.delivery() == DeliveryState.AVAILABLE;
    }

    private static Instant endOf(TaskRecord record) {
        Instant finished = record.finishedAt();
        return finished == null ? record.createdAt() : finished;
    }

    private static @Nullable Integer kept(TaskRecord record) {
        if (!record.status().isTerminal() || record.delivery() != DeliveryState.DELIVERED) {
            return null;
        }
        return record.media().isEmpty() && record.raw() == null && record.reference() == null ? 0 : 1;
    }

    /** Takes {@link #insertValues}. */
    static String insert(Dialect dialect) {
        String marks = String.join(", ", Collections.nCopies(ALL.size(), "?"));
        return "INSERT INTO GENVIDEO_TASK (" + names(ALL, "") + ", LEASE_MILLIS, LEASE_UNTIL) VALUES (" + marks
                + ", ?, " + dialect.later("?") + ")";
    }

    static List<@Nullable Object> insertValues(TaskRecord record, Duration lease) {
        List<@Nullable Object> values = values(ALL, record);
        addLease(values, record, lease);
        return values;
    }

    /** Writes a record over the version before it. Takes {@link #updateValues}. */
    static String update(Dialect dialect) {
        return "UPDATE GENVIDEO_TASK SET " + names(STATE, " = ?") + ", " + LEASE + dialect.later("?")
                + " WHERE RECORD_ID = ? AND VERSION = ?";
    }

    static List<@Nullable Object> updateValues(TaskRecord record, Duration lease) {
        List<@Nullable Object> values = values(STATE, record);
        addLease(values, record, lease);
        values.add(record.recordId());
        values.add(record.version() - 1);
        return values;
    }

    private static void addLease(List<@Nullable Object> values, TaskRecord record, Duration lease) {
        Long millis = record.wantsOwner() ? lease.toMillis() : null;
        values.add(millis);
        values.add(millis);
    }

    private static List<@Nullable Object> values(List<Column> columns, TaskRecord record) {
        List<@Nullable Object> values = new ArrayList<>();
        columns.forEach(c -> values.add(c.value().apply(record)));
        return values;
    }

    /** The record; empty if this version does not understand it, which is then said once in the log. */
    static Optional<TaskRecord> find(ResultSet row, UnreadableRows unreadable) throws SQLException {
        try {
            return Optional.of(read(row, unreadable));
        } catch (UnreadableRecordException e) {
            return Optional.empty();
        }
    }

    /** @throws UnreadableRecordException if this version does not understand it, which is also said once in the log */
    static TaskRecord read(ResultSet row, UnreadableRows unreadable) throws SQLException {
        try {
            return read(row);
        } catch (RuntimeException e) {
            // whatever a newer version may have written: an unknown operation, status, category or kind of media
            UnreadableRecordException refused =
                    new UnreadableRecordException(String.valueOf(row.getString("RECORD_ID")), reason(e));
            unreadable.add(row.getString("RECORD_ID"), refused);
            throw refused;
        }
    }

    /** Names of constants only: other messages may quote content. */
    private static String reason(RuntimeException e) {
        String message = TextSanitizer.message(String.valueOf(e.getMessage()), MAX_REASON);
        return message.startsWith("No enum constant") || e instanceof IllegalStateException
                ? message
                : e.getClass().getSimpleName();
    }

    private static TaskRecord read(ResultSet row) throws SQLException {
        String credits = row.getString("CREDITS");
        TaskStatus status = TaskStatus.valueOf(text(row, "STATUS"));
        if (status.isUnsent() && row.getString("TASK_ID") != null) {
            // what is taken for unsent is sent, and paid
            throw new IllegalStateException("a record that was not sent has a task");
        }
        return new TaskRecord(
                text(row, "RECORD_ID"),
                row.getLong("VERSION"),
                text(row, "PROVIDER"),
                text(row, "ACCOUNT"),
                Operation.valueOf(text(row, "OPERATION")),
                textOrNull(row, "IDEMPOTENCY_KEY"),
                text(row, "FINGERPRINT"),
                textOrNull(row, "MODEL"),
                status,
                DeliveryState.valueOf(text(row, "DELIVERY")),
                textOrNull(row, "TASK_ID"),
                textOrNull(row, "PROVIDER_STATE"),
                row.getInt("ATTEMPT"),
                owner(row),
                row.getInt("CREATES"),
                row.getInt("DELIVERIES"),
                time(row, "AVAILABLE_AT"),
                credits == null ? null : new BigDecimal(credits),
                Json.readMedia(textOrNull(row, "MEDIA")),
                Json.readError(textOrNull(row, "ERROR")),
                ReferenceJson.read(textOrNull(row, "REFERENCE")),
                Json.readMap(textOrNull(row, "RAW")),
                Objects.requireNonNull(time(row, "CREATED_AT"), "CREATED_AT"),
                time(row, "SUBMITTING_AT"),
                time(row, "ACCEPTED_AT"),
                time(row, "FINISHED_AT"));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(textOrNull(row, column), column);
    }

    private static @Nullable String textOrNull(ResultSet row, String column) throws SQLException {
        return ColumnText.decode(row.getString(column));
    }

    private static @Nullable String owner(ResultSet row) throws SQLException {
        String owner = textOrNull(row, "OWNER");
        return NOBODY.equals(owner) ? null : owner;
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
