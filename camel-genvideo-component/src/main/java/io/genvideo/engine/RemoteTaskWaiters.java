/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Exchanges that wait for a task that another engine watches: a living one on another machine, or one that has crashed and
 * whose lease has not ended yet. One read of the journal a second serves all of them (docs/design.md section 4.11).
 */
final class RemoteTaskWaiters {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final int LOOKS_PER_CLAIM = 5;

    private final EngineContext engine;
    private final Map<String, List<Visitor>> visitors = new LinkedHashMap<>();
    private boolean looking;
    private int looks;

    /** @param again asks for the record anew, as if the exchange had come just now */
    private record Visitor(TaskWaiter waiting, Runnable again) {}

    RemoteTaskWaiters(EngineContext engine) {
        this.engine = engine;
    }

    /** @param again asks for the record anew, as if the exchange had come just now */
    void visit(TaskRecord record, TaskWaiter wait, Runnable again) {
        expireWith(record, wait);
        visitors.computeIfAbsent(record.recordId(), id -> new ArrayList<>()).add(new Visitor(wait, again));
        if (!looking) {
            looking = true;
            lookLater();
        }
    }

    /** Until it is read again: the other engine may send it at any moment, so that only what is paid is certain. */
    private static void expireWith(TaskRecord record, TaskWaiter wait) {
        wait.onExpiry(() -> wait.fail(WaitErrors.timedOut(record, WaitErrors.paidElsewhere(record), wait.timeout())
                .toException()));
    }

    /** The component stops. */
    void stop() {
        visitors.forEach((recordId, all) -> all.forEach(v -> v.waiting().fail(EngineContext.stopped(recordId, null))));
        visitors.clear();
    }

    private void lookLater() {
        engine.loop.schedule(LOOK_EVERY, this::look);
    }

    private void look() {
        visitors.values().forEach(all -> all.removeIf(v -> v.waiting().isOver()));
        visitors.values().removeIf(List::isEmpty);
        if (visitors.isEmpty()) {
            looking = false;
            return;
        }
        looks++;
        Set<String> ids = Set.copyOf(visitors.keySet());
        engine.call(
                () -> engine.journal.call(r -> r.findAll(ids)),
                found -> {
                    Map<String, TaskRecord> records =
                            found.stream().collect(Collectors.toMap(TaskRecord::recordId, Function.identity()));
                    ids.forEach(id -> looked(id, records));
                    lookLater();
                },
                failure -> {
                    engine.observer.warning("tasks of other engines could not be looked at, trying again: " + failure);
                    lookLater();
                });
    }

    private void looked(String recordId, Map<String, TaskRecord> records) {
        List<Visitor> all = visitors.get(recordId);
        if (all == null) {
            return;
        }
        TaskRecord now = records.get(recordId);
        if (now != null) {
            all.forEach(v -> expireWith(now, v.waiting()));
        }
        boolean settled = now == null || !now.wantsOwner() || now.status().isTerminal();
        boolean accepted = now != null && now.status().isWatched();
        List<Visitor> leaving = all.stream()
                .filter(v -> settled
                        || looks % LOOKS_PER_CLAIM == 0
                        || accepted && v.waiting().isForAcceptance())
                .toList();
        all.removeAll(leaving);
        leaving.stream()
                .filter(v -> !v.waiting().isOver())
                .forEach(v -> v.again().run());
    }
}
