/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import io.genvideo.engine.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * An {@link EventLoop} whose time the test turns. Steps run on the thread that turns it, those of one instant in the
 * order in which they came; a step that fails fails the test. Steps may be added from any thread.
 */
public final class VirtualLoop implements EventLoop {
    /** A day of a fixed year, so that a failure reads the same on every run. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final int STEPS_PER_INSTANT = 5_000_000;

    private final TreeSet<Step> steps =
            new TreeSet<>(Comparator.comparing(Step::due).thenComparing(Step::order));
    private Instant now = START;
    private Duration clockError = Duration.ZERO;
    private Runnable beforeTimePasses = () -> {};
    private long added;
    private boolean closed;

    private record Step(Instant due, long order, Runnable work) {}

    @Override
    public synchronized Instant now() {
        return now.plus(clockError);
    }

    /** How long ago this loop started, whatever its clock shows. */
    @Override
    public synchronized Duration elapsed() {
        return Duration.between(START, now);
    }

    /** Somebody sets the clock: {@link #now} jumps, while timers and {@link #elapsed} go on. */
    public synchronized void setClock(Duration ahead) {
        clockError = clockError.plus(ahead);
    }

    @Override
    public void execute(Runnable step) {
        schedule(Duration.ZERO, step);
    }

    @Override
    public synchronized Timer schedule(Duration delay, Runnable work) {
        if (closed) {
            return () -> {};
        }
        Step step = new Step(delay.isNegative() ? now : now.plus(delay), added++, work);
        steps.add(step);
        return () -> cancel(step);
    }

    private synchronized void cancel(Step step) {
        steps.remove(step);
    }

    /**
     * Is called whenever nothing is left to do at the present time. A test whose steps wait for real sockets waits for them here:
     * then no time passes while a call is under way.
     */
    public void beforeTimePasses(Runnable value) {
        beforeTimePasses = value;
    }

    /** How many steps wait for their time; a task that has ended must leave none behind. */
    public synchronized int pending() {
        return steps.size();
    }

    /** From now on every step is dropped, as by an executor that was shut down. */
    public synchronized void close() {
        closed = true;
        steps.clear();
    }

    /** Runs what is due now. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /** Lets time pass, and runs each step at its time. */
    public void advance(Duration time) {
        Instant end = instant().plus(time);
        runUntil(() -> false, end);
        synchronized (this) {
            now = end;
        }
    }

    /**
     * Runs step after step until none is left.
     *
     * @throws AssertionError if there still are steps after {@code atMost}
     */
    public void runUntilIdle(Duration atMost) {
        runUntil(() -> false, instant().plus(atMost));
        if (pending() > 0) {
            throw new AssertionError("still " + pending() + " steps to run after " + atMost);
        }
    }

    /**
     * Runs step after step until something holds.
     *
     * @throws AssertionError if it does not hold after {@code atMost}
     */
    public void runUntil(BooleanSupplier condition, Duration atMost) {
        if (!runUntil(condition, instant().plus(atMost))) {
            throw new AssertionError("not reached within " + atMost);
        }
    }

    private boolean runUntil(BooleanSupplier condition, Instant end) {
        int inThisInstant = 0;
        while (!condition.getAsBoolean()) {
            Instant before = instant();
            Step next = takeUntil(before);
            if (next == null) {
                beforeTimePasses.run();
                next = takeUntil(end);
            }
            if (next == null) {
                return false;
            }
            inThisInstant = instant().equals(before) ? inThisInstant + 1 : 0;
            if (inThisInstant > STEPS_PER_INSTANT) {
                throw new AssertionError(
                        "time stands still at " + elapsed() + ": a step keeps adding steps without delay");
            }
            next.work().run();
        }
        return true;
    }

    private synchronized Instant instant() {
        return now;
    }

    private synchronized Step takeUntil(Instant end) {
        if (steps.isEmpty() || steps.first().due().isAfter(end)) {
            return null;
        }
        Step next = steps.pollFirst();
        now = next.due();
        return next;
    }
}
