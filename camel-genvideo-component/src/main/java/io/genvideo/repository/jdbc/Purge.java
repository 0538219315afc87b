/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Forgets what has ended and was delivered, in steps: first results, then keys. */
final class Purge {
    private Purge() {}

    /** @see io.genvideo.spi.TaskRepository#purge */
    static int apply(Session session, Instant results, Instant keys, int most) throws SQLException {
        String forget = "DELETE FROM GENVIDEO_TASK";
        int purged = each(session, forget, "KEPT = 0 AND KEPT_SINCE < ?", List.of(keys), most);
        purged += each(session, forget, "KEPT = 1 AND KEPT_SINCE < ?", List.of(keys), most - purged);
        purged += each(
                session,
                forget,
                "KEPT = 1 AND KEPT_SINCE < ? AND IDEMPOTENCY_KEY IS NULL",
                List.of(results),
                most - purged);
        purged += each(
                session,
                "UPDATE GENVIDEO_TASK SET VERSION = VERSION + 1, MEDIA = NULL, RAW = NULL, REFERENCE = NULL, KEPT = 0",
                "KEPT = 1 AND KEPT_SINCE < ? AND IDEMPOTENCY_KEY IS NOT NULL",
                List.of(results),
                most - purged);
        SharedTables.forgetHints(session);
        return purged;
    }

    /** The condition is asked a second time, because a row may have changed in between. */
    private static int each(Session session, String change, String condition, List<Instant> values, int most)
            throws SQLException {
        if (most <= 0) {
            return 0;
        }
        List<Object> select = new ArrayList<>(values);
        select.add(most);
        List<String> ids = session.query(
                "SELECT RECORD_ID FROM GENVIDEO_TASK WHERE " + condition + " LIMIT ?", row -> row.getString(1), select);
        if (ids.isEmpty()) {
            return 0;
        }
        List<List<Object>> changes = new ArrayList<>();
        for (String id : ids) {
            List<Object> one = new ArrayList<>(values);
            one.add(id);
            changes.add(one);
        }
        return IntStream.of(session.updateEach(change + " WHERE " + condition + " AND RECORD_ID = ?", changes))
                .sum();
    }
}
