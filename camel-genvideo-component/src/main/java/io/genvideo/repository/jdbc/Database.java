/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of our own, kept as long as it works: an embedded H2 closes its database with the last one, and the
 * rollback of a route's transaction must not undo our writes. A failure drops the connection, and the next call opens
 * another one.
 */
final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcTaskRepository.class);
    private static final int TRIES = 5;
    /** A server that does not respond must not hold the engine's only journal thread for ever. */
    private static final int NETWORK_TIMEOUT_MILLIS = 60_000;

    /** What is done in one call. */
    @FunctionalInterface
    interface Work<T> {
        T in(Session session) throws SQLException;
    }

    private final DataSource source;
    private final UnreadableRows unreadable;
    private @Nullable Session session;

    Database(DataSource source, UnreadableRows unreadable) {
        this.source = source;
        this.unreadable = unreadable;
    }

    /** Each statement is a transaction. The work may be done again after a conflict. */
    synchronized <T> T call(Work<T> work) {
        return run(work, false);
    }

    /** All or nothing. The work may be done again after a conflict. */
    synchronized <T> T transact(Work<T> work) {
        return run(work, true);
    }

    private <T> T run(Work<T> work, boolean transaction) {
        for (int tried = 1; ; tried++) {
            Session on = connected();
            try {
                on.begin(transaction);
                T result = work.in(on);
                on.end(transaction);
                return result;
            } catch (SQLException e) {
                boolean answered = SqlStates.isDuplicate(e) || SqlStates.isConflict(e);
                if (!undo(on, transaction, e) || !answered) {
                    drop(on, e);
                }
                if (SqlStates.isDuplicate(e)) {
                    throw new DuplicateRowException(e);
                }
                if (!SqlStates.isConflict(e) || tried == TRIES) {
                    throw new JdbcRepositoryException(e);
                }
            } catch (RuntimeException | Error e) {
                if (!undo(on, transaction, e)) {
                    drop(on, e);
                }
                throw e;
            }
        }
    }

    private Session connected() {
        Session now = session;
        if (now == null) {
            now = connect();
            session = now;
        }
        return now;
    }

    private Session connect() {
        Connection connection = null;
        try {
            connection = source.getConnection();
            connection.setAutoCommit(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            Dialect dialect = Dialect.of(connection);
            dialect.prepare(connection);
            limitWaiting(connection);
            return new Session(connection, dialect, unreadable);
        } catch (SQLException e) {
            closeAfter(e, connection);
            throw new JdbcRepositoryException(e);
        } catch (RuntimeException | Error e) {
            closeAfter(e, connection);
            throw e;
        }
    }

    private static void limitWaiting(Connection connection) throws SQLException {
        try {
            connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
        } catch (SQLFeatureNotSupportedException e) {
            LOG.debug("The driver of the journal's database has no network timeout", e);
        }
    }

    private static boolean undo(Session on, boolean transaction, Throwable because) {
        if (transaction) {
            try {
                on.connection().rollback();
            } catch (SQLException e) {
                because.addSuppressed(e);
                return false;
            }
        }
        return true;
    }

    private void drop(Session broken, Throwable because) {
        session = null;
        closeAfter(because, broken.connection());
    }

    private static void closeAfter(Throwable because, @Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                because.addSuppressed(e);
            }
        }
    }

    /** Gives the connection back. A later call opens a new one: engines that share a repository stop one after the other. */
    @Override
    public synchronized void close() {
        Session last = session;
        session = null;
        if (last != null) {
            try {
                last.connection().close();
            } catch (SQLException e) {
                throw new JdbcRepositoryException(e);
            }
        }
    }
}
