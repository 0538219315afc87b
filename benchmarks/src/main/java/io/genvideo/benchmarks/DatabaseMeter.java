/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Reads what a PostgreSQL on this machine has done so far: its statements by its own count, its processor time by the system's.
 * The server has to have loaded {@code pg_stat_statements}.
 */
final class DatabaseMeter implements AutoCloseable {
    private final Connection connection;
    private final long serverPid;

    /**
     * What the database has used.
     *
     * @param statements that clients have executed, {@code BEGIN} and {@code COMMIT} included, the meter's own excluded
     * @param cpuNanos processor time of all processes of the server; 0 where there is no {@code /proc}
     */
    record Usage(long statements, long cpuNanos) {
        static final Usage NONE = new Usage(0, 0);

        Usage since(Usage earlier) {
            return new Usage(statements - earlier.statements, cpuNanos - earlier.cpuNanos);
        }

        double cpuSeconds() {
            return cpuNanos / 1e9;
        }
    }

    private DatabaseMeter(Connection connection, long serverPid) {
        this.connection = connection;
        this.serverPid = serverPid;
    }

    static DatabaseMeter open(DataSource source) throws SQLException {
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
            long backend = number(connection, "SELECT pg_backend_pid()");
            // each connection has a process, which the server's first process has started
            long server = ProcessHandle.of(backend)
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow(() -> new SQLException("process " + backend + " of PostgreSQL is not on this machine"))
                    .pid();
            return new DatabaseMeter(connection, server);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    Usage now() throws SQLException {
        long statements = number(
                connection,
                "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%'");
        return new Usage(statements, ProcessUsage.withChildrenNanos(serverPid));
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
