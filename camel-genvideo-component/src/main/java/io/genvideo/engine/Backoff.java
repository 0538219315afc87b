/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;

/**
 * Delays that double from {@code first} up to {@code most}. Immutable: {@link #next} returns the following step.
 *
 * @param delay of this step
 */
record Backoff(Duration delay, Duration first, Duration most) {

    /** At its first step. */
    static Backoff between(Duration first, Duration most) {
        return new Backoff(first, first, most);
    }

    Backoff next() {
        Duration doubled = delay.multipliedBy(2);
        return new Backoff(doubled.compareTo(most) < 0 ? doubled : most, first, most);
    }

    Backoff reset() {
        return delay.equals(first) ? this : new Backoff(first, first, most);
    }

    /** @param attempts that have failed; the first step for one or fewer */
    Duration after(int attempts) {
        Backoff step = reset();
        for (int i = 1; i < attempts && step.delay().compareTo(most) < 0; i++) {
            step = step.next();
        }
        return step.delay();
    }
}
