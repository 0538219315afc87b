/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static java.util.stream.Collectors.joining;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.Tally;
import io.genvideo.spi.TaskKey;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A journal in a database, H2 or PostgreSQL: it survives the process, and several processes may share it. It makes its tables
 * itself.
 *
 * <p>It keeps one connection of its own. Leases go by the clock of the database; of other times it keeps microseconds.
 * Numbers in a raw answer come back as Jackson reads them, those in a reference as they were given.
 *
 * <p>A call that fails may have taken effect: the engine looks before it repeats.
 */
public final class JdbcTaskRepository implements TaskRepository {
    private static final int RACES = 10;
    private static final int IDS_PER_QUERY = 500;

    private static final String WATCHED = named(TaskStatus::isWatched);
    private static final String TERMINAL = named(TaskStatus::isTerminal);
    private static final String ENDED = named(s -> s.isTerminal() || s == TaskStatus.UNCERTAIN);
    private static final String DELIVERED =
            "DELIVERY = '" + DeliveryState.DELIVERED.name() + "' AND STATUS IN (" + TERMINAL + ")";

    private final Database database;

    /** @param source of H2 or PostgreSQL; it stays the caller's to close, and must not hand out a transaction's connection */
    public JdbcTaskRepository(DataSource source) {
        database = new Database(source);
    }

    private static String named(Predicate<TaskStatus> which) {
        return Stream.of(TaskStatus.values())
                .filter(which)
                .map(s -> "'" + s.name() + "'")
                .collect(joining(", "));
    }

    @Override
    public boolean isBlocking() {
        return true;
    }

    @Override
    public boolean isDurable() {
        return database.call(session -> session.dialect().isDurable());
    }

    @Override
    public void open(TaskOwner owner) {
        Migrations.apply(database);
        database.call(session -> {
            session.dialect().warn(session);
            if (session.dialect().isExclusive(session)) {
                String process = owner.process() + "/";
                session.update(
                        "UPDATE GENVIDEO_TASK SET LEASE_UNTIL = CURRENT_TIMESTAMP"
                                + " WHERE LEASE_UNTIL > CURRENT_TIMESTAMP AND SUBSTRING(OWNER FROM 1 FOR ?) <> ?",
                        process.length(),
                        process);
            }
            return true;
        });
    }

    @Override
    public TaskRecord reserve(TaskRecord fresh, Duration lease) {
        return racing(() -> database.call(session -> {
            Optional<TaskRecord> holder = holder(session, fresh.scopedKey());
            if (holder.isPresent()) {
                return holder.get();
            }
            insert(session, fresh, lease);
            return fresh;
        }));
    }

    @Override
    public TaskRecord replace(TaskRecord finished, TaskRecord fresh, Duration lease) {
        return racing(() -> database.transact(session -> {
            session.update(
                    "DELETE FROM GENVIDEO_TASK WHERE RECORD_ID = ? AND VERSION = ? AND STATUS = ?",
                    finished.recordId(),
                    finished.version(),
                    TaskStatus.RESERVED.name());
            session.update(
                    "UPDATE GENVIDEO_TASK SET IDEMPOTENCY_KEY = NULL WHERE RECORD_ID = ? AND VERSION = ?",
                    finished.recordId(),
                    finished.version());
            Optional<TaskRecord> holder = holder(session, fresh.scopedKey());
            if (holder.isPresent()) {
                return holder.get();
            }
            insert(session, fresh, lease);
            return fresh;
        }));
    }

    /** Between a look for the holder of a key and the insert another engine may take the key: then there is a holder. */
    private static TaskRecord racing(Supplier<TaskRecord> claim) {
        for (int race = 1; ; race++) {
            try {
                return claim.get();
            } catch (DuplicateRowException e) {
                if (race == RACES) {
                    throw e;
                }
            }
        }
    }

    private static Optional<TaskRecord> holder(Session session, @Nullable TaskKey key) throws SQLException {
        if (key == null) {
            return Optional.empty();
        }
        return session.record(
                "ACCOUNT = ? AND OPERATION = ? AND IDEMPOTENCY_KEY = ?",
                key.account(),
                key.operation().name(),
                key.key());
    }

    private static void insert(Session session, TaskRecord fresh, Duration lease) throws SQLException {
        List<@Nullable Object> values = TaskRow.insertValues(fresh);
        String until = "NULL";
        if (fresh.wantsOwner()) {
            until = session.dialect().later();
            values.add(lease.toMillis());
        }
        session.update(TaskRow.insert(until), values);
    }

