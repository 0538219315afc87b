/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tasks that this engine has at work, by record and by the service's id: whoever sends webhooks names only that. */
final class OpenTasks {
    private final Map<String, OpenTask> byRecord = new LinkedHashMap<>();
    /** Nearly always one; services may use equal ids, and a task can be polled for an exchange besides its own record. */
    private final Map<String, List<OpenTask>> byTaskId = new HashMap<>();

    void add(OpenTask task) {
        byRecord.put(task.record().recordId(), task);
        named(task);
    }

    /** The task may have got the service's id. */
    void named(OpenTask task) {
        String id = task.record().taskId();
        if (id != null && byRecord.get(task.record().recordId()) == task) {
            byTaskId.merge(
                    id,
                    List.of(task),
                    (before, one) -> before.contains(task)
                            ? before
                            : Stream.concat(before.stream(), one.stream()).toList());
        }
    }

    /** Without effect if another one has taken its place. */
    void remove(OpenTask task) {
        byRecord.remove(task.record().recordId(), task);
        String id = task.record().taskId();
        if (id != null) {
            byTaskId.computeIfPresent(id, (same, tasks) -> {
                List<OpenTask> others = tasks.stream().filter(t -> t != task).toList();
                return others.isEmpty() ? null : others;
            });
        }
    }

    @Nullable
    OpenTask get(String recordId) {
        return byRecord.get(recordId);
    }

    boolean contains(String recordId) {
        return byRecord.containsKey(recordId);
    }

    /** Those with this id at any service, in the order in which they came. */
    List<OpenTask> withTaskId(String taskId) {
        return byTaskId.getOrDefault(taskId, List.of());
    }

    /** In the order in which they came. */
    Collection<OpenTask> all() {
        return Collections.unmodifiableCollection(byRecord.values());
    }

    int size() {
        return byRecord.size();
    }
}
