/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a task is polled next: one poll at a time, and another one after it if something happens meanwhile. */
final class PollTimer {
    private final EventLoop loop;
    private final Runnable poll;
    /** One for all polls, as the times are plain numbers: thousands of tasks live long, and what they point to is collected late. */
    private final Runnable due = this::due;

    private EventLoop.@Nullable Timer next;
    private long nextAtNanos;
    private long polledAtNanos;
    private boolean hinted;

    PollTimer(EventLoop loop, Runnable poll) {
        this.loop = loop;
        this.poll = poll;
        this.nextAtNanos = loop.elapsed().toNanos();
        this.polledAtNanos = nextAtNanos;
    }

    /** Whether the next poll waits for its time; otherwise one is under way. */
    boolean isSet() {
        return next != null;
    }

    void pollIn(Duration delay) {
        cancel();
        nextAtNanos = loop.elapsed().plus(delay).toNanos();
        next = loop.schedule(delay, due);
    }

    private void due() {
        next = null;
        polledAtNanos = loop.elapsed().toNanos();
        poll.run();
    }

    /** The poll that was under way has ended. Polls at once if something has happened since it began. */
    void pollAgainIn(Duration delay) {
        boolean atOnce = hinted;
        hinted = false;
        pollIn(atOnce ? Duration.ZERO : delay);
    }

    /** Polls not later than this time after the last poll began. Without effect while a poll is under way. */
    void pollWithin(Duration interval) {
        Duration now = loop.elapsed();
        Duration at = Durations.max(Duration.ofNanos(polledAtNanos).plus(interval), now);
        if (isSet() && at.toNanos() < nextAtNanos) {
            pollIn(at.minus(now));
        }
    }

    /** Something happened. A poll that is under way may have missed it, so that another one follows. */
    void pollNow() {
        if (isSet()) {
            pollIn(Duration.ZERO);
        } else {
            hinted = true;
        }
    }

    void cancel() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }
}
