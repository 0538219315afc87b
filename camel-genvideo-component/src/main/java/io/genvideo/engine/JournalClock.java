/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time by which records are dated, offered and kept: that of the journal, so that the clocks of the nodes need not agree.
 * Between two readings it goes on by the monotonic clock. Before the first one, and with a journal that only this process can
 * use, it is this process's.
 */
final class JournalClock {
    /** A reading that took longer says too little. */
    private static final Duration LONGEST_READING = Duration.ofSeconds(2);

    private final EventLoop loop;
    private @Nullable Instant read;
    private Duration readAt = Duration.ZERO;

    JournalClock(EventLoop loop) {
        this.loop = loop;
    }

    Instant now() {
        return read == null ? loop.now() : read.plus(loop.elapsed().minus(readAt));
    }

    /** @param sentAt when the reading began; it ends now */
    void read(Instant journal, Duration sentAt) {
        Duration took = loop.elapsed().minus(sentAt);
        if (read == null || took.compareTo(LONGEST_READING) <= 0) {
            read = journal;
            readAt = sentAt.plus(took.dividedBy(2));
        }
    }
}
