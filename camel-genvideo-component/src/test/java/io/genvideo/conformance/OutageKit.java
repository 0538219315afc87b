/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.genvideo.engine.Outcome;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The service cannot be reached, or rejects calls for a time: what was not sent is not paid, and what was paid is not lost. */
public interface OutageKit extends ConformanceKit {

    @Test
    @DisplayName("outage: a refused connection is certain not to have created anything")
    default void refusedConnectionIsDeferred() {
        try (TestBed bed = new TestBed(protocol())) {
            ReadyGeneration ready = bed.ready();
            bed.service().server().goAway();

            assertThat(ProviderCalls.await(ready.submit()))
                    .isInstanceOfSatisfying(SubmitOutcome.Deferred.class, deferred -> {
                        assertThat(deferred.error().category()).isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
                        assertThat(deferred.error().retryable()).isTrue();
                        assertThat(deferred.error().paid()).isEqualTo(Paid.NO);
                    });
        }
    }

    @Test
    @DisplayName("outage: a refused connection of a streamed create call, too")
    default void refusedConnectionOfAStreamIsDeferred() throws InterruptedException {
        try (TestBed bed = new TestBed(protocol())) {
            assumeTrue(bed.descriptor().streamsCreate(), "the provider has no streamed create call");
            ReadyGeneration ready = bed.ready();
            bed.service().server().goAway();
            EndedOnce push = new EndedOnce();

            assertThat(ProviderCalls.await(ready.submit(push))).isInstanceOf(SubmitOutcome.Deferred.class);
            push.assertNothingWasPushed();
        }
    }

    @Test
    @DisplayName("outage: a short one delays the create call")
    default void shortOutageDelaysTheCreateCall() {
        try (TestBed bed = new TestBed(protocol())) {
            bed.service().server().goAway();
            CompletableFuture<Outcome> exchange = bed.submit("key");
            bed.advance(Duration.ofSeconds(10));
            bed.service().server().comeBack();
            bed.advance(Duration.ofHours(1));

            assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(bed.service().charged()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("outage: a long one fails the exchange unpaid, and the same key works later")
    default void longOutageFailsUnpaid() {
        try (TestBed bed = new TestBed(protocol())) {
            bed.service().server().goAway();
            CompletableFuture<Outcome> exchange = bed.submit("key");
            bed.advance(Duration.ofMinutes(5));
            bed.service().server().comeBack();
            bed.advance(Duration.ofMinutes(5));

            GenvideoException failure = TestBed.failure(exchange);
            assertThat(failure.getCategory()).isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
            assertThat(failure.getError().retryable()).isTrue();
            assertThat(failure.getError().paid()).isEqualTo(Paid.NO);
            assertThat(bed.service().charged()).isZero();

            CompletableFuture<Outcome> again = bed.submit("key");
            bed.advance(Duration.ofHours(1));
            assertThat(again.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(bed.service().charged()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("outage: one while the task runs delays its result")
    default void outageWhileTheTaskRunsLosesNothing() {
        try (TestBed bed = new TestBed(protocol())) {
            CompletableFuture<Outcome> exchange = bed.submit("key");
            bed.advance(Duration.ofMillis(100));
            bed.service().server().goAway();
            bed.advance(Duration.ofHours(1));
            assertThat(exchange).isNotDone();
            bed.service().server().comeBack();
            bed.advance(Duration.ofHours(2));

            assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(bed.service().creates()).hasSize(1);
        }
    }

    @Test
    @DisplayName("outage: too many requests delay the create call")
    default void rateLimitDelaysTheCreateCall() {
        try (TestBed bed = new TestBed(protocol())) {
            bed.service().answerCreates(ServiceResponse.html(429).header("Retry-After", "60"));
            CompletableFuture<Outcome> exchange = bed.submit("key");
            bed.advance(Duration.ofSeconds(50));
            assertThat(bed.service().creates()).hasSize(1);
            bed.service().acceptCreates();
            bed.advance(Duration.ofHours(1));

            assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(bed.service().charged()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("outage: rejected credentials while the task runs delay its result")
    default void rejectedCredentialsLoseNothing() {
        try (TestBed bed = new TestBed(protocol())) {
            CompletableFuture<Outcome> exchange = bed.submit("key");
            bed.service().answerPolls(ServiceResponse.html(401));
            bed.advance(Duration.ofHours(1));
            assertThat(exchange).isNotDone();
            bed.service().answerPollsByState();
            bed.advance(Duration.ofHours(1));

            assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        }
    }

    @Test
    @DisplayName("outage: a task that the service claims not to know is polled on")
    default void unknownTaskIsPolledOn() {
        try (TestBed bed = new TestBed(protocol())) {
            CompletableFuture<Outcome> exchange = bed.submit("key");
            bed.service().answerPolls(bed.protocol().unknownTask(bed.protocol().taskId(1)));
            bed.advance(Duration.ofMinutes(10));
            assertThat(exchange).isNotDone();
            bed.service().answerPollsByState();
            bed.advance(Duration.ofHours(11));

            assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        }
    }
}