    @Override
    public void update(TaskRecord next, Duration lease) {
        long readAt = next.version() - 1;
        int written = database.call(session -> {
            List<@Nullable Object> values = TaskRow.updateValues(next);
            String until = "NULL";
            if (next.wantsOwner()) {
                until = session.dialect().later();
                values.add(lease.toMillis());
            }
            values.add(next.recordId());
            values.add(readAt);
            return session.update(TaskRow.update(until) + " WHERE RECORD_ID = ? AND VERSION = ?", values);
        });
        if (written == 0) {
            throw new StaleRecordException(next.recordId(), readAt);
        }
    }

    /** A lease that ends later stays as it is. Takes the milliseconds twice. */
    private static String notBefore(Session session) {
        String until = session.dialect().later();
        return "CASE WHEN LEASE_UNTIL > " + until + " THEN LEASE_UNTIL ELSE " + until + " END";
    }

    @Override
    public void discard(TaskRecord unsent) {
        database.call(session -> session.update(
                "DELETE FROM GENVIDEO_TASK WHERE RECORD_ID = ? AND STATUS = ? AND OWNER IS NOT DISTINCT FROM ?",
                unsent.recordId(),
                TaskStatus.RESERVED.name(),
                unsent.owner()));
    }

    @Override
    public Optional<TaskRecord> find(String recordId) {
        return database.call(session -> session.record("RECORD_ID = ?", recordId));
    }

    @Override
    public List<TaskRecord> findAll(Collection<String> recordIds) {
        List<String> ids = recordIds.stream().distinct().toList();
        return database.call(session -> {
            List<TaskRecord> found = new ArrayList<>();
            for (int from = 0; from < ids.size(); from += IDS_PER_QUERY) {
                List<String> some = ids.subList(from, Math.min(ids.size(), from + IDS_PER_QUERY));
                found.addAll(session.records("RECORD_ID IN (" + marks(some) + ")", some));
            }
            return found;
        });
    }

    private static String marks(Collection<?> values) {
        return String.join(", ", Collections.nCopies(values.size(), "?"));
    }

    @Override
    public Optional<TaskRecord> findByTaskId(String account, String taskId) {
        return database.call(
                session -> session.record("ACCOUNT = ? AND TASK_ID = ? ORDER BY CREATED_AT DESC", account, taskId));
    }

    @Override
    public List<TaskRecord> findByStatus(Set<TaskStatus> statuses, int most) {
        if (statuses.isEmpty() || most <= 0) {
            return List.of();
        }
        String wanted = named(statuses::contains);
        return database.call(session ->
                session.records("STATUS IN (" + wanted + ") ORDER BY CREATED_AT, RECORD_ID LIMIT ?", List.of(most)));
    }

    @Override
    public void renew(TaskOwner owner, Duration lease) {
        long millis = lease.toMillis();
        database.call(session -> session.update(
                "UPDATE GENVIDEO_TASK SET LEASE_UNTIL = " + notBefore(session)
                        + " WHERE OWNER = ? AND LEASE_UNTIL IS NOT NULL",
                millis,
                millis,
                owner.id()));
    }

    @Override
    public void release(TaskOwner owner) {
        database.call(session -> session.update(
                "UPDATE GENVIDEO_TASK SET LEASE_UNTIL = CURRENT_TIMESTAMP"
                        + " WHERE OWNER = ? AND LEASE_UNTIL > CURRENT_TIMESTAMP",
                owner.id()));
    }

    @Override
    public Optional<TaskRecord> claim(String recordId, TaskOwner owner, Duration lease) {
        long millis = lease.toMillis();
        return database.transact(session -> {
            int taken = session.update(
                    "UPDATE GENVIDEO_TASK SET LEASE_UNTIL = " + notBefore(session)
                            + " WHERE RECORD_ID = ? AND OWNER = ? AND LEASE_UNTIL IS NOT NULL",
                    millis,
                    millis,
                    recordId,
                    owner.id());
            if (taken == 0) {
                taken = session.update(
                        "UPDATE GENVIDEO_TASK SET VERSION = VERSION + 1, OWNER = ?, LEASE_UNTIL = "
                                + session.dialect().later()
                                + " WHERE RECORD_ID = ? AND LEASE_UNTIL <= CURRENT_TIMESTAMP",
                        owner.id(),
                        millis,
                        recordId);
            }
            return taken == 0 ? Optional.empty() : session.record("RECORD_ID = ?", recordId);
        });
    }

