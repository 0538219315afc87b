/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.memory;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.RepositoryFullException;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskKey;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A journal that lives as long as its process: for development, and where the source can repeat what a crash loses.
 * Bounded; when full it drops the oldest finished and delivered records, and refuses new ones if there are none.
 */
public final class MemoryTaskRepository implements TaskRepository {
    /** Room for 50,000 tasks in flight and as many that have ended. */
    public static final int DEFAULT_CAPACITY = 100_000;

    private static final Comparator<TaskRecord> OLDEST_FIRST = Comparator.comparing(TaskRecord::createdAt);
    private static final Comparator<TaskRecord> ENDED_FIRST =
            Comparator.comparing(r -> r.finishedAt() == null ? r.createdAt() : r.finishedAt());

    private final int capacity;
    private final InstantSource clock;
    private final Map<String, TaskRecord> records = new LinkedHashMap<>();
    private final Map<TaskKey, String> keys = new HashMap<>();
    private final Map<String, String> taskIds = new HashMap<>();
    private final LinkedHashMap<String, TaskRecord> droppable = new LinkedHashMap<>();
    private final Map<String, TaskRecord> available = new LinkedHashMap<>();
    private final Map<String, Instant> leases = new LinkedHashMap<>();

    /** @param clock for leases */
    public MemoryTaskRepository(InstantSource clock) {
        this(DEFAULT_CAPACITY, clock);
    }

