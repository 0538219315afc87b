/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * Times and rates that users have no reason to change and tests do.
 *
 * @param createIdle how long a connection may be idle and still carry a create
 * @param backOff before each repeat of a read, on average
 * @param longestRetryAfter a 503 with a longer {@code Retry-After} is returned to the caller
 * @param downloadSilence a download without a byte for so long has failed
 * @param slowWindow a download that brings less than {@code slowBytes} within so long has failed
 * @param lookup resolves names
 */
record HttpTimings(
        Duration createIdle,
        List<Duration> backOff,
        Duration longestRetryAfter,
        Duration downloadSilence,
        Duration slowWindow,
        long slowBytes,
        AsyncDnsResolver.Lookup lookup) {

    static final HttpTimings DEFAULT = new HttpTimings(
            Duration.ofSeconds(1),
            List.of(Duration.ofMillis(250), Duration.ofSeconds(1)),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            64 * 1024,
            InetAddress::getAllByName);

    HttpTimings withCreateIdle(Duration value) {
        return new HttpTimings(value, backOff, longestRetryAfter, downloadSilence, slowWindow, slowBytes, lookup);
    }

    HttpTimings withBackOff(Duration... values) {
        return new HttpTimings(
                createIdle, List.of(values), longestRetryAfter, downloadSilence, slowWindow, slowBytes, lookup);
    }

    HttpTimings withDownloadSilence(Duration value) {
        return new HttpTimings(createIdle, backOff, longestRetryAfter, value, slowWindow, slowBytes, lookup);
    }

    HttpTimings withSlowestDownload(Duration window, long bytes) {
        return new HttpTimings(createIdle, backOff, longestRetryAfter, downloadSilence, window, bytes, lookup);
    }

    HttpTimings withLookup(AsyncDnsResolver.Lookup value) {
        return new HttpTimings(createIdle, backOff, longestRetryAfter, downloadSilence, slowWindow, slowBytes, value);
    }
}
