/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskKey;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskWrite;
import io.genvideo.spi.UnreadableRecordException;
import io.genvideo.spi.WriteResult;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes of several records in one transaction, with one statement for all that are new and one for all others. No row is
 * read before it is written: an insert leaves a row alone whose key is taken, an update one of another version.
 */
final class GroupWrite {
    /** One order for all nodes, so that two groups don't wait for one another. */
    private static final Comparator<Row> ORDER = Comparator.comparing((Row row) -> row.write.kind())
            .thenComparing(row -> row.write.record().recordId());

    private final List<Row> rows;

    /** A write, its values and its result. */
    private static final class Row {
        private final TaskWrite write;
        private List<@Nullable Object> values = List.of();
        private @Nullable WriteResult result;
        private @Nullable WriteResult unwritable;

        private Row(TaskWrite write) {
            this.write = write;
            try {
                values = write.kind() == TaskWrite.Kind.RESERVE
                        ? TaskRow.insertValues(write.record(), write.lease())
                        : TaskRow.updateValues(write.record(), write.lease());
            } catch (RuntimeException e) {
                // what a user gave as reference may not be storable: that must not fail the writes of others
                unwritable = WriteResult.failed(e);
            }
        }
    }

    GroupWrite(List<TaskWrite> writes) {
        rows = writes.stream().map(Row::new).toList();
    }

    /** Writes all rows; to be called in a transaction, and again if that failed. */
    void apply(Session session) throws SQLException {
        rows.forEach(row -> row.result = row.unwritable);
        List<Row> open =
                rows.stream().filter(row -> row.result == null).sorted(ORDER).toList();
        insert(session, of(open, TaskWrite.Kind.RESERVE));
        update(session, of(open, TaskWrite.Kind.UPDATE));
    }

    private static List<Row> of(List<Row> rows, TaskWrite.Kind kind) {
        return rows.stream().filter(row -> row.write.kind() == kind).toList();
    }

    private static void insert(Session session, List<Row> fresh) throws SQLException {
        if (fresh.isEmpty()) {
            return;
        }
        int[] inserted =
                insertEach(session, fresh.stream().map(row -> row.values).toList());
        for (int i = 0; i < inserted.length; i++) {
            Row row = fresh.get(i);
            if (inserted[i] == 1 || inserted[i] == Statement.SUCCESS_NO_INFO) {
                row.result = WriteResult.stored(row.write.record());
            } else {
                row.result = holder(session, row.write.record()).orElse(null);
            }
        }
    }

    private static int[] insertEach(Session session, List<List<@Nullable Object>> values) throws SQLException {
        String sql = TaskRow.insert(session.dialect()) + session.dialect().skipTaken();
        try {
            return session.updateEach(sql, values);
        } catch (BatchUpdateException e) {
            boolean onlyTaken = Stream.iterate((SQLException) e, next -> next != null, SQLException::getNextException)
                    .allMatch(SqlStates::isDuplicate);
            if (onlyTaken && e.getUpdateCounts().length == values.size()) {
                return e.getUpdateCounts();
            }
            throw e;
        }
    }

    private static Optional<WriteResult> holder(Session session, TaskRecord fresh) throws SQLException {
        TaskKey key = fresh.scopedKey();
        if (key == null) {
            return Optional.of(WriteResult.failed(
                    new DuplicateRowException(new SQLException("the record exists already", "23505"))));
        }
        try {
            return holder(session, key).map(WriteResult::stored);
        } catch (UnreadableRecordException e) {
            return Optional.of(WriteResult.failed(e));
        }
    }

    /** The record that has a key. */
    static Optional<TaskRecord> holder(Session session, TaskKey key) throws SQLException {
        return session.record(
                "IDEMPOTENCY_KEY = ? AND ACCOUNT = ? AND OPERATION = ?",
                key.key(),
                key.account(),
                key.operation().name());
    }

    /**
     * The updates whose rows nobody has locked. If that holds for all of them, it is a new row that somebody else writes, too; then
     * these are all but the new ones.
     */
    static Set<TaskWrite> free(Session session, List<TaskWrite> writes) throws SQLException {
        List<TaskWrite> updates = writes.stream()
                .filter(write -> write.kind() == TaskWrite.Kind.UPDATE)
                .toList();
        if (updates.isEmpty()) {
            return Set.of();
        }
        List<String> ids =
                updates.stream().map(write -> write.record().recordId()).toList();
        Set<String> free = Set.copyOf(session.query(
                "SELECT RECORD_ID FROM GENVIDEO_TASK WHERE RECORD_ID IN (" + Session.marks(ids) + ")"
                        + session.dialect().skipLocked(),
                row -> String.valueOf(ColumnText.decode(row.getString(1))),
                ids));
        boolean isInsertBlocked = free.containsAll(ids);
        return writes.stream()
                .filter(write -> write.kind() == TaskWrite.Kind.RESERVE
                        ? !isInsertBlocked
                        : free.contains(write.record().recordId()))
                .collect(Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())));
    }

    private static void update(Session session, List<Row> changed) throws SQLException {
        if (changed.isEmpty()) {
            return;
        }
        int[] written = session.updateEach(
                TaskRow.update(session.dialect()),
                changed.stream().map(row -> row.values).toList());
        for (int i = 0; i < written.length; i++) {
            TaskRecord next = changed.get(i).write.record();
            changed.get(i).result = written[i] == 0
                    ? WriteResult.failed(new StaleRecordException(next.recordId(), next.version() - 1))
                    : WriteResult.stored(next);
        }
    }

    /** Rows whose key was taken when they were inserted, and free when its holder was read: they may be tried again. */
    boolean isRaced() {
        return rows.stream().anyMatch(row -> row.result == null);
    }

    /** The results, in the order of the writes; those that nobody knows are the given one. */
    List<WriteResult> results(WriteResult unknown) {
        List<WriteResult> results = new ArrayList<>();
        for (Row row : rows) {
            WriteResult result = row.result;
            results.add(result == null ? unknown : result);
        }
        return results;
    }
}