    /**
     * @param capacity how many records are kept; at least 1
     * @param clock for leases
     */
    public MemoryTaskRepository(int capacity, InstantSource clock) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity + ", must be at least 1");
        }
        this.capacity = capacity;
        this.clock = clock;
    }

    @Override
    public boolean isBlocking() {
        return false;
    }

    @Override
    public boolean isDurable() {
        return false;
    }

    @Override
    public synchronized TaskRecord reserve(TaskRecord fresh, Duration lease) {
        TaskRecord held = holder(fresh.scopedKey());
        if (held != null) {
            return held;
        }
        makeRoom();
        take(fresh, lease);
        return fresh;
    }

    @Override
    public synchronized TaskRecord replace(TaskRecord finished, TaskRecord fresh, Duration lease) {
        TaskRecord now = records.get(finished.recordId());
        TaskRecord held = holder(fresh.scopedKey());
        TaskRecord unchanged = now != null && now.version() == finished.version() ? now : null;
        boolean mayPassOn =
                unchanged != null && (unchanged.status().isTerminal() || unchanged.status() == TaskStatus.RESERVED);
        if (held != null && (!held.recordId().equals(finished.recordId()) || !mayPassOn)) {
            return held;
        }
        if (unchanged != null && unchanged.status() == TaskStatus.RESERVED) {
            forget(unchanged);
        }
        makeRoom();
        take(fresh, lease);
        return fresh;
    }

    private @Nullable TaskRecord holder(@Nullable TaskKey key) {
        String holder = key == null ? null : keys.get(key);
        return holder == null ? null : records.get(holder);
    }

    private void take(TaskRecord fresh, Duration lease) {
        TaskKey key = fresh.scopedKey();
        if (key != null) {
            keys.put(key, fresh.recordId());
        }
        store(fresh);
        extend(fresh, lease);
    }

    @Override
    public synchronized void update(TaskRecord next, Duration lease) {
        TaskRecord now = records.get(next.recordId());
        if (now == null || now.version() != next.version() - 1) {
            throw new StaleRecordException(next.recordId(), next.version() - 1);
        }
        store(next);
        if (next.wantsOwner()) {
            leases.put(next.recordId(), clock.instant().plus(lease));
        }
    }

    @Override
    public synchronized void discard(TaskRecord unsent) {
        TaskRecord now = records.get(unsent.recordId());
        if (now != null && now.status() == TaskStatus.RESERVED && Objects.equals(now.owner(), unsent.owner())) {
            forget(now);
        }
    }

    @Override
    public synchronized Optional<TaskRecord> find(String recordId) {
        return Optional.ofNullable(records.get(recordId));
    }

    @Override
    public synchronized List<TaskRecord> findAll(Collection<String> recordIds) {
        return recordIds.stream()
                .distinct()
                .map(this::find)
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public synchronized Optional<TaskRecord> findByTaskId(String account, String taskId) {
        return Optional.ofNullable(taskIds.get(account + "\n" + taskId)).map(records::get);
    }

    @Override
    public synchronized List<TaskRecord> findSent(String account) {
        return leased().filter(
                        r -> r.status() == TaskStatus.SUBMITTING || r.status().isWatched())
                .filter(r -> r.account().equals(account))
                .toList();
    }

    @Override
    public synchronized Set<String> findOwned(TaskOwner owner) {
        return ownedBy(owner).stream().map(TaskRecord::recordId).collect(toSet());
    }

    @Override
    public synchronized void renew(TaskOwner owner, Duration lease) {
        ownedBy(owner).forEach(r -> extend(r, lease));
    }

    @Override
    public synchronized void release(TaskOwner owner) {
        Instant now = clock.instant();
        ownedBy(owner).forEach(r -> leases.put(r.recordId(), now));
    }

    private List<TaskRecord> ownedBy(TaskOwner owner) {
        return leased().filter(r -> owner.id().equals(r.owner())).toList();
    }

    private Stream<TaskRecord> leased() {
        return List.copyOf(leases.keySet()).stream().map(this::find).flatMap(Optional::stream);
    }

    @Override
    public synchronized Optional<TaskRecord> claim(String recordId, TaskOwner owner, Duration lease) {
        Optional<TaskRecord> wanting = find(recordId).filter(TaskRecord::wantsOwner);
        if (wanting.filter(r -> owner.id().equals(r.owner())).isPresent()) {
            extend(wanting.get(), lease);
            return wanting;
        }
        return wanting.filter(this::hasLapsed)
                .map(r -> taken(r.toBuilder().owner(owner.id()).build(), lease));
    }

    @Override
    public synchronized List<TaskRecord> claimLapsed(TaskOwner owner, Set<String> accounts, Duration lease, int most) {
        List<TaskRecord> lapsed = leased().filter(this::hasLapsed)
                .filter(r -> !r.status().isWatched() || accounts.contains(r.account()))
                .sorted(OLDEST_FIRST)
                .limit(most)
                .toList();
        return lapsed.stream()
                .map(r -> taken(r.toBuilder().owner(owner.id()).build(), lease))
                .toList();
    }

    @Override
    public synchronized List<TaskRecord> claimFinished(
            FinishedTasks wanted, TaskOwner owner, Duration lease, int most) {
        List<TaskRecord> finished = available.values().stream()
                .filter(wanted::include)
                .sorted(ENDED_FIRST)
                .limit(most)
                .toList();
        return finished.stream()
                .map(r -> taken(
                        r.toBuilder()
                                .delivery(DeliveryState.OWNED)
                                .deliveries(r.deliveries() + 1)
                                .owner(owner.id())
                                .build(),
                        lease))
                .toList();
    }

    private TaskRecord taken(TaskRecord next, Duration lease) {
        store(next);
        leases.put(next.recordId(), clock.instant().plus(lease));
        return next;
    }

    private boolean hasLapsed(TaskRecord record) {
        Instant until = leases.get(record.recordId());
        return until != null && !until.isAfter(clock.instant());
    }

    private void extend(TaskRecord record, Duration lease) {
        if (record.wantsOwner()) {
            Instant until = clock.instant().plus(lease);
            leases.merge(record.recordId(), until, (a, b) -> a.isAfter(b) ? a : b);
        }
    }

    @Override
    public synchronized List<TaskCount> tally() {
        record Kind(String account, TaskStatus status, DeliveryState delivery) {}
        return records.values().stream()
                .collect(groupingBy(r -> new Kind(r.account(), r.status(), r.delivery()), counting()))
                .entrySet()
                .stream()
                .map(e -> new TaskCount(
                        e.getKey().account(), e.getKey().status(), e.getKey().delivery(), e.getValue()))
                .toList();
    }

    @Override
    public synchronized int purge(Instant results, Instant keys, int most) {
        int purged = 0;
        for (TaskRecord r : List.copyOf(droppable.values())) {
            Instant ended = r.finishedAt();
            if (purged == most) {
                break;
            }
            if (ended == null) {
                continue;
            }
            boolean resultIsOld = ended.isBefore(results);
            if (ended.isBefore(keys) || resultIsOld && !isKeyHolder(r)) {
                forget(r);
                purged++;
            } else if (resultIsOld && (!r.media().isEmpty() || r.raw() != null || r.reference() != null)) {
                store(r.withoutResult());
                purged++;
            }
        }
        return purged;
    }

    private boolean isKeyHolder(TaskRecord record) {
        TaskKey key = record.scopedKey();
        return key != null && record.recordId().equals(keys.get(key));
    }

    private void store(TaskRecord record) {
        TaskRecord before = records.put(record.recordId(), record);
        if (before != null && before.taskId() != null) {
            taskIds.remove(before.account() + "\n" + before.taskId(), before.recordId());
        }
        if (record.taskId() != null) {
            taskIds.put(record.account() + "\n" + record.taskId(), record.recordId());
        }
        if (!record.wantsOwner()) {
            leases.remove(record.recordId());
        }
        if (record.status().isTerminal() && record.delivery() == DeliveryState.DELIVERED) {
            droppable.put(record.recordId(), record);
        } else {
            droppable.remove(record.recordId());
        }
        boolean ended = record.status().isTerminal() || record.status() == TaskStatus.UNCERTAIN;
        if (ended && record.delivery() == DeliveryState.AVAILABLE) {
            available.put(record.recordId(), record);
        } else {
            available.remove(record.recordId());
        }
    }

    private void makeRoom() {
        if (records.size() < capacity) {
            return;
        }
        Iterator<TaskRecord> oldest = droppable.values().iterator();
        if (!oldest.hasNext()) {
            throw new RepositoryFullException(capacity);
        }
        forget(oldest.next());
    }

    private void forget(TaskRecord record) {
        records.remove(record.recordId());
        droppable.remove(record.recordId());
        available.remove(record.recordId());
        leases.remove(record.recordId());
        TaskKey key = record.scopedKey();
        if (key != null) {
            keys.remove(key, record.recordId());
        }
        if (record.taskId() != null) {
            taskIds.remove(record.account() + "\n" + record.taskId(), record.recordId());
        }
    }
}
