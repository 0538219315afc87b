/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/**
 * How a connection was before the journal used it: not every pool restores what its users have changed, and others may get it.
 *
 * @param networkTimeoutMillis 0 for none; {@link #UNSUPPORTED} if the driver has no such limit
 */
record ConnectionSettings(boolean autoCommit, int isolation, int networkTimeoutMillis) {
    private static final int UNSUPPORTED = -1;

    static ConnectionSettings of(Connection connection) throws SQLException {
        return new ConnectionSettings(
                connection.getAutoCommit(), connection.getTransactionIsolation(), networkTimeout(connection));
    }

    private static int networkTimeout(Connection connection) throws SQLException {
        try {
            return connection.getNetworkTimeout();
        } catch (SQLFeatureNotSupportedException e) {
            return UNSUPPORTED;
        }
    }

    /** Whether the driver has a limit for the time of a response. */
    boolean canLimitWaiting() {
        return networkTimeoutMillis != UNSUPPORTED;
    }

    /** Whether the driver or the pool had limited the time of a response already. */
    boolean isLimited() {
        return networkTimeoutMillis > 0;
    }

    /** Outside a transaction. */
    void restore(Connection connection) throws SQLException {
        connection.setTransactionIsolation(isolation);
        connection.setAutoCommit(autoCommit);
        if (canLimitWaiting()) {
            connection.setNetworkTimeout(Runnable::run, networkTimeoutMillis);
        }
    }
}
