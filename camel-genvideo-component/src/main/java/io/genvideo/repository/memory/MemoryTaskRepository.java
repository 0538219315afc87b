/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.memory;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.RepositoryFullException;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskKey;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A journal that lives as long as its process: for development, and where the source can repeat what a crash loses.
 * Bounded; when full it drops the oldest finished and delivered records, and refuses new ones if there are none.
 */
public final class MemoryTaskRepository implements TaskRepository {
    /** Room for 50,000 tasks in flight and as many that have ended. */
    public static final int DEFAULT_CAPACITY = 100_000;

    private final int capacity;
    private final Map<String, TaskRecord> records = new LinkedHashMap<>();
    private final Map<TaskKey, String> keys = new HashMap<>();
    private final Map<String, String> taskIds = new HashMap<>();
    private final LinkedHashMap<String, Boolean> droppable = new LinkedHashMap<>();

    public MemoryTaskRepository() {
        this(DEFAULT_CAPACITY);
    }

    /** @param capacity how many records are kept; at least 1 */
    public MemoryTaskRepository(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity + ", must be at least 1");
        }
        this.capacity = capacity;
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
    public synchronized TaskRecord reserve(TaskRecord fresh) {
        TaskKey key = fresh.scopedKey();
        String holder = key == null ? null : keys.get(key);
        if (holder != null) {
            TaskRecord held = records.get(holder);
            if (held != null) {
                return held;
            }
        }
        makeRoom();
        store(fresh);
        return fresh;
    }

    @Override
    public synchronized TaskRecord replace(TaskRecord finished, TaskRecord fresh) {
        TaskRecord now = records.get(finished.recordId());
        TaskKey key = fresh.scopedKey();
        String holder = key == null ? null : keys.get(key);
        if (holder != null
                && (!holder.equals(finished.recordId()) || now == null || now.version() != finished.version())) {
            TaskRecord held = records.get(holder);
            if (held != null) {
                return held;
            }
        }
        if (now != null && now.status() == TaskStatus.RESERVED) {
            forget(now);
        }
        makeRoom();
        store(fresh);
        return fresh;
    }

    @Override
    public synchronized void update(TaskRecord next) {
        TaskRecord now = records.get(next.recordId());
        if (now == null || now.version() != next.version() - 1) {
            throw new StaleRecordException(next.recordId(), next.version() - 1);
        }
        store(next);
    }

    @Override
    public synchronized void discard(TaskRecord unsent) {
        TaskRecord now = records.get(unsent.recordId());
        if (now != null && now.status() == TaskStatus.RESERVED) {
            forget(now);
        }
    }

    @Override
    public synchronized Optional<TaskRecord> find(String recordId) {
        return Optional.ofNullable(records.get(recordId));
    }

    @Override
    public synchronized Optional<TaskRecord> findByTaskId(String account, String taskId) {
        return Optional.ofNullable(taskIds.get(account + "\n" + taskId)).map(records::get);
    }

    @Override
    public synchronized Optional<TaskRecord> findByKey(TaskKey key) {
        return Optional.ofNullable(keys.get(key)).map(records::get);
    }

    @Override
    public synchronized List<TaskRecord> findByStatus(Set<TaskStatus> statuses) {
        return records.values().stream()
                .filter(r -> statuses.contains(r.status()))
                .toList();
    }

    private void store(TaskRecord record) {
        records.put(record.recordId(), record);
        TaskKey key = record.scopedKey();
        if (key != null && record.version() == 0) {
            keys.put(key, record.recordId());
        }
        if (record.taskId() != null) {
            taskIds.put(record.account() + "\n" + record.taskId(), record.recordId());
        }
        if (record.status().isTerminal() && record.delivery() == DeliveryState.DELIVERED) {
            droppable.put(record.recordId(), Boolean.TRUE);
        } else {
            droppable.remove(record.recordId());
        }
    }

    private void makeRoom() {
        if (records.size() < capacity) {
            return;
        }
        Iterator<String> oldest = droppable.keySet().iterator();
        if (!oldest.hasNext()) {
            throw new RepositoryFullException(capacity);
        }
        TaskRecord dropped = records.get(oldest.next());
        if (dropped != null) {
            forget(dropped);
        }
    }

    private void forget(TaskRecord record) {
        records.remove(record.recordId());
        droppable.remove(record.recordId());
        TaskKey key = record.scopedKey();
        if (key != null) {
            keys.remove(key, record.recordId());
        }
        if (record.taskId() != null) {
            taskIds.remove(record.account() + "\n" + record.taskId());
        }
    }
}
