/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Holds the tasks of an account that are still unsent while its service can't be reached: one of them tries at a time, at
 * most every half second, instead of each by itself. Only an answer about a task lets the others go: a plan may come from a
 * cache, and an upload may be none.
 */
final class Brake {
    private static final Duration LEAST = Duration.ofMillis(500);
    private static final Duration MOST = Duration.ofSeconds(5);
    private static final long SPREAD_MILLIS = 2000;

    private final EventLoop loop;
    private final RandomGenerator random;
    private final ArrayDeque<Stopped> stopped = new ArrayDeque<>();
    private Duration next = LEAST;
    private EventLoop.@Nullable Timer tick;

    Brake(EventLoop loop, RandomGenerator random) {
        this.loop = loop;
        this.random = random;
    }

    /** Something that waits to try again. */
    interface Stopped {
        /** Whether it still waits. */
        boolean isStopped();

        /** It may try. */
        void go();
    }

    /** Whether others wait already, so that a newcomer should wait too. */
    boolean isOn() {
        stopped.removeIf(s -> !s.isStopped());
        return !stopped.isEmpty();
    }

    void stop(Stopped task) {
        stopped.addLast(task);
        if (tick == null) {
            tickLater();
        }
    }

    /** The service answered. */
    void release() {
        next = LEAST;
        List<Stopped> all = List.copyOf(stopped);
        stopped.clear();
        long window = Math.min(SPREAD_MILLIS, 20L * all.size());
        for (Stopped task : all) {
            loop.schedule(Duration.ofMillis(window <= 0 ? 0 : random.nextLong(window)), () -> {
                if (task.isStopped()) {
                    task.go();
                }
            });
        }
    }

    private void tickLater() {
        tick = loop.schedule(next, () -> {
            tick = null;
            if (isOn()) {
                Stopped first = stopped.removeFirst();
                // the next one is due whatever becomes of this one: it may never be heard of again
                tickLater();
                first.go();
            } else {
                next = LEAST;
            }
        });
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(MOST) < 0 ? doubled : MOST;
    }
}
