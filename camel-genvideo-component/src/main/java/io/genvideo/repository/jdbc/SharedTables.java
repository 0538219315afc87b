/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.model.TaskStatus;
import io.genvideo.spi.SharedState;
import io.genvideo.spi.TaskOwner;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What engines of several processes tell each other: the text that they share, and hints about each other's tasks. No lock is
 * held between two statements, because a process may stand still there.
 */
final class SharedTables {
    /** A hint that no owner has taken by then is for a task that nobody watches. */
    private static final long HINTS_KEPT_MILLIS = Duration.ofHours(1).toMillis();

    private static final int ROW = 1;

    private static final String IS_HINTED = "EXISTS (SELECT 1 FROM GENVIDEO_HINT H WHERE H.RECORD_ID = T.RECORD_ID)";
    private static final String WATCHED = "T.STATUS IN (" + TaskRow.statuses(TaskStatus::isWatched) + ")";

    private SharedTables() {}

    private record Text(long version, String text, Instant now) {}

    private record Owner(String id, boolean isLiving) {}

    /** The text is read before the owners: whoever uses what a lapsed owner had, writes from that version. */
    static SharedState read(Session session) throws SQLException {
        Text text = text(session);
        List<Owner> owners = session.query(
                "SELECT OWNER, CASE WHEN LEASE_UNTIL > CURRENT_TIMESTAMP THEN 1 ELSE 0 END FROM GENVIDEO_OWNER"
                        + " WHERE LEASE_UNTIL > CURRENT_TIMESTAMP OR " + Leases.HAS_RECORDS,
                row -> new Owner(String.valueOf(ColumnText.decode(row.getString(1))), row.getInt(2) == 1),
                List.of());
        Set<String> living = new HashSet<>();
        Set<String> lapsed = new HashSet<>();
        owners.forEach(owner -> (owner.isLiving() ? living : lapsed).add(owner.id()));
        return new SharedState(text.version(), text.text(), living, lapsed, text.now());
    }

    private static Text text(Session session) throws SQLException {
        List<Text> texts = session.query(
                "SELECT VERSION, STATE, CURRENT_TIMESTAMP FROM GENVIDEO_CLUSTER WHERE ID = " + ROW,
                row -> new Text(
                        row.getLong(1),
                        String.valueOf(ColumnText.decode(row.getString(2))),
                        row.getObject(3, OffsetDateTime.class).toInstant()),
                List.of());
        if (!texts.isEmpty()) {
            return texts.get(0);
        }
        session.update("INSERT INTO GENVIDEO_CLUSTER (ID, VERSION, STATE) VALUES (" + ROW + ", 0, '')");
        return text(session);
    }

    static boolean write(Session session, long version, String text) throws SQLException {
        return session.update(
                        "UPDATE GENVIDEO_CLUSTER SET VERSION = VERSION + 1, STATE = ? WHERE ID = " + ROW
                                + " AND VERSION = ?",
                        text,
                        version)
                > 0;
    }

    static int leaveHint(Session session, String provider, String taskId) throws SQLException {
        return session.update(
                "INSERT INTO GENVIDEO_HINT (RECORD_ID, HINTED_AT) SELECT T.RECORD_ID, CURRENT_TIMESTAMP"
                        + " FROM GENVIDEO_TASK T WHERE T.TASK_ID = ? AND T.PROVIDER = ? AND T.OWNER IS NOT NULL AND "
                        + WATCHED + " AND NOT " + IS_HINTED + session.dialect().skipTaken(),
                taskId,
                provider);
    }

    static Set<String> takeHints(Session session, TaskOwner owner) throws SQLException {
        List<String> hinted = session.query(
                "SELECT T.RECORD_ID FROM GENVIDEO_HINT H JOIN GENVIDEO_TASK T ON T.RECORD_ID = H.RECORD_ID"
                        + " WHERE T.OWNER = ?",
                row -> String.valueOf(ColumnText.decode(row.getString(1))),
                List.of(owner.id()));
        if (!hinted.isEmpty()) {
            session.updateEach(
                    "DELETE FROM GENVIDEO_HINT WHERE RECORD_ID = ?",
                    hinted.stream().map(List::of).toList());
        }
        return Set.copyOf(hinted);
    }

    static void forgetHints(Session session) throws SQLException {
        session.update(
                "DELETE FROM GENVIDEO_HINT WHERE HINTED_AT < "
                        + session.dialect().later("?"),
                -HINTS_KEPT_MILLIS);
    }
}
