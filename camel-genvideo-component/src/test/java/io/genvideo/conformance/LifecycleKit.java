/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.genvideo.engine.Outcome;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Media;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmitOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** From the request to each of the ends that a task can have, with one create call. */
public interface LifecycleKit extends ConformanceKit {

    @Test
    @DisplayName("lifecycle: a task succeeds after one create call")
    default void taskSucceedsAfterOneCreateCall() {
        try (TestBed bed = new TestBed(protocol())) {
            CompletableFuture<Outcome> exchange = bed.submit("key");
            bed.advance(Duration.ofHours(1));

            assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(exchange.join().task().handle()).isEqualTo(bed.protocol().taskId(1));
            assertThat(exchange.join().task().media()).extracting(Media::url).contains(SimulatedService.MEDIUM);
            assertThat(bed.service().creates()).hasSize(1);
        }
    }

    @Test
    @DisplayName("lifecycle: the same key gets the same result, and is paid once")
    default void sameKeyIsPaidOnce() {
        try (TestBed bed = new TestBed(protocol())) {
            CompletableFuture<Outcome> first = bed.submit("key");
            CompletableFuture<Outcome> second = bed.submit("key");
            bed.advance(Duration.ofHours(1));

            assertThat(second.join().task().handle())
                    .isEqualTo(first.join().task().handle());
            assertThat(bed.service().charged()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("lifecycle: a task succeeds over a streamed create call")
    default void taskSucceedsOverAStream() {
        try (TestBed bed = new TestBed(protocol())) {
            assumeTrue(bed.descriptor().streamsCreate(), "the provider has no streamed create call");
            CompletableFuture<Outcome> exchange = bed.process().submit(bed.request(), "key", CallOptions.DEFAULT, true);
            bed.advance(Duration.ofHours(1));

            assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(bed.service().charged()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("lifecycle: a task that fails ends with the service's reason")
    default void failedTaskEndsWithTheReason() {
        try (TestBed bed = new TestBed(protocol())) {
            String taskId = bed.protocol().taskId(1);
            bed.service().answerPolls(bed.protocol().failed(taskId, "the scene cannot be drawn"));
            CompletableFuture<Outcome> exchange = bed.submit("key");
            bed.advance(Duration.ofHours(1));

            GenvideoException failure = TestBed.failure(exchange);
            assertThat(failure).hasMessageContaining("the scene cannot be drawn");
            assertThat(failure.getError().handle()).isEqualTo(taskId);
            assertThat(failure.getError().provider()).isEqualTo(bed.descriptor().name());
            assertThat(bed.records(TaskStatus.FAILED)).isEqualTo(1);
            assertThat(bed.service().creates()).hasSize(1);
        }
    }

    @Test
    @DisplayName("lifecycle: a task that was cancelled at the service ends as cancelled")
    default void cancelledTaskEndsAsCancelled() {
        try (TestBed bed = new TestBed(protocol())) {
            var cancelled = bed.protocol().cancelled(bed.protocol().taskId(1));
            assumeTrue(cancelled.isPresent(), "the service has no such state");
            bed.service().answerPolls(cancelled.get());
            CompletableFuture<Outcome> exchange = bed.submit("key");
            bed.advance(Duration.ofHours(1));

            assertThat(TestBed.failure(exchange).getCategory()).isEqualTo(ErrorCategory.CANCELLED);
            assertThat(bed.records(TaskStatus.CANCELLED)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("lifecycle: nothing is sent before the request is submitted, and then one create call each time")
    default void eachSubmitSendsOneCall() {
        try (TestBed bed = new TestBed(protocol())) {
            var ready = bed.ready();
            assertThat(bed.service().creates()).isEmpty();

            assertThat(ProviderCalls.await(ready.submit())).isInstanceOf(SubmitOutcome.Accepted.class);
            assertThat(bed.service().creates()).hasSize(1);
            ProviderCalls.await(ready.submit());
            assertThat(bed.service().creates()).hasSize(2);
        }
    }

    @Test
    @DisplayName("lifecycle: a poll reads each state, and creates nothing")
    default void pollReadsEachState() {
        try (TestBed bed = new TestBed(protocol())) {
            String taskId = bed.protocol().taskId(1);
            bed.service().knows(taskId);

            assertThat(bed.poll(taskId))
                    .isInstanceOfSatisfying(
                            PollOutcome.Pending.class,
                            pending -> assertThat(pending.status()).isEqualTo(TaskStatus.QUEUED));
            assertThat(bed.poll(taskId))
                    .isInstanceOfSatisfying(
                            PollOutcome.Pending.class,
                            pending -> assertThat(pending.status()).isEqualTo(TaskStatus.RUNNING));
            assertThat(bed.poll(taskId)).isInstanceOf(PollOutcome.Succeeded.class);
            assertThat(bed.service().creates()).isEmpty();
        }
    }
}
