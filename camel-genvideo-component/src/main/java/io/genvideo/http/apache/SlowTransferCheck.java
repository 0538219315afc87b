/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.time.Duration;

/** Fails a transfer that trickles: less than so many bytes within a span of time that has passed completely. */
final class SlowTransferCheck {
    private final Duration window;
    private final long leastBytes;
    private long windowStart = System.nanoTime();
    private long bytes;

    SlowTransferCheck(Duration window, long leastBytes) {
        this.window = window;
        this.leastBytes = leastBytes;
    }

    void received(int count) throws Failures.DescribedException {
        bytes += count;
        long now = System.nanoTime();
        if (now - windowStart < window.toNanos()) {
            return;
        }
        if (bytes < leastBytes) {
            throw new Failures.DescribedException("the server sent only " + bytes + " bytes within " + window.toMillis()
                    + " ms; at least " + leastBytes + " are expected");
        }
        windowStart = now;
        bytes = 0;
    }
}
