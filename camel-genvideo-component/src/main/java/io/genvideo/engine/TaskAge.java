/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long ago a task was accepted: measured by this process, plus what the journal says of the time before. Only that part
 * depends on the time of day, and it never changes while this process runs.
 */
final class TaskAge {
    private final EventLoop loop;
    private final Duration before;
    private final Duration startedAt;

    /** @param acceptedAt as journalled by an earlier process; {@code null} if the task was accepted just now */
    TaskAge(EventLoop loop, JournalClock clock, @Nullable Instant acceptedAt) {
        this.loop = loop;
        this.before = acceptedAt == null
                ? Duration.ZERO
                : Durations.max(Duration.ZERO, Duration.between(acceptedAt, clock.now()));
        this.startedAt = loop.elapsed();
    }

    Duration now() {
        return before.plus(measured());
    }

    /** Since this process watches the task. */
    Duration measured() {
        return loop.elapsed().minus(startedAt);
    }
}
