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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges that wait for a task that another engine polls: a living one on another machine, or one that has crashed and whose
 * lease has not ended yet. One read of the journal serves all of them, once a second; if many wait, and the reads take long,
 * less often, so that the journal stays free for other calls (docs/design.md section 4.11).
 */
final class RemoteTaskWaiters {
    private static final Duration READ_EVERY = Duration.ofSeconds(1);
    private static final int READS_PER_CLAIM = 5;
    /** How many tasks are claimed at once: the other engine lives as a rule, and a claim of each would fill the journal. */
    private static final int CLAIMS = 50;

    private final EngineContext engine;
    /** By record id; those that have claimed come last. */
    private final Map<String, List<Waiting>> waiting = new LinkedHashMap<>();

    private boolean reading;
    private int reads;
    private int claimsLeft;

    /** @param resume handles the record again, as for an exchange that has just come */
    private record Waiting(TaskWaiter waiter, Runnable resume) {}

    RemoteTaskWaiters(EngineContext engine) {
        this.engine = engine;
    }

    /** @param resume handles the record again, as for an exchange that has just come */
    void add(TaskRecord record, TaskWaiter waiter, Runnable resume) {
        expireWith(record, waiter);
        waiting.computeIfAbsent(record.recordId(), id -> new ArrayList<>()).add(new Waiting(waiter, resume));
        if (!reading) {
            reading = true;
            engine.loop.schedule(READ_EVERY, this::read);
        }
    }

    /** Until it is read again: the other engine may send it at any moment, so that only what is paid is certain. */
    private static void expireWith(TaskRecord record, TaskWaiter waiter) {
        waiter.onExpiry(
                () -> waiter.fail(WaitErrors.timedOut(record, WaitErrors.paidElsewhere(record), waiter.timeout())
                        .toException()));
    }

    /** The component stops. */
    void stop() {
        waiting.forEach((recordId, all) -> all.forEach(w -> w.waiter().fail(EngineContext.stopped(recordId, null))));
        waiting.clear();
    }

    private void read() {
        waiting.values().forEach(all -> all.removeIf(w -> w.waiter().isOver()));
        waiting.values().removeIf(List::isEmpty);
        if (waiting.isEmpty()) {
            reading = false;
            return;
        }
        reads++;
        claimsLeft = reads % READS_PER_CLAIM == 0 ? CLAIMS : 0;
        Duration started = engine.loop.elapsed();
        List<String> ids = List.copyOf(waiting.keySet());
        engine.call(
                () -> engine.journal.call(r -> r.findAll(ids)),
                found -> {
                    Map<String, TaskRecord> records =
                            found.stream().collect(Collectors.toMap(TaskRecord::recordId, Function.identity()));
                    ids.forEach(id -> resume(id, records.get(id)));
                    readLater(started);
                },
                failure -> {
                    engine.outage.failed("tasks of other engines could not be read, trying again", failure);
                    readLater(started);
                });
    }

    private void readLater(Duration started) {
        Duration took = engine.loop.elapsed().minus(started);
        engine.loop.schedule(Durations.max(READ_EVERY, took.multipliedBy(2)), this::read);
    }

    private void resume(String recordId, @Nullable TaskRecord now) {
        List<Waiting> all = waiting.get(recordId);
        if (all == null) {
            return;
        }
        if (now != null) {
            all.forEach(w -> expireWith(now, w.waiter()));
        }
        boolean settled = now == null || !now.wantsOwner() || now.status().isTerminal();
        boolean isHere = engine.open.contains(recordId);
        boolean accepted = now != null && now.status().isWatched();
        List<Waiting> leaving = new ArrayList<>(all.stream()
                .filter(w -> settled || isHere || accepted && w.waiter().isForAcceptance())
                .toList());
        if (leaving.isEmpty() && claimsLeft > 0) {
            // one of them claims for all
            claimsLeft--;
            leaving.add(all.get(0));
        }
        all.removeAll(leaving);
        if (all.isEmpty()) {
            waiting.remove(recordId);
        }
        leaving.stream()
                .filter(w -> !w.waiter().isOver())
                .forEach(w -> w.resume().run());
    }
}
