/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;

/** Arithmetic of durations that {@link Duration} does not have, or does with decimals, which each poll would pay for. */
final class Durations {
    private static final long NANOS = 1_000_000_000;

    private Durations() {}

    static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /** The same as {@link Duration#multipliedBy}. */
    static Duration times(Duration duration, int factor) {
        return Duration.ofSeconds(
                Math.multiplyExact(duration.getSeconds(), (long) factor), (long) duration.getNano() * factor);
    }

    /** The same as {@link Duration#dividedBy}, but for the last nanosecond. */
    static Duration part(Duration duration, int divisor) {
        long rest = duration.getSeconds() % divisor * NANOS + duration.getNano();
        return Duration.ofSeconds(duration.getSeconds() / divisor, rest / divisor);
    }
}
