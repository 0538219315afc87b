/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop on a scheduled executor. Whoever made the executor shuts it down.
 *
 * <p>Timers are due in ticks, and a step that comes shortly before one waits for it: with thousands of tasks in flight, to wake a
 * thread for each poll and for each response would cost more than the polls.
 */
public final class ThreadedEventLoop implements EventLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadedEventLoop.class);

    /** So much later than wanted may a step run. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** So many steps run before timers get their turn. */
    private static final int STEPS_AT_ONCE = 200;

    private final ScheduledExecutorService thread;
    private final InstantSource clock;
    private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final TimerTicks timers = new TimerTicks();
    private final long started = System.nanoTime();

    /** The tick for which the executor has a timer; it is set before that timer's steps are taken from the queue. */
    private volatile long wakesAt = TimerTicks.NONE;

    private @Nullable Future<?> wakeUp;

    /** @param thread has exactly one thread: the engine relies on it */
    public ThreadedEventLoop(ScheduledExecutorService thread, InstantSource clock) {
        this.thread = thread;
        this.clock = clock;
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNanos());
    }

    private long elapsedNanos() {
        return System.nanoTime() - started;
    }

    @Override
    public void execute(Runnable step) {
        steps.add(step);
        // a tick takes its steps after it has changed wakesAt, so that this one is seen there or not trusted here
        if (wakesAt - elapsedNanos() > TICK_NANOS || thread.isShutdown()) {
            drainLater();
        }
    }

    private void drainLater() {
        if (steps.isEmpty() || !draining.compareAndSet(false, true)) {
            return;
        }
        try {
            thread.execute(this::drain);
        } catch (RejectedExecutionException e) {
            steps.clear();
            draining.set(false);
            LOG.debug("Steps dropped, the engine is closed");
        }
    }

    private void drain() {
        Runnable step = steps.poll();
        for (int n = 1; step != null; n++) {
            run(step);
            step = n < STEPS_AT_ONCE ? steps.poll() : null;
        }
        draining.set(false);
        drainLater();
    }

    @Override
    public Timer schedule(Duration delay, Runnable step) {
        if (delay.isNegative() || delay.isZero()) {
            AtomicBoolean cancelled = new AtomicBoolean();
            execute(() -> {
                if (!cancelled.get()) {
                    step.run();
                }
            });
            return () -> cancelled.set(true);
        }
        long due = elapsedNanos() + delay.toNanos();
        long tick = due - Math.floorMod(due, TICK_NANOS) + TICK_NANOS;
        synchronized (timers) {
            Timer timer = timers.add(tick, step);
            wakeAt(tick);
            return timer;
        }
    }

    /** A timer of the executor is cancelled only for an earlier one, because steps may wait for it. */
    private void wakeAt(long tick) {
        if (tick >= wakesAt) {
            return;
        }
        Future<?> later = wakeUp;
        try {
            wakeUp = thread.schedule(this::tick, tick - elapsedNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Timers dropped, the engine is closed");
            return;
        }
        wakesAt = tick;
        if (later != null) {
            later.cancel(false);
        }
    }

    private void tick() {
        List<Runnable> due;
        synchronized (timers) {
            wakeUp = null;
            wakesAt = TimerTicks.NONE;
            due = timers.removeUntil(elapsedNanos());
            long next = timers.earliest();
            if (next != TimerTicks.NONE) {
                wakeAt(next);
            }
        }
        boolean drains = draining.compareAndSet(false, true);
        due.forEach(ThreadedEventLoop::run);
        if (drains) {
            drain();
        }
    }

    private static void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A step of the task engine failed; other tasks go on", e);
        }
    }
}
