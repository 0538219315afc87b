/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.memory;

import static java.util.stream.Collectors.toSet;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.RepositoryFullException;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A journal that lives as long as its process: for development, and where the source can repeat what a crash loses.
 *
 * <p>Bounded: of what has ended and was delivered it keeps as much as fits into a part of the heap, and drops the oldest
 * first. What is open, uncertain or not delivered is never dropped; when nothing else is left, a full journal refuses new
 * records.
 */
public final class MemoryTaskRepository implements TaskRepository {
    /** Room for 100,000 tasks that are in flight or not delivered. */
    public static final int DEFAULT_CAPACITY = 100_000;

    private static final long LEAST_BYTES = 1 << 20;
    private static final long MOST_BYTES = 64 << 20;
    private static final long PART_OF_HEAP = 16;

    private static final Comparator<TaskRecord> OLDEST_FIRST = Comparator.comparing(TaskRecord::createdAt);

    private final int capacity;
    private final long bytes;
    private final InstantSource clock;
    private final MemoryIndexes records = new MemoryIndexes();
    private final Map<String, Instant> leases = new HashMap<>();
    private final Map<String, Instant> leasesOfOwners = new HashMap<>();

    /**
     * Of what has ended and was delivered it keeps a sixteenth of the largest heap, but not more than 64 MiB.
     *
     * @param clock for leases
     */
    public MemoryTaskRepository(InstantSource clock) {
        this(DEFAULT_CAPACITY, clock);
    }

    /**
     * @param capacity how many records are kept; at least 1
     * @param clock for leases
     */
    public MemoryTaskRepository(int capacity, InstantSource clock) {
        this(
                capacity,
                Math.max(LEAST_BYTES, Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP)),
                clock);
    }

    /**
     * @param capacity how many records are kept; at least 1
     * @param bytes how much memory may be taken, roughly, by what has ended and was delivered; 0 or more
     * @param clock for leases
     */
    public MemoryTaskRepository(int capacity, long bytes, InstantSource clock) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity + ", must be at least 1");
        }
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes " + bytes + ", must be 0 or more");
        }
        this.capacity = capacity;
        this.bytes = bytes;
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
        TaskRecord held = records.holder(fresh.scopedKey());
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
        TaskRecord held = records.holder(fresh.scopedKey());
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

    private void take(TaskRecord fresh, Duration lease) {
        records.takeKey(fresh);
        store(fresh, lease);
    }

    @Override
    public synchronized void update(TaskRecord next, Duration lease) {
        TaskRecord now = records.get(next.recordId());
        if (now == null || now.version() != next.version() - 1) {
            throw new StaleRecordException(next.recordId(), next.version() - 1);
        }
        store(next, lease);
        while (records.bytesOver() > bytes) {
            forget(Objects.requireNonNull(records.oldestOver()));
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
        return Optional.ofNullable(records.byTaskId(account, taskId));
    }

    @Override
    public synchronized List<TaskRecord> findSent(String account) {
        return records.wantingOwner()
                .filter(r -> r.status() == TaskStatus.SUBMITTING || r.status().isWatched())
                .filter(r -> r.account().equals(account))
                .toList();
    }

    @Override
    public synchronized Set<String> findOwned(TaskOwner owner) {
        return records.ownedBy(owner.id()).stream().map(TaskRecord::recordId).collect(toSet());
    }

    @Override
    public synchronized void renew(TaskOwner owner, Duration lease) {
        extend(leasesOfOwners, owner.id(), lease);
    }

    @Override
    public synchronized void release(TaskOwner owner) {
        Instant now = clock.instant();
        leasesOfOwners.remove(owner.id());
        records.ownedBy(owner.id()).forEach(r -> leases.put(r.recordId(), now));
    }

    @Override
    public synchronized Optional<TaskRecord> claim(String recordId, TaskOwner owner, Duration lease) {
        TaskRecord now = records.get(recordId);
        if (now == null || !now.wantsOwner()) {
            return Optional.empty();
        }
        if (owner.id().equals(now.owner())) {
            extend(leases, recordId, lease);
            return Optional.of(now);
        }
        return hasLapsed(now)
                ? Optional.of(taken(now.toBuilder().owner(owner.id()).build(), lease))
                : Optional.empty();
    }

    @Override
    public synchronized List<TaskRecord> claimLapsed(TaskOwner owner, Set<String> accounts, Duration lease, int most) {
        List<TaskRecord> lapsed = records.owners().stream()
                .filter(this::isGone)
                .flatMap(gone -> records.ownedBy(gone).stream())
                .filter(this::hasLapsed)
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
        List<TaskRecord> finished = records.offered(wanted.provider())
                .filter(wanted::include)
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
        store(next, lease);
        return next;
    }

    private boolean hasLapsed(TaskRecord record) {
        return isOver(leases.get(record.recordId())) && isGone(String.valueOf(record.owner()));
    }

    private boolean isGone(String owner) {
        return isOver(leasesOfOwners.get(owner));
    }

    private boolean isOver(@Nullable Instant until) {
        return until == null || !until.isAfter(clock.instant());
    }

    private void extend(Map<String, Instant> which, String id, Duration lease) {
        which.merge(id, clock.instant().plus(lease), (a, b) -> a.isAfter(b) ? a : b);
    }

    @Override
    public synchronized List<TaskCount> tally() {
        return records.counts();
    }

    @Override
    public synchronized int purge(Instant results, Instant keys, int most) {
        int purged = 0;
        for (TaskRecord r : records.over()) {
            Instant ended = r.finishedAt();
            if (purged == most) {
                break;
            }
            if (ended == null) {
                continue;
            }
            boolean resultIsOld = ended.isBefore(results);
            if (ended.isBefore(keys) || resultIsOld && !records.isKeyHolder(r)) {
                forget(r);
                purged++;
            } else if (resultIsOld && (!r.media().isEmpty() || r.raw() != null || r.reference() != null)) {
                records.put(r.withoutResult());
                purged++;
            }
        }
        return purged;
    }

    private void store(TaskRecord record, Duration lease) {
        records.put(record);
        if (record.wantsOwner()) {
            leases.put(record.recordId(), clock.instant().plus(lease));
        } else {
            leases.remove(record.recordId());
        }
    }

    private void makeRoom() {
        if (records.size() < capacity) {
            return;
        }
        TaskRecord oldest = records.oldestOver();
        if (oldest == null) {
            throw new RepositoryFullException(capacity);
        }
        forget(oldest);
    }

    private void forget(TaskRecord record) {
        records.remove(record);
        leases.remove(record.recordId());
    }
}
