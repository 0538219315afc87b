/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.TaskPush;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Receives what is pushed over a streamed create call. */
final class EndedOnce implements TaskPush {
    private static final long MOST_SECONDS = 30;

    private final List<PollOutcome> outcomes = new CopyOnWriteArrayList<>();
    private final AtomicInteger ends = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void saw(PollOutcome outcome) {
        outcomes.add(outcome);
    }

    @Override
    public void hint() {
        // no part of an outcome
    }

    @Override
    public void ended() {
        ends.incrementAndGet();
        ended.countDown();
    }

    /** A create call that is no acceptance pushes nothing but its end. */
    void assertNothingWasPushed() throws InterruptedException {
        assertThat(ended.await(MOST_SECONDS, TimeUnit.SECONDS))
                .as("end of the push")
                .isTrue();
        assertThat(ends).hasValue(1);
        assertThat(outcomes).isEmpty();
    }
}
