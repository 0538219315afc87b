/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** What the databases do differently. */
interface Dialect {

    /** @throws IllegalStateException if the database is one that the journal was not made for */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "H2" -> new H2Dialect(connection.getMetaData().getURL());
            case "PostgreSQL" -> new PostgreSqlDialect();
            default ->
                throw new IllegalStateException("the journal of genvideo tasks can be kept in H2 or PostgreSQL, not in "
                        + product + ": give JdbcTaskRepository a DataSource of one of these");
        };
    }

    /**
     * An expression for a time from now, by the clock of the database; {@code NULL} for a number that is {@code NULL}.
     *
     * @param millis an expression for a number of milliseconds
     */
    String later(String millis);

    /** What an insert ends with that leaves a row alone whose key is taken; empty if it has to fail for such a row. */
    String skipTaken();

    /**
     * What has to be executed after a commit, so that it outlasts a failure of the power.
     *
     * @return the statement; empty if a commit is enough
     */
    String afterCommit();

    /** What a query ends with whose rows are about to be taken, so that two engines don't wait for one another. */
    String skipLocked();

    /** A statement that makes other processes wait until the transaction has ended; empty where there is none. */
    String migrationLock();

    /**
     * For each new connection, before it is used.
     *
     * @param callTimeout how long a call may take
     * @throws IllegalStateException if a commit would not last
     */
    void prepare(Connection connection, Duration callTimeout) throws SQLException;

    /** Takes back what {@link #prepare} has set, before a connection goes back to a pool that others use. Outside a transaction. */
    default void restore(Connection connection) throws SQLException {}

    /** Called once, before the tables of a new journal are created: restricts the access to the database's files. */
    default void protect(Session session) throws SQLException {}

    /** Says in the log what makes the promises weaker. */
    void warn(Session session) throws SQLException;

    /** Whether the database outlives the process. */
    boolean isDurable();

    /** Whether no other process can have the database open now. */
    boolean isExclusive(Session session) throws SQLException;
}
