/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does things at a time of the sandbox's clock, on one thread. A clock that is moved by hand tells nobody, so while
 * something is due it is looked at every few milliseconds.
 */
public final class Scheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private record Entry(Instant at, long number, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final InstantSource clock;
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private final Thread thread;
    private long added;
    private boolean closed;

    public Scheduler(InstantSource clock) {
        this.clock = clock;
        thread = new Thread(this::run, "sandbox-scheduler");
        thread.setDaemon(true);
        thread.start();
    }

    /** Does something when that time has come; what shares a time is done in the order of this. It must not block. */
    public synchronized void schedule(Instant time, Runnable action) {
        entries.add(new Entry(time, added++, action));
        notifyAll();
    }

    private void run() {
        for (Runnable next = next(); next != null; next = next()) {
            try {
                next.run();
            } catch (RuntimeException e) {
                LOG.warn("a scheduled action failed", e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        try {
            while (!closed) {
                Entry first = entries.peek();
                if (first == null) {
                    wait();
                    continue;
                }
                Duration left = Duration.between(clock.instant(), first.at());
                if (left.isZero() || left.isNegative()) {
                    entries.remove();
                    return first.action();
                }
                long nanos = left.compareTo(Duration.ofNanos(LOOK_NANOS)) < 0 ? left.toNanos() : LOOK_NANOS;
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanos, 100_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /** Forgets what has not been done. */
    @Override
    public synchronized void close() {
        closed = true;
        entries.clear();
        notifyAll();
    }
}
