/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.spi.TaskOwner;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Until when a record belongs to its owner: until its own lease and that of its owner have ended. A renewal writes one row,
 * and whose leases have ended is read from as many rows as there are owners, however many records they have.
 */
final class Leases {
    /** The lease of an owner that is gone for good: its records have no leases of their own any more. */
    private static final String GONE = "TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'";

    /** The record has an owner, and both leases have ended. */
    static final String LAPSED = "(LEASE_UNTIL <= CURRENT_TIMESTAMP OR EXISTS (SELECT 1 FROM GENVIDEO_OWNER G"
            + " WHERE G.OWNER = GENVIDEO_TASK.OWNER AND G.LEASE_UNTIL <= " + GONE + "))"
            + " AND NOT EXISTS (SELECT 1 FROM GENVIDEO_OWNER O"
            + " WHERE O.OWNER = GENVIDEO_TASK.OWNER AND O.LEASE_UNTIL > CURRENT_TIMESTAMP)";

    static final String HAS_RECORDS = "EXISTS (SELECT 1 FROM GENVIDEO_TASK T WHERE T.OWNER = GENVIDEO_OWNER.OWNER)";

    private static final String END = "UPDATE GENVIDEO_OWNER SET LEASE_MILLIS = 0, LEASE_UNTIL = " + GONE + " WHERE ";

    /** An owner that was only away for some time must find its row, so rows are kept for long. */
    private static final long FORGOTTEN_AFTER_MILLIS = Duration.ofDays(1).toMillis();

    private Leases() {}

    /** A lease that ends later stays as it is. Takes the milliseconds twice. */
    static String atLeast(Session session) {
        String until = session.dialect().later("?");
        return "CASE WHEN LEASE_UNTIL > " + until + " THEN LEASE_UNTIL ELSE " + until + " END";
    }

    static int renew(Session session, TaskOwner owner, Duration lease) throws SQLException {
        long millis = lease.toMillis();
        int known = session.update(
                "UPDATE GENVIDEO_OWNER SET LEASE_MILLIS = CASE WHEN LEASE_UNTIL > "
                        + session.dialect().later("?") + " THEN LEASE_MILLIS ELSE ? END, LEASE_UNTIL = "
                        + atLeast(session) + " WHERE OWNER = ?",
                millis,
                millis,
                millis,
                millis,
                owner.id());
        return known > 0 ? known : insert(session, owner.id(), millis);
    }

    /** Gives an owner a row, without a lease: who looks for lapsed records begins with the owners. */
    static void know(Session session, String owner) throws SQLException {
        List<Integer> rows =
                session.query("SELECT 1 FROM GENVIDEO_OWNER WHERE OWNER = ?", row -> row.getInt(1), List.of(owner));
        if (rows.isEmpty()) {
            insert(session, owner, 0);
        }
    }

    private static int insert(Session session, String owner, long millis) throws SQLException {
        return session.update(
                "INSERT INTO GENVIDEO_OWNER (OWNER, LEASE_MILLIS, LEASE_UNTIL) VALUES (?, ?, "
                        + session.dialect().later("?") + ")",
                owner,
                millis,
                millis);
    }

    /** Writes one row, however many records the owner has. */
    static int release(Session session, TaskOwner owner) throws SQLException {
        return session.update(END + "OWNER = ?", owner.id());
    }

    /** Owners that have records and whose own lease has ended. */
    static List<String> lapsedOwners(Session session) throws SQLException {
        shorten(session, "GENVIDEO_OWNER", "", List.of());
        return session.query(
                "SELECT OWNER FROM GENVIDEO_OWNER WHERE LEASE_UNTIL <= CURRENT_TIMESTAMP AND " + HAS_RECORDS
                        + " ORDER BY LEASE_UNTIL, OWNER",
                row -> String.valueOf(ColumnText.decode(row.getString(1))),
                List.of());
    }

    /** Its records may have leases of their own, given with a clock that was set back since. @return how many had one */
    static int shortenThoseOf(Session session, String owner) throws SQLException {
        return shorten(session, "GENVIDEO_TASK", "OWNER = ? AND ", List.of(owner));
    }

    /**
     * Nobody gives a lease that ends later than its length from now, unless the clock of the database was set back since:
     * then nobody knows when it ends, but at the latest after its length from now.
     */
    private static int shorten(Session session, String table, String which, List<String> values) throws SQLException {
        String latest = session.dialect().later("LEASE_MILLIS");
        return session.update(
                "UPDATE " + table + " SET LEASE_UNTIL = " + latest + " WHERE " + which + "LEASE_UNTIL > " + latest,
                values);
    }

    /** No other process can have the database open: their owners are gone. */
    static int endThoseOfOthers(Session session, TaskOwner owner) throws SQLException {
        String process = owner.process() + "/";
        return session.update(END + "SUBSTRING(OWNER FROM 1 FOR ?) <> ?", process.length(), process);
    }

    /** Each start of an engine leaves a row behind. */
    static int forgetOwners(Session session) throws SQLException {
        return session.update(
                "DELETE FROM GENVIDEO_OWNER WHERE LEASE_UNTIL < "
                        + session.dialect().later("?") + " AND NOT " + HAS_RECORDS,
                -FORGOTTEN_AFTER_MILLIS);
    }

    /**
     * Gives a row to each owner of a record: a backup that was restored in parts, or a person, may have removed it. Reads the
     * index from owner to owner, however many records they have.
     */
    static void knowAll(Session session) throws SQLException {
        String owner = nextOwner(session, "MIN(OWNER) FROM GENVIDEO_TASK WHERE OWNER >= ?", "");
        while (owner != null) {
            know(session, owner);
            owner = nextOwner(session, "MIN(OWNER) FROM GENVIDEO_TASK WHERE OWNER > ?", owner);
        }
    }

    private static @Nullable String nextOwner(Session session, String select, String after) throws SQLException {
        List<Optional<String>> next = session.query(
                "SELECT " + select, row -> Optional.ofNullable(ColumnText.decode(row.getString(1))), List.of(after));
        return next.get(0).orElse(null);
    }
}
