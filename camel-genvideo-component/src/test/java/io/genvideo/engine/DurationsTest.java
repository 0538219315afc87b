/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DurationsTest {
    private static final int TIMES = 2_000;

    @Test
    void timesAndPartAreWhatDurationGivesToTheNanosecond() {
        Random random = new Random(7);
        for (int i = 0; i < TIMES; i++) {
            Duration any = Duration.ofNanos(random.nextLong() >> random.nextInt(63));
            int number = 1 + random.nextInt(100);

            assertThat(Durations.times(any, number)).as("%s * %d", any, number).isEqualTo(any.multipliedBy(number));
            assertThat(Durations.part(any, number).minus(any.dividedBy(number)).abs())
                    .as("%s / %d", any, number)
                    .isLessThanOrEqualTo(Duration.ofNanos(1));
        }
    }
}
