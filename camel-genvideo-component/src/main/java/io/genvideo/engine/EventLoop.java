/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.time.Instant;

/**
 * The one thread that all engine state belongs to, its clock and its timers. Steps run one after the other; none may block.
 */
public interface EventLoop {

    /** The time of day, for time stamps: it may be set while this runs, so durations are not measured by it. */
    Instant now();

    /** The time since a fixed moment that never changes while this runs: for durations. Never goes back. */
    Duration elapsed();

    /** Runs a step soon, after those already waiting. From any thread. A closed loop drops it. */
    void execute(Runnable step);

    /** Runs a step once, not before {@code delay} is over. From any thread. */
    Timer schedule(Duration delay, Runnable step);

    /** A step that waits for its time. */
    interface Timer {
        /** The step does not run, unless it already does. */
        void cancel();
    }
}
