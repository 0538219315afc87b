/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL, a server that several processes share. */
final class PostgreSqlDialect implements Dialect {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcTaskRepository.class);

    /** Nodes hold locks for milliseconds, but whoever works in the database by hand may hold one for hours. */
    private static final int LOCK_MILLIS = 2_000;

    /** A server that hangs must not hold up a stop. */
    private static final int RESTORE_MILLIS = 1_000;

    private static final String NO_LOCK_TIMEOUT = "0";

    /** Whether the limit of this connection is ours. */
    private boolean limitsLocks;

    @Override
    public String later(String millis) {
        return "(CURRENT_TIMESTAMP + CAST(" + millis + " AS BIGINT) * INTERVAL '1 millisecond')";
    }

    /** A row that failed would end the transaction, and with it the writes of other tasks. */
    @Override
    public String skipTaken() {
        return " ON CONFLICT DO NOTHING";
    }

    @Override
    public String afterCommit() {
        return "";
    }

    @Override
    public String skipLocked() {
        return " FOR UPDATE SKIP LOCKED";
    }

    /**
     * Any number does that nobody else uses: these are the letters "genvideo". Another process may hold it for as long as its
     * migration takes.
     */
    @Override
    public String migrationLock() {
        return "SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(7450482613407737199)";
    }

    @Override
    public void prepare(Connection connection, Duration callTimeout) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            limitsLocks = isUnlimited(statement);
            if (limitsLocks) {
                statement.execute("SET lock_timeout = " + lockMillis(callTimeout));
            }
        }
    }

    private static long lockMillis(Duration callTimeout) {
        return Math.max(1, Math.min(LOCK_MILLIS, callTimeout.toMillis() / 2));
    }

    private static boolean isUnlimited(Statement statement) throws SQLException {
        try (ResultSet limit = statement.executeQuery("SHOW lock_timeout")) {
            return limit.next() && NO_LOCK_TIMEOUT.equals(limit.getString(1));
        }
    }

    @Override
    public void restore(Connection connection) throws SQLException {
        if (limitsLocks) {
            connection.setNetworkTimeout(Runnable::run, RESTORE_MILLIS);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET lock_timeout = " + NO_LOCK_TIMEOUT);
            }
        }
    }

    @Override
    public void warn(Session session) throws SQLException {
        List<String> commits = session.query("SHOW synchronous_commit", row -> row.getString(1), List.of());
        if (commits.contains("off")) {
            LOG.warn(
                    "synchronous_commit is off: a crash of the database server may lose the last commits of the journal,"
                            + " and so pay for a task twice or lose one. Set it to on for the journal's user.");
        }
        if (!session.isLimited()) {
            LOG.warn(
                    "The DataSource of the journal sets no socketTimeout: while the server hangs, a connection that is being"
                            + " opened is not given up. Add ?socketTimeout=30&connectTimeout=10&tcpKeepAlive=true to the JDBC URL,"
                            + " or these properties to the pool's driver.");
        }
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public boolean isExclusive(Session session) {
        return false;
    }
}
