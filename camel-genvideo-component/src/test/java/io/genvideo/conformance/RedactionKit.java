/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.genvideo.conformance.ServiceServer.Reply;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * No key, prompt or signature in an outcome, exception, log line or record, even if the service quotes it (docs/design.md
 * section 2.3). The prompt of a task that is polled is known only if the response repeats it.
 */
public interface RedactionKit extends ConformanceKit {

    @Test
    @DisplayName("redaction: the kit reads the log")
    default void kitReadsTheLog() {
        try (TestBed bed = new TestBed(protocol());
                LogLines log = new LogLines(bed.factory().getClass().getPackageName())) {
            bed.submit("key");
            bed.advance(Duration.ofHours(1));

            assertThat(log.lines())
                    .as("lines in the log; log4j-slf4j2-impl has to be on the class path")
                    .isNotEmpty();
        }
    }

    @TestFactory
    @DisplayName("redaction: errors of the create call")
    default Stream<DynamicTest> errorsOfCreateShowNoSecret() {
        Stream<CreateError> own = protocol().createErrors().stream();
        Stream<CreateError> foreign = Stream.of(200, 302, 400, 401, 404, 429, 500, 504)
                .map(status -> CreateError.uncertain(
                        "HTTP " + status, message -> ServiceResponse.of(status, "text/plain", message)));
        return Stream.concat(own, foreign)
                .map(error -> dynamicTest(
                        error.name(),
                        () -> shown(bed -> {
                            bed.service().answerCreates(error.response().apply(Secrets.QUOTED));
                            return List.of(bed.submitOnce());
                        })));
    }

    @TestFactory
    @DisplayName("redaction: errors of the create call that quote the negative prompt")
    default Stream<DynamicTest> errorsOfCreateShowNoNegativePrompt() {
        boolean sent = protocol().portableOptions().stream()
                .anyMatch(option -> option.name().equals("negativePrompt") && option.sentAs() != null);
        return protocol().createErrors().stream()
                .filter(error -> sent)
                .map(error -> dynamicTest(
                        error.name(),
                        () -> shown(bed -> {
                            bed.service().answerCreates(error.response().apply(Secrets.QUOTED_WITH_NEGATIVE_PROMPT));
                            GenerationRequest request = bed.request(bed.operation())
                                    .options(new GenerationOptions(
                                            null, null, null, Secrets.NEGATIVE_PROMPT, null, null, null))
                                    .build();
                            ReadyGeneration ready = ProviderCalls.ready(bed.provider(), request, CallOptions.DEFAULT);
                            return List.of(ProviderCalls.await(ready.submit()));
                        })));
    }

    @TestFactory
    @DisplayName("redaction: lost responses to the create call")
    default Stream<DynamicTest> lostResponsesShowNoSecret() {
        return Stream.of(Reply.None.values())
                .map(reply -> dynamicTest(
                        reply.toString(),
                        () -> shown(bed -> {
                            ReadyGeneration ready = bed.ready(TestBed.optionsFor(reply));
                            bed.service().answerCreates(reply);
                            return List.of(ProviderCalls.await(ready.submit()));
                        })));
    }

    @TestFactory
    @DisplayName("redaction: errors of polls")
    default Stream<DynamicTest> errorsOfPollsShowNoSecret() {
        return protocol().pollErrors().stream()
                .map(error -> dynamicTest(
                        error.name(),
                        () -> shown(bed -> {
                            bed.service()
                                    .answerPolls(Secrets.repeatPrompt(
                                            error.response().apply(Secrets.QUOTED)));
                            return List.of(bed.poll("task-1"));
                        })));
    }

    @Test
    @DisplayName("redaction: the reason of a failed task")
    default void failedTaskShowsNoSecret() {
        shown(bed -> {
            bed.service().answerPolls(Secrets.repeatPrompt(bed.protocol().failed("task-1", Secrets.QUOTED)));
            PollOutcome outcome = bed.poll("task-1");
            assertThat(outcome).isInstanceOf(PollOutcome.Failed.class);
            return List.of(outcome);
        });
    }

    @Test
    @DisplayName("redaction: raw responses of an accepted and of a finished task")
    default void rawResponsesShowNoSecret() {
        shown(bed -> {
            bed.service().answerCreates(Secrets.repeatPrompt(bed.protocol().accepted("task-1")));
            SubmitOutcome accepted = bed.submitOnce();
            assertThat(accepted).isInstanceOf(SubmitOutcome.Accepted.class);
            bed.service()
                    .answerPolls(Secrets.repeatPrompt(bed.protocol().succeeded("task-1", SimulatedService.MEDIUM)));
            PollOutcome succeeded = bed.poll("task-1");
            assertThat(succeeded).isInstanceOf(PollOutcome.Succeeded.class);
            return List.of(accepted, succeeded);
        });
    }

    @Test
    @DisplayName("redaction: provider, plan and request as texts")
    default void textsShowNoSecret() {
        shown(bed -> {
            PlannedGeneration plan = ProviderCalls.await(bed.provider().plan(bed.request(), CallOptions.DEFAULT));
            return List.of(bed.provider(), plan, ProviderCalls.await(plan.stage()));
        });
    }

    @Test
    @DisplayName("redaction: the record of a task from its refusal to its end")
    default void recordsShowNoSecret() {
        List<ServiceResponse> ends = List.of(
                protocol().failed("task-1", Secrets.QUOTED), protocol().succeeded("task-1", SimulatedService.MEDIUM));
        for (ServiceResponse end : ends) {
            shown(bed -> {
                bed.service().answerPolls(Secrets.repeatPrompt(end));
                CompletableFuture<?> exchange = bed.submit("key");
                bed.advance(Duration.ofHours(1));
                assertThat(exchange).isDone();
                return List.of(bed.record(), bed.process().warnings());
            });
        }
        CreateError refused = protocol().createErrors().stream()
                .filter(error -> error.outcome() == SubmitOutcome.Refused.class)
                .findFirst()
                .orElseThrow();
        shown(bed -> {
            bed.service().answerCreates(refused.response().apply(Secrets.QUOTED));
            CompletableFuture<?> exchange = bed.submit("key");
            bed.advance(Duration.ofHours(1));
            return List.of(
                    TestBed.failure(exchange), bed.record(), bed.process().warnings());
        });
    }

    private void shown(Secrets.Scenario scenario) {
        List<Object> seen = new ArrayList<>();
        try (TestBed bed = new TestBed(protocol());
                LogLines log = new LogLines(bed.factory().getClass().getPackageName())) {
            for (Object each : scenario.run(bed)) {
                seen.add(text(each));
                if (each instanceof SubmitOutcome outcome && !(outcome instanceof SubmitOutcome.Accepted)) {
                    seen.add(text(ProviderCalls.error(outcome).toException()));
                }
            }
            seen.addAll(log.lines());
        }
        assertThat(seen)
                .allSatisfy(text -> assertThat((String) text)
                        .doesNotContain(TestBed.KEY)
                        .doesNotContain(TestBed.PROMPT)
                        .doesNotContain(Secrets.PART_OF_PROMPT)
                        .doesNotContain(Secrets.NEGATIVE_PROMPT)
                        .doesNotContain(Secrets.SIGNATURE));
    }

    private static String text(Object value) {
        if (value instanceof GenvideoException e) {
            GenerationError error = e.getError();
            assertThat(error.message())
                    .doesNotContain("\n", "\r")
                    .hasSizeLessThanOrEqualTo(GenerationError.MAX_MESSAGE);
            return LogLines.trace(e) + "\n" + error + "\n" + e.getUserMessage();
        }
        return value.toString();
    }
}
