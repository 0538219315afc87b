/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.spi.TaskOwner;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Until when a record belongs to its owner: until the end of the lease of its last write or claim, or, if its owner has
 * renewed since, until the end of the owner's lease. A renewal writes one row, however many records there are: writing each
 * of ten thousand took H2 a second or more, every ten seconds.
 */
final class Leases {
    /** Before every lease: with {@code LEASE_UNTIL > EPOCH} H2 does not read all records that want no owner, too. */
    static final String EPOCH = "TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'";

    /** The record has an owner, and that owner's lease has ended. */
    static final String LAPSED = "LEASE_UNTIL > " + EPOCH
            + " AND LEASE_UNTIL <= CURRENT_TIMESTAMP AND NOT EXISTS (SELECT 1 FROM GENVIDEO_OWNER O"
            + " WHERE O.OWNER = GENVIDEO_TASK.OWNER AND O.LEASE_UNTIL > CURRENT_TIMESTAMP"
            + " AND O.RENEWED_AT >= GENVIDEO_TASK.LEASED_AT)";

    private static final String END =
            "UPDATE GENVIDEO_TASK SET LEASE_UNTIL = CURRENT_TIMESTAMP" + " WHERE LEASE_UNTIL > CURRENT_TIMESTAMP AND ";

    private Leases() {}

    /** A lease that ends later stays as it is. Takes the milliseconds twice. */
    static String atLeast(Session session) {
        String until = session.dialect().later();
        return "CASE WHEN LEASE_UNTIL > " + until + " THEN LEASE_UNTIL ELSE " + until + " END";
    }

    static int renew(Session session, TaskOwner owner, Duration lease) throws SQLException {
        long millis = lease.toMillis();
        int known = session.update(
                "UPDATE GENVIDEO_OWNER SET RENEWED_AT = CURRENT_TIMESTAMP, LEASE_UNTIL = " + atLeast(session)
                        + " WHERE OWNER = ?",
                millis,
                millis,
                owner.id());
        if (known > 0) {
            return known;
        }
        return session.update(
                "INSERT INTO GENVIDEO_OWNER (OWNER, RENEWED_AT, LEASE_UNTIL) VALUES (?, CURRENT_TIMESTAMP, "
                        + session.dialect().later() + ")",
                owner.id(),
                millis);
    }

    static int release(Session session, TaskOwner owner) throws SQLException {
        session.update("DELETE FROM GENVIDEO_OWNER WHERE OWNER = ?", owner.id());
        return session.update(END + "OWNER = ?", owner.id());
    }

    /** No other process can have the database open: their owners are gone. */
    static int endThoseOfOthers(Session session, TaskOwner owner) throws SQLException {
        String process = owner.process() + "/";
        String ofOthers = "SUBSTRING(OWNER FROM 1 FOR ?) <> ?";
        session.update("DELETE FROM GENVIDEO_OWNER WHERE " + ofOthers, process.length(), process);
        return session.update(END + ofOthers, process.length(), process);
    }

    /** Each start of an engine leaves a row behind. */
    static int forgetOwners(Session session) throws SQLException {
        return session.update("DELETE FROM GENVIDEO_OWNER WHERE LEASE_UNTIL < CURRENT_TIMESTAMP");
    }
}
