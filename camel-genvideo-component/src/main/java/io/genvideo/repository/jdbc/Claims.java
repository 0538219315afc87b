/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Taking records, so that of two engines one gets each: candidates are read, and taken by updates that say at which version
 * they were read and ask again whether they are still to be had. Each call is one transaction.
 */
final class Claims {
    private static final String AVAILABLE = "DELIVERY = '" + DeliveryState.AVAILABLE.name() + "'";
    private static final String NOT_WATCHED = "STATUS IN (" + TaskRow.statuses(s -> !s.isWatched()) + ")";
    private static final String WATCHED = "STATUS IN (" + TaskRow.statuses(TaskStatus::isWatched) + ")";

    private static final Comparator<TaskRecord> OLDEST_FIRST =
            Comparator.comparing(TaskRecord::createdAt).thenComparing(TaskRecord::recordId);

    private Claims() {}

    static Optional<TaskRecord> one(Session session, String recordId, TaskOwner owner, Duration lease)
            throws SQLException {
        long millis = lease.toMillis();
        int taken = session.update(
                "UPDATE GENVIDEO_TASK SET LEASE_MILLIS = CASE WHEN LEASE_UNTIL > "
                        + session.dialect().later("?") + " THEN LEASE_MILLIS ELSE ? END, LEASE_UNTIL = "
                        + Leases.atLeast(session) + " WHERE RECORD_ID = ? AND OWNER = ? AND LEASE_UNTIL IS NOT NULL",
                millis,
                millis,
                millis,
                millis,
                recordId,
                owner.id());
        if (taken == 0) {
            taken = session.update(
                    "UPDATE GENVIDEO_TASK SET VERSION = VERSION + 1, OWNER = ?, LEASE_MILLIS = ?, LEASE_UNTIL = "
                            + session.dialect().later("?") + " WHERE RECORD_ID = ? AND " + Leases.LAPSED,
                    owner.id(),
                    millis,
                    millis,
                    recordId);
        }
        return taken == 0 ? Optional.empty() : session.record("RECORD_ID = ?", recordId);
    }

    static List<TaskRecord> lapsed(Session session, TaskOwner owner, Set<String> accounts, Duration lease, int most)
            throws SQLException {
        String which = accounts.isEmpty()
                ? NOT_WATCHED
                : "(" + NOT_WATCHED + " OR " + WATCHED + " AND ACCOUNT IN (" + Session.marks(accounts) + "))";
        List<TaskRecord> taken = new ArrayList<>();
        for (String lapsed : Leases.lapsedOwners(session)) {
            if (taken.size() == most) {
                break;
            }
            List<Object> values = new ArrayList<>(List.of(lapsed));
            values.addAll(accounts);
            taken.addAll(lapsedOf(session, which, values, owner, lease, most - taken.size()));
            // reads all that the lapsed owner has: not as long as there is enough to take
            if (taken.size() < most && Leases.shortenThoseOf(session, lapsed) > 0) {
                taken.addAll(lapsedOf(session, which, values, owner, lease, most - taken.size()));
            }
        }
        return taken.stream().sorted(OLDEST_FIRST).toList();
    }

    private static List<TaskRecord> lapsedOf(
            Session session, String which, List<Object> values, TaskOwner owner, Duration lease, int most)
            throws SQLException {
        List<TaskRecord> claimed = session
                .firstRecords(
                        "OWNER = ? AND " + Leases.LAPSED + " AND " + which + " ORDER BY OWNER, CREATED_AT",
                        values,
                        most,
                        session.dialect().skipLocked())
                .stream()
                .map(r -> r.toBuilder().owner(owner.id()).build())
                .toList();
        return take(session, claimed, Leases.LAPSED, owner, lease);
    }

    static List<TaskRecord> finished(Session session, FinishedTasks wanted, TaskOwner owner, Duration lease, int most)
            throws SQLException {
        List<Object> values = new ArrayList<>(
                List.of(wanted.provider(), wanted.now(), wanted.now().plus(FinishedTasks.LONGEST_DELAY)));
        String ofAccount = "";
        if (wanted.account() != null) {
            ofAccount = " AND ACCOUNT = ?";
            values.add(wanted.account());
        }
        String statuses =
                TaskRow.statuses(s -> wanted.statuses().contains(s) && (s.isTerminal() || s == TaskStatus.UNCERTAIN));
        if (statuses.isEmpty()) {
            return List.of();
        }
        List<TaskRecord> candidates = session.firstRecords(
                "OFFERED = ? AND " + AVAILABLE + " AND (AVAILABLE_AT IS NULL OR AVAILABLE_AT <= ? OR AVAILABLE_AT > ?)"
                        + ofAccount + " AND STATUS IN (" + statuses + ") ORDER BY OFFERED, OFFERED_SINCE",
                values,
                most,
                session.dialect().skipLocked());
        List<TaskRecord> claimed = candidates.stream()
                .map(r -> r.toBuilder()
                        .delivery(DeliveryState.OWNED)
                        .deliveries(r.deliveries() + 1)
                        .owner(owner.id())
                        .build())
                .toList();
        return take(session, claimed, AVAILABLE, owner, lease);
    }

    /**
     * @param claimed as they will be; one that another engine has got in the meantime is left out
     * @param still what must be true of them
     */
    private static List<TaskRecord> take(
            Session session, List<TaskRecord> claimed, String still, TaskOwner owner, Duration lease)
            throws SQLException {
        if (claimed.isEmpty()) {
            return List.of();
        }
        int[] written = session.updateEach(
                "UPDATE GENVIDEO_TASK SET VERSION = ?, DELIVERY = ?, DELIVERIES = ?, OWNER = ?, OFFERED = NULL,"
                        + " OFFERED_SINCE = NULL, LEASE_MILLIS = ?, LEASE_UNTIL = "
                        + session.dialect().later("?") + " WHERE RECORD_ID = ? AND VERSION = ? AND " + still,
                claimed.stream()
                        .map(r -> List.<Object>of(
                                r.version(),
                                r.delivery().name(),
                                r.deliveries(),
                                owner.id(),
                                lease.toMillis(),
                                lease.toMillis(),
                                r.recordId(),
                                r.version() - 1))
                        .toList());
        List<TaskRecord> taken = new ArrayList<>();
        for (int i = 0; i < written.length; i++) {
            if (written[i] == 1) {
                taken.add(claimed.get(i));
            }
        }
        return taken;
    }
}
