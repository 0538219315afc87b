/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL, a server that several processes share. */
final class PostgreSqlDialect implements Dialect {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcTaskRepository.class);

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

    /** Any number does that nobody else uses: these are the letters "genvideo". */
    @Override
    public String migrationLock() {
        return "SELECT pg_advisory_xact_lock(7450482613407737199)";
    }

    @Override
    public void prepare(Connection connection) {}

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
