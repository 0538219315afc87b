/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = Backoff.between(ofSeconds(2), ofSeconds(7));

    @Test
    void delaysDoubleUpToTheirBound() {
        assertThat(Stream.iterate(backoff, Backoff::next).limit(4).map(Backoff::delay))
                .containsExactly(ofSeconds(2), ofSeconds(4), ofSeconds(7), ofSeconds(7));
    }

    @Test
    void resetStartsAgain() {
        assertThat(backoff.next().next().reset()).isEqualTo(backoff);
    }

    @Test
    void theDelayFollowsFromTheNumberOfFailedAttempts() {
        assertThat(Stream.of(0, 1, 2, 3, 1_000_000).map(backoff::after))
                .containsExactly(ofSeconds(2), ofSeconds(2), ofSeconds(4), ofSeconds(7), ofSeconds(7));
    }
}
