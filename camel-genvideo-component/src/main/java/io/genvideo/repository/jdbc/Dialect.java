/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

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

    /** An expression with one value: that many milliseconds from now, by the clock of the database. */
    String later();

    /** What a query ends with whose rows are about to be taken, so that two engines don't wait for one another. */
    String skipLocked();

    /** A statement that makes other processes wait until the transaction has ended; empty where there is none. */
    String migrationLock();

    /**
     * For each new connection, before it is used.
     *
     * @throws IllegalStateException if a commit would not last
     */
    void prepare(Connection connection) throws SQLException;

    /** Called once, before the tables of a new journal are created: restricts the access to the database's files. */
    default void protect(Session session) throws SQLException {}

    /** Says in the log what makes the promises weaker. */
    void warn(Session session) throws SQLException;

    /** Whether the database outlives the process. */
    boolean isDurable();

    /** Whether no other process can have the database open now. */
    boolean isExclusive(Session session) throws SQLException;
}
