/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.sql.SQLException;
import java.util.Set;

/** What the codes of the SQL standard, and one of PostgreSQL's, say about a failure. */
final class SqlStates {
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    private SqlStates() {}

    /** A unique index refused the row. */
    static boolean isDuplicate(SQLException failure) {
        return String.valueOf(failure.getSQLState()).startsWith("23");
    }

    /** The database chose this transaction as the one to give way: it was undone, the same again may work. */
    static boolean isConflict(SQLException failure) {
        return CONFLICTS.contains(String.valueOf(failure.getSQLState()));
    }
}
