/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The steps that wait for their tick; those of one tick in the order in which they came. To be used while it is locked. */
final class TimerTicks {
    /** No tick. */
    static final long NONE = Long.MAX_VALUE;

    private final TreeMap<Long, Entry> ticks = new TreeMap<>();

    /** @return cancels the step; takes the lock itself */
    EventLoop.Timer add(long tick, Runnable step) {
        Entry first = ticks.computeIfAbsent(tick, t -> new Entry(t, null));
        Entry entry = new Entry(tick, step);
        entry.previous = first.previous;
        entry.next = first;
        first.previous.next = entry;
        first.previous = entry;
        return entry;
    }

    /** {@link #NONE} if nothing waits. */
    long earliest() {
        return ticks.isEmpty() ? NONE : ticks.firstKey();
    }

    /** Removes what waits for ticks until {@code now}; a step that is cancelled before it runs does nothing. */
    List<Runnable> removeUntil(long now) {
        List<Runnable> due = new ArrayList<>();
        while (earliest() <= now) {
            Map.Entry<Long, Entry> tick = ticks.pollFirstEntry();
            Entry first = tick.getValue();
            for (Entry entry = first.next; entry != first; entry = entry.next) {
                due.add(entry);
            }
        }
        return due;
    }

    /** In a ring of those of its tick, of which the first has no step. */
    private final class Entry implements EventLoop.Timer, Runnable {
        private final long tick;
        private @Nullable Runnable step;
        private Entry previous = this;
        private Entry next = this;

        Entry(long tick, @Nullable Runnable step) {
            this.tick = tick;
            this.step = step;
        }

        @Override
        public void cancel() {
            take();
        }

        @Override
        public void run() {
            Runnable taken = take();
            if (taken != null) {
                taken.run();
            }
        }

        /** Lets go of the step at once: it may hold a whole task, and its tick may be hours away. */
        private @Nullable Runnable take() {
            synchronized (TimerTicks.this) {
                Runnable taken = step;
                if (taken != null) {
                    step = null;
                    previous.next = next;
                    next.previous = previous;
                    if (next == previous && next.step == null) {
                        ticks.remove(tick, next);
                    }
                }
                return taken;
            }
        }
    }
}
