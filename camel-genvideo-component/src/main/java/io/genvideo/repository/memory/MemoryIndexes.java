/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.memory;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskKey;
import io.genvideo.spi.TaskRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The records, and ways to find some of them whose cost does not grow with the others. Not thread-safe.
 */
final class MemoryIndexes {
    private static final Comparator<TaskRecord> ENDED_FIRST =
            Comparator.comparing(MemoryIndexes::endOf).thenComparing(TaskRecord::recordId);

    private final Map<String, TaskRecord> records = new HashMap<>();
    private final Map<TaskKey, String> keys = new HashMap<>();
    private final Map<String, String> taskIds = new HashMap<>();
    private final Map<String, Map<String, TaskRecord>> owned = new HashMap<>();
    private final Map<String, TreeSet<TaskRecord>> offered = new HashMap<>();
    private final LinkedHashMap<String, TaskRecord> over = new LinkedHashMap<>();
    private final Map<Kind, Long> counts = new HashMap<>();
    private long bytesOver;

    private record Kind(String account, TaskStatus status, DeliveryState delivery) {}

    int size() {
        return records.size();
    }

    @Nullable
    TaskRecord get(String recordId) {
        return records.get(recordId);
    }

    @Nullable
    TaskRecord holder(@Nullable TaskKey key) {
        String holder = key == null ? null : keys.get(key);
        return holder == null ? null : records.get(holder);
    }

    boolean isKeyHolder(TaskRecord record) {
        TaskKey key = record.scopedKey();
        return key != null && record.recordId().equals(keys.get(key));
    }

    @Nullable
    TaskRecord byTaskId(String account, String taskId) {
        String recordId = taskIds.get(taskIdOf(account, taskId));
        return recordId == null ? null : records.get(recordId);
    }

    /** The records that want an owner and have this one. */
    Collection<TaskRecord> ownedBy(@Nullable String owner) {
        return owned.getOrDefault(nameOf(owner), Map.of()).values();
    }

    /** The names under which records are {@linkplain #ownedBy owned}. */
    Set<String> owners() {
        return Set.copyOf(owned.keySet());
    }

    Stream<TaskRecord> wantingOwner() {
        return owned.values().stream().flatMap(all -> all.values().stream());
    }

    /** Outcomes that consumers may take, those that ended first first. */
    Stream<TaskRecord> offered(String provider) {
        TreeSet<TaskRecord> all = offered.get(provider);
        return all == null ? Stream.empty() : all.stream();
    }

    /** What has ended and was delivered, in the order in which it was. */
    List<TaskRecord> over() {
        return List.copyOf(over.values());
    }

    @Nullable
    TaskRecord oldestOver() {
        return over.isEmpty() ? null : over.values().iterator().next();
    }

    /** How much memory takes what is {@link #over}, roughly. */
    long bytesOver() {
        return bytesOver;
    }

    List<TaskCount> counts() {
        return counts.entrySet().stream()
                .map(e -> new TaskCount(
                        e.getKey().account(), e.getKey().status(), e.getKey().delivery(), e.getValue()))
                .toList();
    }

    /** Gives its key to a record. */
    void takeKey(TaskRecord record) {
        TaskKey key = record.scopedKey();
        if (key != null) {
            keys.put(key, record.recordId());
        }
    }

    void put(TaskRecord record) {
        TaskRecord before = records.put(record.recordId(), record);
        if (before != null) {
            unlink(before);
        }
        link(record);
    }

    void remove(TaskRecord record) {
        TaskRecord before = records.remove(record.recordId());
        if (before != null) {
            unlink(before);
        }
        TaskKey key = record.scopedKey();
        if (key != null) {
            keys.remove(key, record.recordId());
        }
    }

    private void link(TaskRecord record) {
        if (record.taskId() != null) {
            taskIds.put(taskIdOf(record.account(), record.taskId()), record.recordId());
        }
        if (record.wantsOwner()) {
            owned.computeIfAbsent(nameOf(record.owner()), owner -> new LinkedHashMap<>())
                    .put(record.recordId(), record);
        }
        if (isOffered(record)) {
            offered.computeIfAbsent(record.provider(), provider -> new TreeSet<>(ENDED_FIRST))
                    .add(record);
        }
        if (isOver(record)) {
            over.put(record.recordId(), record);
            bytesOver += RecordSize.of(record);
        } else {
            counts.merge(kindOf(record), 1L, Long::sum);
        }
    }

    private void unlink(TaskRecord record) {
        if (record.taskId() != null) {
            taskIds.remove(taskIdOf(record.account(), record.taskId()), record.recordId());
        }
        if (record.wantsOwner()) {
            owned.computeIfPresent(nameOf(record.owner()), (owner, all) -> {
                all.remove(record.recordId());
                return all.isEmpty() ? null : all;
            });
        }
        if (isOffered(record)) {
            offered.computeIfPresent(record.provider(), (provider, all) -> {
                all.remove(record);
                return all.isEmpty() ? null : all;
            });
        }
        if (isOver(record)) {
            over.remove(record.recordId());
            bytesOver -= RecordSize.of(record);
        } else {
            counts.computeIfPresent(kindOf(record), (kind, number) -> number == 1 ? null : number - 1);
        }
    }

    private static String nameOf(@Nullable String owner) {
        return owner == null ? "" : owner;
    }

    private static String taskIdOf(String account, String taskId) {
        return account + "\n" + taskId;
    }

    private static Kind kindOf(TaskRecord record) {
        return new Kind(record.account(), record.status(), record.delivery());
    }

    private static boolean isOver(TaskRecord record) {
        return record.status().isTerminal() && record.delivery() == DeliveryState.DELIVERED;
    }

    private static boolean isOffered(TaskRecord record) {
        boolean ended = record.status().isTerminal() || record.status() == TaskStatus.UNCERTAIN;
        return ended && record.delivery() == DeliveryState.AVAILABLE;
    }

    private static Instant endOf(TaskRecord record) {
        Instant finished = record.finishedAt();
        return finished == null ? record.createdAt() : finished;
    }
}
