/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskKey;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A journal in a database, H2 or PostgreSQL: it survives the process, and several processes may share it. It makes its tables
 * itself.
 *
 * <p>It keeps two connections of its own, one of them for renewing leases. Leases are measured by the clock of the database;
 * other times have microseconds. Numbers in a raw response come back as Jackson reads them, those in a reference as they were
 * given.
 *
 * <p>A row that this version can't understand, because a newer one has written it, is left unchanged: lists and claims pass it
 * over, a query for that one record throws {@link io.genvideo.spi.UnreadableRecordException}.
 *
 * <p>A call that fails may have taken effect: the engine reads before it repeats one.
 */
public final class JdbcTaskRepository implements TaskRepository {
    private static final int RACES = 10;
    private static final int IDS_PER_QUERY = 500;

    private static final String DELIVERED = "DELIVERY = '" + DeliveryState.DELIVERED.name() + "' AND STATUS IN ("
            + TaskRow.statuses(TaskStatus::isTerminal) + ")";

    private static final String SENT =
            "STATUS IN (" + TaskRow.statuses(s -> s == TaskStatus.SUBMITTING || s.isWatched()) + ")";

    private final Database database;
    /** Leases are renewed while a long call is under way, so not on its connection. */
    private final Database leases;

    /**
     * @param source of H2 or PostgreSQL, with two connections to spare; it stays the caller's to close, and must not hand
     *     out the connection of a transaction. The URL of an embedded H2 should have {@code ;DB_CLOSE_ON_EXIT=FALSE}: else H2
     *     closes the database under the running component when the process is told to stop.
     */
    public JdbcTaskRepository(DataSource source) {
        UnreadableRows unreadable = new UnreadableRows();
        database = new Database(source, unreadable);
        leases = new Database(source, unreadable);
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
        database.transact(session -> {
            session.dialect().warn(session);
            int ended = session.dialect().isExclusive(session) ? Leases.endThoseOfOthers(session, owner) : 0;
            return ended + Leases.forgetOwners(session);
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
                    "UPDATE GENVIDEO_TASK SET IDEMPOTENCY_KEY = NULL WHERE RECORD_ID = ? AND VERSION = ? AND STATUS IN ("
                            + TaskRow.statuses(TaskStatus::isTerminal) + ")",
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

    /** Between a look for a row and its insert another engine may insert it: then there is one. */
    private static <T> T racing(Supplier<T> work) {
        for (int race = 1; ; race++) {
            try {
                return work.get();
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
                found.addAll(session.records("RECORD_ID IN (" + Session.marks(some) + ")", some));
            }
            return found;
        });
    }

    @Override
    public Optional<TaskRecord> findByTaskId(String account, String taskId) {
        return database.call(
                session -> session.record("ACCOUNT = ? AND TASK_ID = ? ORDER BY CREATED_AT DESC", account, taskId));
    }

    @Override
    public List<TaskRecord> findSent(String account) {
        return database.call(session ->
                session.records("LEASE_UNTIL > " + Leases.EPOCH + " AND ACCOUNT = ? AND " + SENT, List.of(account)));
    }

    @Override
    public Set<String> findOwned(TaskOwner owner) {
        return database.call(session -> Set.copyOf(session.query(
                "SELECT RECORD_ID FROM GENVIDEO_TASK WHERE LEASE_UNTIL > " + Leases.EPOCH + " AND OWNER = ?",
                row -> String.valueOf(ColumnText.decode(row.getString(1))),
                List.of(owner.id()))));
    }

    @Override
    public void renew(TaskOwner owner, Duration lease) {
        racing(() -> leases.call(session -> Leases.renew(session, owner, lease)));
    }

    @Override
    public void release(TaskOwner owner) {
        // on the connection of renewals, so that none that is under way comes after it
        leases.transact(session -> Leases.release(session, owner));
    }

    @Override
    public Optional<TaskRecord> claim(String recordId, TaskOwner owner, Duration lease) {
        return database.transact(session -> Claims.one(session, recordId, owner, lease));
    }

    @Override
    public List<TaskRecord> claimLapsed(TaskOwner owner, Set<String> accounts, Duration lease, int most) {
        return most <= 0
                ? List.of()
                : database.transact(session -> Claims.lapsed(session, owner, accounts, lease, most));
    }

    @Override
    public List<TaskRecord> claimFinished(FinishedTasks wanted, TaskOwner owner, Duration lease, int most) {
        return most <= 0 || wanted.statuses().isEmpty()
                ? List.of()
                : database.transact(session -> Claims.finished(session, wanted, owner, lease, most));
    }

    @Override
    public List<TaskCount> tally() {
        return database.call(session -> session.query(
                "SELECT ACCOUNT, STATUS, DELIVERY, COUNT(*) FROM GENVIDEO_TASK WHERE STATUS IN ("
                        + TaskRow.statuses(s -> true) + ") AND DELIVERY IN (" + TaskRow.deliveries()
                        + ") GROUP BY ACCOUNT, STATUS, DELIVERY",
                row -> new TaskCount(
                        String.valueOf(ColumnText.decode(row.getString(1))),
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
        try {
            leases.close();
        } finally {
            database.close();
        }
    }
}
