/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One connection of our own, kept as long as it works: an embedded H2 closes its database with the last one, and the
 * rollback of a route's transaction must not undo our writes. A failure drops the connection, and the next call opens
 * another one.
 */
final class Database {
    private static final int TRIES = 5;
    /** How long a close waits for the calls under way before it breaks their connections. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    /** What is done in one call. */
    @FunctionalInterface
    interface Work<T> {
        T in(Session session) throws SQLException;
    }

    private final Connector connector;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Session session;
    /** The connection must not be used again; it is closed by the next call. */
    private volatile boolean abandoned;

    private @Nullable Database neighbour;

    Database(DataSource source, UnreadableRows unreadable) {
        connector = new Connector(source, unreadable);
    }

    /**
     * Both connections are to the same database. After a failure of its file, such as a full disk, an embedded H2 opens the file
     * again, but may forget that it has done so: then one connection works, and every other one is refused because the file is
     * in use, by this very process. So the one that works is closed, too, and both begin afresh.
     */
    static void pair(Database first, Database second) {
        first.neighbour = second;
        second.neighbour = first;
    }

    /** How long a server may take for a response; longer, and the call has failed. */
    void callTimeout(Duration timeout) {
        connector.timeout(timeout);
    }

    /** Each statement is a transaction. The work may be done again after a conflict. */
    <T> T call(Work<T> work) {
        return run(work, false);
    }

    /** All or nothing. The work may be done again after a conflict. */
    <T> T transact(Work<T> work) {
        return run(work, true);
    }

    private <T> T run(Work<T> work, boolean transaction) {
        lock.lock();
        try {
            return runLocked(work, transaction);
        } finally {
            lock.unlock();
        }
    }

    private <T> T runLocked(Work<T> work, boolean transaction) {
        for (int tried = 1; ; tried++) {
            Session on = connected();
            try {
                on.begin(transaction);
                T result = work.in(on);
                on.end(transaction);
                return result;
            } catch (SQLException e) {
                boolean answered = SqlStates.isAboutValues(e) || SqlStates.isConflict(e) || SqlStates.isLocked(e);
                boolean undone = undo(on, transaction, e);
                if (!undone || !answered) {
                    drop(on, undone, e);
                }
                if (SqlStates.isDuplicate(e)) {
                    throw new DuplicateRowException(e);
                }
                if (!SqlStates.isConflict(e) || tried == TRIES) {
                    throw new JdbcRepositoryException(e);
                }
            } catch (RuntimeException | Error e) {
                if (!undo(on, transaction, e)) {
                    drop(on, false, e);
                }
                throw e;
            }
        }
    }

    private Session connected() {
        dropIfAbandoned();
        Session now = session;
        if (now == null) {
            now = connect();
            session = now;
        }
        return now;
    }

    private Session connect() {
        try {
            return connector.connect();
        } catch (JdbcRepositoryException e) {
            Database other = neighbour;
            if (other == null || !e.isFileInUse()) {
                throw e;
            }
            other.abandon();
            return connector.connect();
        }
    }

    /** Closes the connection now, or after the call that is under way. */
    private void abandon() {
        abandoned = true;
        if (lock.tryLock()) {
            try {
                dropIfAbandoned();
            } finally {
                lock.unlock();
            }
        }
    }

    private void dropIfAbandoned() {
        Session last = session;
        if (abandoned && last != null) {
            drop(last, true, new SQLException("the database is opened again"));
        }
        abandoned = false;
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

    /** @param undone whether nothing of a transaction is left on the connection */
    private void drop(Session broken, boolean undone, Throwable because) {
        session = null;
        if (undone) {
            broken.close();
        } else {
            Connector.closeAfter(because, broken.connection());
        }
    }

    /**
     * Gives the connections back. A later call opens a new one: engines that share a repository stop one after the other. A call
     * that does not end is broken off: nobody waits for a server that hangs, and not for each of its connections.
     */
    static void close(Database first, Database second) {
        long until = System.nanoTime() + CLOSE_PATIENCE.toNanos();
        try {
            first.close(until);
        } finally {
            second.close(until);
        }
    }

    private void close(long until) {
        awaitCall(until);
        try {
            Session last = session;
            session = null;
            if (last != null) {
                close(last);
            }
        } catch (SQLException e) {
            throw new JdbcRepositoryException(e);
        } finally {
            if (lock.isHeldByCurrentThread()) {
                lock.unlock();
            }
        }
    }

    private void close(Session last) throws SQLException {
        if (lock.isHeldByCurrentThread()) {
            last.close();
        } else {
            // a call may be under way: nothing of its transaction may be committed
            last.connection().close();
        }
    }

    /** Afterwards no call is under way, or its connection is broken. */
    private void awaitCall(long until) {
        try {
            if (!lock.tryLock(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                Session stuck = session;
                if (stuck != null) {
                    stuck.connection().abort(Runnable::run);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new JdbcRepositoryException(e);
        }
    }
}
