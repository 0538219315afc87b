/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What users have no reason to change and tests do.
 *
 * @param createIdle how long a connection may sit idle and still carry a create
 * @param backOff before each repeat of a read, on average
 * @param longestRetryAfter a 503 that asks for more is given to the caller
 * @param downloadSilence a download without a byte for so long has stalled
 */
record HttpTimings(
        Duration createIdle,
        List<Duration> backOff,
        Duration longestRetryAfter,
        Duration downloadSilence,
        AsyncDnsResolver.Lookup lookup) {

    static final HttpTimings DEFAULT = new HttpTimings(
            Duration.ofSeconds(1),
            List.of(Duration.ofMillis(250), Duration.ofSeconds(1)),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            InetAddress::getAllByName);

    HttpTimings withCreateIdle(Duration value) {
        return new HttpTimings(value, backOff, longestRetryAfter, downloadSilence, lookup);
    }

    HttpTimings withBackOff(Duration... values) {
        return new HttpTimings(createIdle, List.of(values), longestRetryAfter, downloadSilence, lookup);
    }

    HttpTimings withDownloadSilence(Duration value) {
        return new HttpTimings(createIdle, backOff, longestRetryAfter, value, lookup);
    }

    HttpTimings withLookup(AsyncDnsResolver.Lookup value) {
        return new HttpTimings(createIdle, backOff, longestRetryAfter, downloadSilence, value);
    }
}
