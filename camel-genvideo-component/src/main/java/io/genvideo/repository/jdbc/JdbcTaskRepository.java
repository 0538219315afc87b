/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.SentTasks;
import io.genvideo.spi.SharedState;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskKey;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import io.genvideo.spi.TaskWrite;
import io.genvideo.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(10);
    private static final Duration MOST_START_PATIENCE = Duration.ofHours(1);
    private static final int IDS_PER_QUERY = 500;
    /** So that a connection that hangs can be replaced before the lease of 30 s ends. */
    private static final Duration LONGEST_RENEWAL = Duration.ofSeconds(8);

    private static final String SENT =
            "STATUS IN (" + TaskRow.statuses(s -> s == TaskStatus.SUBMITTING || s.isWatched()) + ")";

    private final Set<String> knownOwners = ConcurrentHashMap.newKeySet();
    private final Database database;
    private final GroupWriter writer;
    /** Leases are renewed while a long call is under way, so not on its connection. */
    private final Database leases;

    private volatile boolean shared = true;
    private Duration startTimeout = Duration.ZERO;
    private @Nullable RestoredBackup restored;

    /**
     * @param source of H2 or PostgreSQL, with two connections to spare; it stays the caller's to close, and must not hand
     *     out the connection of a transaction. The URL of an embedded H2 should have {@code ;DB_CLOSE_ON_EXIT=FALSE}: else H2
     *     closes the database under the running component when the process is told to stop.
     */
    public JdbcTaskRepository(DataSource source) {
        UnreadableRows unreadable = new UnreadableRows();
        database = new Database(source, unreadable);
        writer = new GroupWriter(database);
        leases = new Database(source, unreadable);
        leases.callTimeout(LONGEST_RENEWAL);
        Database.pair(database, leases);
    }

    /**
     * How long the server may take to open a connection or to respond to a statement; longer, and the call fails, is tried
     * again where that is safe, and exchanges keep their own deadlines. A renewal of leases fails after 8 s at the latest, and
     * with PostgreSQL a statement that waits for a lock of somebody else after half of this time, or 2 s, unless the connection
     * has a {@code lock_timeout} of its own. Without effect on statements of an embedded H2.
     *
     * @param timeout from 1 ms to 10 minutes; 30 s by default. To be set before the start.
     */
    public void setCallTimeout(Duration timeout) {
        if (timeout.toMillis() < 1 || timeout.compareTo(MOST_PATIENCE) > 0) {
            throw new IllegalArgumentException("callTimeout " + timeout + ", must be from 1 ms to 10 minutes");
        }
        database.callTimeout(timeout);
        leases.callTimeout(timeout.compareTo(LONGEST_RENEWAL) < 0 ? timeout : LONGEST_RENEWAL);
    }

    /**
     * How long a start waits for a database that can't be reached. Other failures end the start at once.
     *
     * @param timeout up to 1 hour; by default 0, so that the start fails at once. To be set before the start.
     */
    public void setStartTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.compareTo(MOST_START_PATIENCE) > 0) {
            throw new IllegalArgumentException("startTimeout " + timeout + ", must be from 0 to 1 hour");
        }
        startTimeout = timeout;
    }

    /**
     * The database was restored from a backup, so that it does not know what was created since. A request with a key that it
     * does not know is not sent: its record becomes UNCERTAIN at once, as do records that were RESERVED, and a person settles
     * each with {@code resolve} (docs/operations.md). To be set on every node before the start, and removed when no
     * request of the time before the restore can come again. Requests without a key are sent.
     *
     * @param time when the backup was made, or a little later, as {@code 2026-11-22T01:30:00Z}
     * @throws IllegalArgumentException if it is no such time; a time in the future ends the start
     */
    public void setRestoredFrom(String time) {
        restored = RestoredBackup.of(time);
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
        new StartPatience(startTimeout).until(() -> prepare(owner));
    }

    private void prepare(TaskOwner owner) {
        Migrations.apply(database);
        racing(() -> database.transact(session -> {
            session.dialect().warn(session);
            Leases.knowAll(session);
            if (restored != null) {
                restored.holdReserved(session);
            }
            shared = !session.dialect().isExclusive(session);
            int ended = shared ? 0 : Leases.endThoseOfOthers(session, owner);
            return ended + Leases.forgetOwners(session);
        }));
    }

    @Override
    public TaskRecord reserve(TaskRecord fresh, Duration lease) {
        return writeAll(List.of(TaskWrite.reserve(fresh, lease))).get(0).orThrow();
    }

    @Override
    public TaskRecord replace(TaskRecord finished, TaskRecord wanted, Duration lease) {
        TaskRecord fresh = restored == null ? wanted : restored.successor(finished, wanted);
        knowOwner(fresh);
        return racing(() -> database.transact(session -> {
            session.update(
                    "DELETE FROM GENVIDEO_TASK WHERE RECORD_ID = ? AND VERSION = ? AND STATUS = ?",
                    finished.recordId(),
                    finished.version(),
                    TaskStatus.RESERVED.name());
            session.update(
                    "UPDATE GENVIDEO_TASK SET IDEMPOTENCY_KEY = NULL, KEPT = CASE WHEN KEPT = 0 THEN 1 ELSE KEPT END"
                            + " WHERE RECORD_ID = ? AND VERSION = ? AND STATUS IN ("
                            + TaskRow.statuses(TaskStatus::isTerminal) + ")",
                    finished.recordId(),
                    finished.version());
            TaskKey key = fresh.scopedKey();
            Optional<TaskRecord> holder = key == null ? Optional.empty() : GroupWrite.holder(session, key);
            if (holder.isPresent()) {
                return holder.get();
            }
            session.update(TaskRow.insert(session.dialect()), TaskRow.insertValues(fresh, lease));
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

    @Override
    public void update(TaskRecord next, Duration lease) {
        writeAll(List.of(TaskWrite.update(next, lease))).get(0).orThrow();
    }

    @Override
    public List<WriteResult> writeAll(List<TaskWrite> wanted) {
        List<TaskWrite> writes = restored == null ? wanted : restored.held(wanted);
        try {
            writes.forEach(write -> knowOwner(write.record()));
        } catch (JdbcRepositoryException e) {
            return writes.stream().map(write -> WriteResult.failed(e)).toList();
        }
        return writer.write(writes);
    }

    /** Lapsed records are looked for by their owners, so that each owner has a row before it has a record. */
    private void knowOwner(TaskRecord record) {
        if (record.wantsOwner()) {
            knowOwner(record.owner() == null ? "" : record.owner());
        }
    }

    private void knowOwner(String owner) {
        if (!knownOwners.contains(owner)) {
            racing(() -> database.call(session -> {
                Leases.know(session, owner);
                return true;
            }));
            knownOwners.add(owner);
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
                session -> session.record("TASK_ID = ? AND ACCOUNT = ? ORDER BY CREATED_AT DESC", taskId, account));
    }

    @Override
    public List<TaskRecord> findSent(String account) {
        return database.call(session -> session.records("OWNER >= '' AND ACCOUNT = ? AND " + SENT, List.of(account)));
    }

    @Override
    public Set<String> findOwned(TaskOwner owner) {
        return database.call(session -> Set.copyOf(session.query(
                "SELECT RECORD_ID FROM GENVIDEO_TASK WHERE OWNER = ?",
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
        knowOwner(owner.id());
        return database.transact(session -> Claims.one(session, recordId, owner, lease));
    }

    @Override
    public List<TaskRecord> claimLapsed(TaskOwner owner, Set<String> accounts, Duration lease, int most) {
        if (most <= 0) {
            return List.of();
        }
        knowOwner(owner.id());
        return database.transact(session -> Claims.lapsed(session, owner, accounts, lease, most));
    }

    @Override
    public List<TaskRecord> claimFinished(FinishedTasks wanted, TaskOwner owner, Duration lease, int most) {
        if (most <= 0 || wanted.statuses().isEmpty()) {
            return List.of();
        }
        knowOwner(owner.id());
        return database.transact(session -> Claims.finished(session, wanted, owner, lease, most));
    }

    @Override
    public List<TaskCount> tally() {
        return database.call(session -> session.query(
                "SELECT ACCOUNT, STATUS, DELIVERY, COUNT(*) FROM GENVIDEO_TASK WHERE KEPT IS NULL AND STATUS IN ("
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
        return most <= 0 ? 0 : database.transact(session -> Purge.apply(session, results, keys, most));
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    @Override
    public SharedState sharedState() {
        return racing(() -> leases.call(SharedTables::read));
    }

    @Override
    public boolean shareState(long version, String text) {
        return leases.call(session -> SharedTables.write(session, version, text));
    }

    @Override
    public List<SentTasks> countSent() {
        return leases.call(session -> session.query(
                "SELECT OWNER, ACCOUNT, COUNT(*) FROM GENVIDEO_TASK WHERE OWNER >= '' AND " + SENT
                        + " GROUP BY OWNER, ACCOUNT",
                row -> new SentTasks(
                        String.valueOf(ColumnText.decode(row.getString(1))),
                        String.valueOf(ColumnText.decode(row.getString(2))),
                        row.getLong(3)),
                List.of()));
    }

    @Override
    public void leaveHint(String provider, String taskId) {
        racing(() -> database.call(session -> SharedTables.leaveHint(session, provider, taskId)));
    }

    @Override
    public Set<String> takeHints(TaskOwner owner) {
        return leases.transact(session -> SharedTables.takeHints(session, owner));
    }

    @Override
    public void close() {
        Database.close(leases, database);
    }
}
