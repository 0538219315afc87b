/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How many calls per second may start. It may change while calls wait, and may hold for some time only: after that no call
 * starts until it is set again. Thread-safe.
 */
public final class CallRate {
    private static final double LEAST = 0.001;
    private static final double MOST = 1_000_000;
    private static final long NANOS = 1_000_000_000;

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Setting setting = new Setting(0, false, 0);

    private record Setting(double perSecond, boolean ends, long endNanos) {}

    /** A rate at which no call starts before it is set. */
    public CallRate() {}

    /**
     * @param perSecond from 0.001 to 1,000,000
     * @throws IllegalArgumentException if it is not
     */
    public static CallRate of(double perSecond) {
        if (!(perSecond >= LEAST && perSecond <= MOST)) {
            throw new IllegalArgumentException("callsPerSecond must be 0.001 to 1000000");
        }
        CallRate rate = new CallRate();
        rate.set(perSecond);
        return rate;
    }

    /** @param perSecond 0 or less if no call may start */
    public void set(double perSecond) {
        change(new Setting(perSecond, false, 0));
    }

    /**
     * @param perSecond 0 or less if no call may start
     * @param validFor how long it holds from now
     */
    public void set(double perSecond, Duration validFor) {
        change(new Setting(perSecond, true, System.nanoTime() + validFor.toNanos()));
    }

    private void change(Setting value) {
        setting = value;
        listeners.forEach(Runnable::run);
    }

    /** @param changed runs after each change, on the thread of whoever has made it */
    public void onChange(Runnable changed) {
        listeners.add(changed);
    }

    /** The time between two calls, in nanoseconds; negative if no call may start now. */
    public long intervalNanos() {
        Setting now = setting;
        boolean isOver = now.ends() && System.nanoTime() - now.endNanos() >= 0;
        return isOver || now.perSecond() < LEAST ? -1 : Math.round(NANOS / Math.min(MOST, now.perSecond()));
    }
}
