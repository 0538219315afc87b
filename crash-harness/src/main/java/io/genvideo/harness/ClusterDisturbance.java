/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Lets events happen to nodes and to the database, one beginning after the other, and ends each after its time. */
final class ClusterDisturbance {
    /** Longer than the lease of a create call, which is 30 s longer than the time-out of its request. */
    private static final Duration BEYOND_LEASE = ClusterNode.REQUEST_TIMEOUT.plusSeconds(35);

    private static final Duration TICK = Duration.ofMillis(5);
    private static final Duration CREATE_COMES_WITHIN = Duration.ofSeconds(20);
    /** A call that has lasted so long is one whose response stalls. */
    private static final String STALLED_CREATES = "SELECT OWNER FROM GENVIDEO_TASK WHERE STATUS = 'SUBMITTING'"
            + " AND SUBMITTING_AT < CURRENT_TIMESTAMP - INTERVAL '700 milliseconds'";

    private static final long LONGEST_HANG = 15_000;

    /** What ends an event of a node or of the database. */
    private record End(long at, Object subject, Runnable action) {}

    private final List<ClusterNode> nodes;
    private final ClusterDatabase database;
    private final TakeoverMonitor monitor;
    private final Random random;
    private final ClusterSettings settings;
    private final List<End> ends = new ArrayList<>();
    private final Set<Object> disturbed = new HashSet<>();
    private final List<ClusterEvent> deck = new ArrayList<>();
    private final Map<ClusterEvent, Integer> happened = new EnumMap<>(ClusterEvent.class);
    private final List<Instant> freezes = new ArrayList<>();

    ClusterDisturbance(
            ClusterSettings settings,
            List<ClusterNode> nodes,
            ClusterDatabase database,
            TakeoverMonitor monitor,
            Random random) {
        this.settings = settings;
        this.nodes = nodes;
        this.database = database;
        this.monitor = monitor;
        this.random = random;
    }

    /** Lets the next event begin, as soon as its subject is undisturbed. @return what happens, for the report */
    String next() {
        if (deck.isEmpty()) {
            deck.addAll(settings.kinds());
            Collections.shuffle(deck, random);
        }
        ClusterEvent event = deck.remove(deck.size() - 1);
        happened.merge(event, 1, Integer::sum);
        if (!event.isOfNode()) {
            return disturb(event);
        }
        return disturb(event, event == ClusterEvent.FREEZE_IN_CREATE ? creatingNode() : freeNode());
    }

    /** A node that waits for the response to a create call, or any if none does for long. */
    private ClusterNode creatingNode() {
        long until = System.nanoTime() + CREATE_COMES_WITHIN.toNanos();
        while (System.nanoTime() - until < 0) {
            ClusterNode any = freeNode();
            try {
                List<String> owners = database.query(STALLED_CREATES, row -> row.getString(1));
                for (ClusterNode node : nodes) {
                    String process = node.route().pid() + "-";
                    if (!disturbed.contains(node) && owners.stream().anyMatch(owner -> owner.startsWith(process))) {
                        return node;
                    }
                }
            } catch (SQLException databaseIsAway) {
                return any;
            }
            pause(TICK);
        }
        return freeNode();
    }

    private ClusterNode freeNode() {
        while (true) {
            List<ClusterNode> free =
                    nodes.stream().filter(n -> !disturbed.contains(n)).toList();
            if (!free.isEmpty()) {
                return free.get(random.nextInt(free.size()));
            }
            pause(TICK);
        }
    }

    /** Passes time, in which events end. */
    void pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        do {
            List<End> due =
                    ends.stream().filter(e -> System.nanoTime() - e.at() >= 0).toList();
            due.forEach(this::end);
            Waits.pause(TICK);
        } while (System.nanoTime() - until < 0);
    }

    /** Passes time until all events have ended. */
    void awaitEnds() {
        while (!ends.isEmpty()) {
            pause(TICK);
        }
    }

    /** When nodes were frozen. */
    List<Instant> freezes() {
        return List.copyOf(freezes);
    }

    private void end(End end) {
        ends.remove(end);
        end.action().run();
        disturbed.remove(end.subject());
    }

    private void later(Duration time, Object subject, Runnable action) {
        disturbed.add(subject);
        ends.add(new End(System.nanoTime() + time.toNanos(), subject, action));
    }

    private Duration upTo(long millis) {
        return Duration.ofMillis(Math.min(500, millis) + random.nextLong(Math.max(1, millis)));
    }

    private Duration away() {
        return upTo(settings.longest().toMillis());
    }

    private String disturb(ClusterEvent event, ClusterNode node) {
        RouteProcess process = node.route();
        process.requireAlive();
        long pid = process.pid();
        Duration away = away();
        switch (event) {
            case KILL -> {
                monitor.lost(pid);
                process.kill();
                later(away, node, process::start);
            }
            case STOP -> {
                process.terminate();
                away = away.dividedBy(4);
                later(away, node, process::start);
            }
            case CUT -> {
                node.link().cut();
                monitor.lost(pid);
                later(away, node, () -> {
                    monitor.isBack(pid);
                    node.link().restore();
                });
            }
            default -> {
                if (event == ClusterEvent.FREEZE_IN_CREATE) {
                    away = BEYOND_LEASE.plus(upTo(15_000));
                }
                process.freeze();
                freezes.add(Instant.now());
                monitor.lost(pid);
                later(away, node, () -> {
                    monitor.isBack(pid);
                    process.thaw();
                });
            }
        }
        return node.name() + " " + text(event) + " for " + away.toMillis() + " ms";
    }

    private String disturb(ClusterEvent event) {
        while (disturbed.contains(database)) {
            pause(TICK);
        }
        switch (event) {
            case DATABASE_RESTART -> database.restart();
            case DATABASE_CRASH -> database.crash();
            default -> {
                Duration away = upTo(Math.min(LONGEST_HANG, settings.longest().toMillis()));
                database.hang();
                later(away, database, database::resume);
                return text(event) + " for " + away.toMillis() + " ms";
            }
        }
        return text(event);
    }

    private static String text(ClusterEvent event) {
        return event.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Override
    public String toString() {
        return happened.toString();
    }
}
