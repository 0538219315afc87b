/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Until when this engine may act as the owner of its records, as far as it can know: by its own monotonic clock, counted from
 * when the last renewal was sent. A process that was frozen, or is cut off from the journal, so stops by itself before others
 * may take its place (docs/design.md section 4.11). Without effect for a journal that only this process can use.
 */
final class OwnerLease {
    /** What leaves just before the lease ends must have left when it does. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private static final long SPREAD_MILLIS_PER_STEP = 20;
    private static final long SPREAD_MILLIS = 2_000;

    private final EventLoop loop;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean guarded;
    private boolean renewed;
    /** It has ended once, and what others have taken since is not known yet. */
    private boolean lost;

    private Duration until = Duration.ZERO;

    OwnerLease(EventLoop loop) {
        this.loop = loop;
    }

    /** Other processes may take what is not renewed. */
    void guard() {
        guarded = true;
    }

    boolean isHeld() {
        return !guarded || renewed && !lost && isRunning();
    }

    private boolean isRunning() {
        return loop.elapsed().compareTo(until) < 0;
    }

    /** For how long it is held at least. */
    Duration left() {
        return isHeld() ? until.minus(loop.elapsed()) : Duration.ZERO;
    }

    /** Runs a step when the lease is held again; soon, if it is. */
    void whenHeld(Runnable step) {
        waiting.addLast(step);
        if (isHeld()) {
            release();
        }
    }

    /**
     * A renewal was answered.
     *
     * @return whether the lease had ended before, so that {@link #verified} has to follow
     */
    boolean renewed(Duration sentAt) {
        lost = lost || renewed && !isRunning();
        renewed = true;
        until = Durations.max(until, sentAt.plus(Journal.LEASE).minus(MARGIN));
        if (isHeld()) {
            release();
        }
        return lost;
    }

    /** Whatever others have taken is given up. */
    void verified() {
        lost = false;
        if (isHeld()) {
            release();
        }
    }

    private void release() {
        List<Runnable> steps = List.copyOf(waiting);
        waiting.clear();
        long window = Math.min(SPREAD_MILLIS, SPREAD_MILLIS_PER_STEP * steps.size());
        for (int i = 0; i < steps.size(); i++) {
            loop.schedule(Duration.ofMillis(window * i / steps.size()), steps.get(i));
        }
    }
}
