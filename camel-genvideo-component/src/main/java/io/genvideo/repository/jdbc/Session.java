/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.spi.TaskRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection and how to talk to the database behind it. */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcTaskRepository.class);

    private final Connection connection;
    private final Dialect dialect;
    private final ConnectionSettings before;
    private final UnreadableRows unreadable;
    private boolean written;

    Session(Connection connection, Dialect dialect, ConnectionSettings before, UnreadableRows unreadable) {
        this.connection = connection;
        this.dialect = dialect;
        this.before = before;
        this.unreadable = unreadable;
    }

    Connection connection() {
        return connection;
    }

    Dialect dialect() {
        return dialect;
    }

    /** Whether the settings of the DataSource limit how long a response may take, also while a connection is opened. */
    boolean isLimited() {
        return before.isLimited();
    }

    /** Nothing is under way: the connection may go back to a pool. */
    void close() {
        try (Connection ended = connection) {
            if (!ended.isClosed()) {
                ended.setAutoCommit(true);
                dialect.restore(ended);
                before.restore(ended);
            }
        } catch (SQLException e) {
            LOG.debug("A connection of the journal was broken when it was closed", e);
        }
    }

    /** What is called next belongs together. */
    void begin(boolean transaction) throws SQLException {
        written = false;
        connection.setAutoCommit(!transaction);
    }

    /** What was written since {@link #begin} outlasts a crash. */
    void end(boolean transaction) throws SQLException {
        if (transaction) {
            connection.commit();
        }
        if (written && !dialect.afterCommit().isEmpty()) {
            execute(dialect.afterCommit());
        }
    }

    /** Reads one row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** @return how many rows were changed */
    int update(String sql, List<? extends @Nullable Object> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            int changed = statement.executeUpdate();
            written |= changed > 0;
            return changed;
        }
    }

    int update(String sql, @Nullable Object... values) throws SQLException {
        return update(sql, listOf(values));
    }

    /**
     * @return for each of the lists of values how many rows were changed
     * @throws java.sql.BatchUpdateException if one of them failed
     */
    int[] updateEach(String sql, List<? extends List<? extends @Nullable Object>> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (List<? extends @Nullable Object> one : values) {
                bind(statement, one);
                statement.addBatch();
            }
            written = true;
            return statement.executeBatch();
        }
    }

    <T> List<T> query(String sql, Row<T> row, List<? extends @Nullable Object> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            List<T> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(row.read(rows));
                }
            }
            return found;
        }
    }

    /**
     * Records that this version understands; others are passed over and named once in the log.
     *
     * @param rest what comes after {@code WHERE}
     */
    List<TaskRecord> records(String rest, List<? extends @Nullable Object> values) throws SQLException {
        List<Optional<TaskRecord>> rows =
                query(TaskRow.SELECT + " WHERE " + rest, row -> TaskRow.find(row, unreadable), values);
        return rows.stream().flatMap(Optional::stream).toList();
    }

    /**
     * The first records that this version understands; others don't count.
     *
     * @param rest what comes after {@code WHERE}, up to the order
     * @param end what comes after the limit
     */
    List<TaskRecord> firstRecords(String rest, List<? extends @Nullable Object> values, int most, String end)
            throws SQLException {
        List<TaskRecord> found = new ArrayList<>();
        boolean more = true;
        for (int offset = 0; more && found.size() < most; offset += most) {
            List<@Nullable Object> page = new ArrayList<>(values);
            page.add(most);
            page.add(offset);
            List<Optional<TaskRecord>> rows = query(
                    TaskRow.SELECT + " WHERE " + rest + " LIMIT ? OFFSET ?" + end,
                    row -> TaskRow.find(row, unreadable),
                    page);
            rows.stream().flatMap(Optional::stream).limit(most - found.size()).forEach(found::add);
            more = rows.size() == most;
        }
        return found;
    }

    /**
     * @param rest what comes after {@code WHERE}
     * @throws io.genvideo.spi.UnreadableRecordException if there is such a record, and this version does not understand it
     */
    Optional<TaskRecord> record(String rest, @Nullable Object... values) throws SQLException {
        return query(TaskRow.SELECT + " WHERE " + rest, row -> TaskRow.read(row, unreadable), listOf(values)).stream()
                .findFirst();
    }

    /** A question mark for each value. */
    static String marks(Collection<?> values) {
        return String.join(", ", Collections.nCopies(values.size(), "?"));
    }

    private static List<@Nullable Object> listOf(@Nullable Object... values) {
        List<@Nullable Object> list = new ArrayList<>(values.length);
        for (Object value : values) {
            list.add(value);
        }
        return list;
    }

    private static void bind(PreparedStatement statement, List<? extends @Nullable Object> values) throws SQLException {
        int index = 0;
        for (Object value : values) {
            statement.setObject(++index, column(value));
        }
    }

    private static @Nullable Object column(@Nullable Object value) {
        if (value instanceof String text) {
            return ColumnText.encode(text);
        }
        // cut, not rounded as the databases would: so a time never lies ahead of the moment it was taken
        return value instanceof Instant time
                ? time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC)
                : value;
    }
}
