/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.genvideo.conformance.ServiceServer.Reply;
import io.genvideo.engine.Outcome;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.SubmitOutcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The service has created the task and its response is lost: there is no second create call, and the task is recovered or
 * uncertain, never forgotten.
 */
public interface LostResponsesKit extends ConformanceKit {
    private static Map<String, Function<ServiceResponse, Reply>> losses() {
        Map<String, Function<ServiceResponse, Reply>> losses = new LinkedHashMap<>();
        losses.put("reset", response -> Reply.None.RESET);
        losses.put("closed", response -> Reply.None.CLOSED);
        losses.put("noise", response -> Reply.None.NOISE);
        losses.put("time-out", response -> Reply.None.SILENCE);
        losses.put("half a body", Reply.HalfBody::new);
        losses.put("502 of a load balancer", response -> new Reply.Complete(ServiceResponse.html(502)));
        losses.put("504 of a load balancer", response -> new Reply.Complete(ServiceResponse.html(504)));
        return losses;
    }

    private static CallOptions optionsFor(TestBed bed, Function<ServiceResponse, Reply> loss) {
        return TestBed.optionsFor(
                loss.apply(bed.protocol().accepted(bed.protocol().taskId(1))));
    }

    @TestFactory
    @DisplayName("lost response to create: unknown")
    default Stream<DynamicTest> lostResponseIsUnknown() {
        return losses().entrySet().stream()
                .map(loss -> dynamicTest(loss.getKey(), () -> {
                    try (TestBed bed = new TestBed(protocol())) {
                        bed.service().breakAnswersToCreates(loss.getValue());

                        SubmitOutcome outcome = ProviderCalls.await(
                                bed.ready(optionsFor(bed, loss.getValue())).submit());

                        assertThat(outcome).isInstanceOf(SubmitOutcome.Unknown.class);
                        assertThat(ProviderCalls.error(outcome).category())
                                .isEqualTo(ErrorCategory.UNCERTAIN_SUBMISSION);
                        assertThat(ProviderCalls.error(outcome).paid()).isEqualTo(Paid.UNKNOWN);
                        assertThat(bed.service().creates()).hasSize(1);
                    }
                }));
    }

    @TestFactory
    @DisplayName("lost response to a streamed create call: unknown")
    default Stream<DynamicTest> lostStreamIsUnknown() {
        Stream<Reply> noise = Stream.of(Reply.None.values());
        Stream<Reply> foreign =
                Stream.of(500, 502, 503, 504).map(status -> new Reply.Complete(ServiceResponse.html(status)));
        boolean streams = protocol().factory().descriptor().streamsCreate();
        return Stream.concat(noise, foreign)
                .filter(reply -> streams)
                .map(reply -> dynamicTest(reply.toString(), () -> {
                    try (TestBed bed = new TestBed(protocol())) {
                        bed.service().answerCreates(reply);
                        EndedOnce push = new EndedOnce();

                        SubmitOutcome outcome = ProviderCalls.await(
                                bed.ready(TestBed.optionsFor(reply)).submit(push));

                        assertThat(outcome).isInstanceOf(SubmitOutcome.Unknown.class);
                        push.assertNothingWasPushed();
                        assertThat(bed.service().creates()).hasSize(1);
                    }
                }));
    }

    @TestFactory
    @DisplayName("lost response to create: never a second create call")
    default Stream<DynamicTest> lostResponseIsNeverPaidTwice() {
        return losses().entrySet().stream()
                .map(loss -> dynamicTest(loss.getKey(), () -> {
                    try (TestBed bed = new TestBed(protocol())) {
                        bed.service().breakAnswersToCreates(loss.getValue());
                        CallOptions options = optionsFor(bed, loss.getValue());
                        CompletableFuture<Outcome> exchange = bed.submit("key", options);
                        bed.advance(Duration.ofHours(1));
                        bed.service().acceptCreates();
                        CompletableFuture<Outcome> again = bed.submit("key");
                        bed.advance(Duration.ofHours(1));

                        assertThat(bed.service().creates()).hasSize(1);
                        recoveredOrUncertain(bed, exchange);
                        recoveredOrUncertain(bed, again);
                    }
                }));
    }

    private static void recoveredOrUncertain(TestBed bed, CompletableFuture<Outcome> exchange) {
        if (bed.records(TaskStatus.SUCCEEDED) == 1) {
            assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
            return;
        }
        GenvideoException failure = TestBed.failure(exchange);
        assertThat(failure.getCategory()).isEqualTo(ErrorCategory.UNCERTAIN_SUBMISSION);
        assertThat(failure.getError().paid()).isEqualTo(Paid.UNKNOWN);
        assertThat(bed.records(TaskStatus.UNCERTAIN)).isEqualTo(1);
    }

    @TestFactory
    @DisplayName("lost responses to polls: the result arrives all the same")
    default Stream<DynamicTest> lostPollsLoseNothing() {
        return Stream.of(Reply.None.RESET, new Reply.Complete(ServiceResponse.html(503)))
                .map(reply -> dynamicTest(reply.toString(), () -> {
                    try (TestBed bed = new TestBed(protocol())) {
                        CompletableFuture<Outcome> exchange = bed.submit("key");
                        bed.service().answerPolls(reply);
                        bed.advance(Duration.ofMinutes(30));
                        assertThat(exchange).isNotDone();
                        bed.service().answerPollsByState();
                        bed.advance(Duration.ofHours(1));

                        assertThat(exchange.join().task().status()).isEqualTo(TaskStatus.SUCCEEDED);
                        assertThat(bed.service().creates()).hasSize(1);
                    }
                }));
    }
}
