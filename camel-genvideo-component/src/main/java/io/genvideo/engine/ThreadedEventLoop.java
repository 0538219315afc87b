/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loop on a scheduled executor. Whoever made the executor shuts it down. */
public final class ThreadedEventLoop implements EventLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadedEventLoop.class);
    private static final Timer NEVER = () -> {};

    /** So many steps run before timers get their turn. */
    private static final int STEPS_AT_ONCE = 200;

    private final ScheduledExecutorService thread;
    private final InstantSource clock;
    /** Steps that wait for no time: the executor would sort each of them into its timers. */
    private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean draining = new AtomicBoolean();
    private final long started = System.nanoTime();

    /**
     * @param thread has exactly one thread: the engine relies on it; and should remove cancelled timers at once, because the
     *     deadline of a wait that ended early would otherwise be kept, with its task, until it is due
     */
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
        return Duration.ofNanos(System.nanoTime() - started);
    }

    @Override
    public void execute(Runnable step) {
        steps.add(step);
        drainLater();
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
        try {
            Future<?> future = thread.schedule(() -> run(step), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            LOG.debug("Timer dropped, the engine is closed");
            return NEVER;
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
