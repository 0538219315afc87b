/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Waiting for an answer, and saying clearly when nobody waits for it any more. */
class FuturesTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(10);

    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private final IllegalStateException late = new IllegalStateException("late");

    @Test
    void returnsTheValue() throws Exception {
        answer.complete("yes");
        assertThat(Futures.within(LONG, answer, () -> late)).isEqualTo("yes");
        assertThat(Futures.isThereAfter(LONG, answer)).isTrue();
    }

    @Test
    void aLateCompletionHasNoEffect() {
        assertThatThrownBy(() -> Futures.within(SHORT, answer, () -> late)).isSameAs(late);
        assertThat(answer.complete("yes")).as("somebody listens").isFalse();
    }

    @Test
    void aValueAtTheLastMomentCounts() throws Exception {
        assertThat(Futures.within(SHORT, answer, () -> {
                    answer.complete("yes");
                    return late;
                }))
                .isEqualTo("yes");
    }

    @Test
    void awaitingForAWhileLeavesTheFutureOpen() throws Exception {
        assertThat(Futures.isThereAfter(SHORT, answer)).isFalse();
        assertThat(answer.complete("yes")).isTrue();
    }

    @Test
    void throwsTheFailureItself() {
        IllegalArgumentException why = new IllegalArgumentException("why");
        answer.completeExceptionally(new CompletionException(why));
        assertThatThrownBy(() -> Futures.within(LONG, answer, () -> late)).isSameAs(why);
        assertThatThrownBy(() -> Futures.isThereAfter(LONG, answer)).isSameAs(why);
    }

    @Test
    void anInterruptionEndsTheWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Futures.within(LONG, answer, () -> late)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThat(answer.complete("yes")).isFalse();
    }
}