    @Override
    public List<TaskRecord> claimLapsed(TaskOwner owner, Set<String> accounts, Duration lease, int most) {
        if (most <= 0) {
            return List.of();
        }
        String anyAccount = "STATUS NOT IN (" + WATCHED + ")";
        String which = accounts.isEmpty() ? anyAccount : "(" + anyAccount + " OR ACCOUNT IN (" + marks(accounts) + "))";
        List<Object> values = new ArrayList<>(accounts);
        values.add(most);
        return database.transact(session -> take(
                session,
                session.records(
                        "LEASE_UNTIL <= CURRENT_TIMESTAMP AND " + which + " ORDER BY CREATED_AT, RECORD_ID LIMIT ?"
                                + session.dialect().skipLocked(),
                        values),
                owner,
                lease,
                r -> r.toBuilder().owner(owner.id()),
                // its owner may have come back in the meantime
                "LEASE_UNTIL <= CURRENT_TIMESTAMP"));
    }

    @Override
    public List<TaskRecord> claimFinished(FinishedTasks wanted, TaskOwner owner, Duration lease, int most) {
        if (most <= 0 || wanted.statuses().isEmpty()) {
            return List.of();
        }
        String available = "DELIVERY = '" + DeliveryState.AVAILABLE.name() + "'";
        List<Object> values = new ArrayList<>(List.of(wanted.provider(), wanted.now()));
        String ofAccount = wanted.account() == null ? "" : " AND ACCOUNT = ?";
        if (wanted.account() != null) {
            values.add(wanted.account());
        }
        values.add(most);
        return database.transact(session -> take(
                session,
                session.records(
                        available + " AND PROVIDER = ? AND (AVAILABLE_AT IS NULL OR AVAILABLE_AT <= ?)" + ofAccount
                                + " AND STATUS IN (" + ENDED + ") AND STATUS IN ("
                                + named(wanted.statuses()::contains) + ")"
                                + " ORDER BY DELIVERY, PROVIDER, ENDED_AT LIMIT ?"
                                + session.dialect().skipLocked(),
                        values),
                owner,
                lease,
                r -> r.toBuilder()
                        .delivery(DeliveryState.OWNED)
                        .deliveries(r.deliveries() + 1)
                        .owner(owner.id()),
                available));
    }

    /** Writes what a claim changes; a candidate that another engine has got in the meantime is left out. */
    private static List<TaskRecord> take(
            Session session,
            List<TaskRecord> candidates,
            TaskOwner owner,
            Duration lease,
            Function<TaskRecord, TaskRecord.Builder> claim,
            String still)
            throws SQLException {
        if (candidates.isEmpty()) {
            return List.of();
        }
        List<TaskRecord> claimed =
                candidates.stream().map(r -> claim.apply(r).build()).toList();
        int[] written = session.updateEach(
                "UPDATE GENVIDEO_TASK SET VERSION = ?, DELIVERY = ?, DELIVERIES = ?, OWNER = ?, LEASE_UNTIL = "
                        + session.dialect().later() + " WHERE RECORD_ID = ? AND VERSION = ? AND " + still,
                claimed.stream()
                        .map(r -> List.<Object>of(
                                r.version(),
                                r.delivery().name(),
                                r.deliveries(),
                                owner.id(),
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

    @Override
    public List<Tally> tally() {
        return database.call(session -> session.query(
                "SELECT ACCOUNT, STATUS, DELIVERY, COUNT(*) FROM GENVIDEO_TASK GROUP BY ACCOUNT, STATUS, DELIVERY",
                row -> new Tally(
                        row.getString(1),
                        TaskStatus.valueOf(row.getString(2)),
                        DeliveryState.valueOf(row.getString(3)),
                        row.getLong(4)),
                List.of()));
    }

    @Override
    public int purge(Instant results, Instant keys, int most) {
        if (most <= 0) {
            return 0;
        }
        String over = DELIVERED + " AND (FINISHED_AT < ? OR IDEMPOTENCY_KEY IS NULL AND FINISHED_AT < ?)";
        String keptForItsKey = DELIVERED + " AND IDEMPOTENCY_KEY IS NOT NULL AND FINISHED_AT < ?"
                + " AND (MEDIA IS NOT NULL OR RAW IS NOT NULL OR REFERENCE IS NOT NULL)";
        return database.transact(session -> {
            int forgotten = each(session, "DELETE FROM GENVIDEO_TASK", over, List.of(keys, results), most);
            int emptied = each(
                    session,
                    "UPDATE GENVIDEO_TASK SET VERSION = VERSION + 1, MEDIA = NULL, RAW = NULL, REFERENCE = NULL",
                    keptForItsKey,
                    List.of(results),
                    most - forgotten);
            return forgotten + emptied;
        });
    }

    /** The condition is asked a second time, because a row may have changed in between. */
    private static int each(Session session, String change, String condition, List<Instant> values, int most)
            throws SQLException {
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

    @Override
    public void close() {
        database.close();
    }
}
