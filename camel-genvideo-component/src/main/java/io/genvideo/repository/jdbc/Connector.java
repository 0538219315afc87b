/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections within a time. Only some drivers limit how long that may take, and a server that does not respond must not
 * hold the engine's only journal thread.
 */
final class Connector {
    private static final int MOST_UNDER_WAY = 4;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final DataSource source;
    private final UnreadableRows unreadable;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile Duration timeout = DEFAULT_TIMEOUT;

    /** @param before how it came from its source */
    private record Opened(Connection connection, ConnectionSettings before) {}

    Connector(DataSource source, UnreadableRows unreadable) {
        this.source = source;
        this.unreadable = unreadable;
    }

    void timeout(Duration value) {
        timeout = value;
    }

    Session connect() {
        Connection connection = null;
        try {
            Opened opened = open();
            connection = opened.connection();
            connection.setAutoCommit(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            Dialect dialect = Dialect.of(connection);
            dialect.prepare(connection, timeout);
            return new Session(connection, dialect, opened.before(), unreadable);
        } catch (SQLException e) {
            closeAfter(e, connection);
            throw new JdbcRepositoryException(e);
        } catch (RuntimeException | Error e) {
            closeAfter(e, connection);
            throw e;
        }
    }

    /**
     * On a thread of its own, which may be left behind; a connection that comes too late is given back. A server that hangs for
     * long does not collect threads.
     */
    private Opened open() throws SQLException {
        if (underWay.get() >= MOST_UNDER_WAY) {
            throw new SQLTimeoutException(MOST_UNDER_WAY + " connections are being opened already", "08001");
        }
        underWay.incrementAndGet();
        CompletableFuture<Opened> opening = new CompletableFuture<>();
        Thread opener = new Thread(() -> open(opening), "GenvideoJournalConnect");
        opener.setDaemon(true);
        opener.start();
        try {
            return opening.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            giveBack(opening);
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while a connection was opened", "08001", e);
        } catch (TimeoutException e) {
            giveBack(opening);
            throw new SQLTimeoutException("no connection within " + timeout.toMillis() + " ms", "08001", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException refused) {
                throw refused;
            }
            throw new IllegalStateException(
                    "the DataSource of the journal failed", JdbcRepositoryException.withoutContent(e.getCause()));
        }
    }

    private void open(CompletableFuture<Opened> opening) {
        try {
            Connection connection = source.getConnection();
            ConnectionSettings before = ConnectionSettings.of(connection);
            if (before.canLimitWaiting()) {
                connection.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()));
            }
            opening.complete(new Opened(connection, before));
        } catch (SQLException | RuntimeException | Error e) {
            opening.completeExceptionally(e);
        } finally {
            underWay.decrementAndGet();
        }
    }

    private static void giveBack(CompletableFuture<Opened> late) {
        late.thenAccept(opened -> closeAfter(new SQLException("too late"), opened.connection()));
    }

    static void closeAfter(Throwable because, @Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                because.addSuppressed(e);
            }
        }
    }
}
