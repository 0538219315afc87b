/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What the codes of the SQL standard, and some of PostgreSQL's and H2's, say about a failure. */
final class SqlStates {
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    /** Data, constraints, and limits such as that of an index entry. */
    private static final Set<String> VALUES = Set.of("22", "23", "54");

    /** Connections, and a server that starts, stops, has none to spare, or is still the copy of another one. */
    private static final Set<String> UNAVAILABLE = Set.of("08", "57P01", "57P02", "57P03", "53300", "25006");

    /** A lock was not to be had in time, or the statement took longer than the server allows, most likely for a lock. */
    private static final Set<String> LOCKED = Set.of("55P03", "57014");

    private SqlStates() {}

    /** No connection could be had, or the one in use is gone, or is to a read-only copy: the same may work later. */
    static boolean isUnavailable(SQLException failure) {
        String state = failure.getSQLState();
        return state == null
                ? failure instanceof SQLTransientConnectionException
                : UNAVAILABLE.stream().anyMatch(state::startsWith);
    }

    /** H2 found its file locked. */
    static boolean isFileInUse(SQLException failure) {
        return "90020".equals(failure.getSQLState());
    }

    /** A unique index refused the row. */
    static boolean isDuplicate(SQLException failure) {
        return "23505".equals(failure.getSQLState());
    }

    /** A value or its size was refused, so that the same statement with others may work. */
    static boolean isAboutValues(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return VALUES.stream().anyMatch(state::startsWith);
    }

    /** The database chose this transaction as the one to give way: it was undone, the same again may work. */
    static boolean isConflict(SQLException failure) {
        return CONFLICTS.contains(String.valueOf(failure.getSQLState()));
    }

    /** Somebody else has locked what the statement needs: the statement was undone, others may work. */
    static boolean isLocked(SQLException failure) {
        return LOCKED.contains(String.valueOf(failure.getSQLState()));
    }
}
