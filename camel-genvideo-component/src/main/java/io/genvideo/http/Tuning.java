/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

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
record Tuning(
        Duration createIdle,
        List<Duration> backOff,
        Duration longestRetryAfter,
        Duration downloadSilence,
        HostNames.Lookup lookup) {

    static final Tuning DEFAULT = new Tuning(
            Duration.ofSeconds(1),
            List.of(Duration.ofMillis(250), Duration.ofSeconds(1)),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            InetAddress::getAllByName);

    Tuning withCreateIdle(Duration value) {
        return new Tuning(value, backOff, longestRetryAfter, downloadSilence, lookup);
    }

    Tuning withBackOff(Duration... values) {
        return new Tuning(createIdle, List.of(values), longestRetryAfter, downloadSilence, lookup);
    }

    Tuning withDownloadSilence(Duration value) {
        return new Tuning(createIdle, backOff, longestRetryAfter, value, lookup);
    }

    Tuning withLookup(HostNames.Lookup value) {
        return new Tuning(createIdle, backOff, longestRetryAfter, downloadSilence, value);
    }
}
