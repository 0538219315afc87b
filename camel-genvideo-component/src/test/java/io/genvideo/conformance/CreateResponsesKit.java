/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.spi.SubmitOutcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What each response to the create call means (docs/design.md section 4.2): only one that is certainly a "no" may lead to another
 * call, and whatever names a task is never a "no".
 */
public interface CreateResponsesKit extends ConformanceKit {

    @TestFactory
    @DisplayName("create: the service's own errors")
    default Stream<DynamicTest> ownErrors() {
        List<CreateError> errors = protocol().createErrors();
        assertThat(errors)
                .as("errors of the service, one of them refused")
                .anyMatch(error -> error.outcome() == SubmitOutcome.Refused.class);
        return errors.stream()
                .map(error -> dynamicTest(
                        error.name() + " is " + error.outcome().getSimpleName() + ", " + error.category(),
                        () -> check(error.response().apply("the reason"), error.outcome(), error.category())));
    }

    @TestFactory
    @DisplayName("create: responses that are not the service's")
    default Stream<DynamicTest> foreignResponses() {
        return Stream.of(
                        foreign(400, SubmitOutcome.Refused.class, ErrorCategory.INVALID_REQUEST),
                        foreign(401, SubmitOutcome.Refused.class, ErrorCategory.AUTHENTICATION),
                        foreign(402, SubmitOutcome.Refused.class, ErrorCategory.INSUFFICIENT_CREDITS),
                        foreign(403, SubmitOutcome.Refused.class, ErrorCategory.AUTHENTICATION),
                        foreign(404, SubmitOutcome.Refused.class, ErrorCategory.SERVICE_UNAVAILABLE),
                        foreign(413, SubmitOutcome.Refused.class, ErrorCategory.INVALID_REQUEST),
                        foreign(429, SubmitOutcome.Deferred.class, ErrorCategory.RATE_LIMITED),
                        uncertain(408),
                        uncertain(409),
                        uncertain(425),
                        uncertain(500),
                        uncertain(502),
                        uncertain(503),
                        uncertain(504))
                .map(error -> dynamicTest(
                        error.name() + " is " + error.outcome().getSimpleName() + ", " + error.category(),
                        () -> check(error.response().apply(""), error.outcome(), error.category())));
    }

    private static CreateError foreign(int status, Class<? extends SubmitOutcome> outcome, ErrorCategory category) {
        return new CreateError("HTTP " + status, message -> ServiceResponse.html(status), outcome, category);
    }

    private static CreateError uncertain(int status) {
        return foreign(status, SubmitOutcome.Unknown.class, ErrorCategory.UNCERTAIN_SUBMISSION);
    }

    @TestFactory
    @DisplayName("create: a body that cannot be read is uncertain")
    default Stream<DynamicTest> unreadableBodies() {
        String accepted = protocol().accepted("task-1").text();
        return Stream.of("", "[]", "{}", "null", "not json", "<html>", accepted.substring(0, accepted.length() - 1))
                .map(body -> dynamicTest(
                        "'" + body + "'",
                        () -> check(
                                ServiceResponse.json(body),
                                SubmitOutcome.Unknown.class,
                                ErrorCategory.UNCERTAIN_SUBMISSION)));
    }

    @TestFactory
    @DisplayName("create: a response that names a task is never a no")
    default Stream<DynamicTest> taskWithAnyStatus() {
        return Stream.of(201, 202, 301, 302, 307, 400, 401, 404, 409, 429, 500, 502, 503, 504)
                .map(status -> dynamicTest("HTTP " + status, () -> {
                    try (TestBed bed = new TestBed(protocol())) {
                        bed.service()
                                .answerCreates(bed.protocol()
                                        .accepted(bed.protocol().taskId(1))
                                        .status(status));

                        assertThat(bed.submitOnce())
                                .isInstanceOfAny(SubmitOutcome.Accepted.class, SubmitOutcome.Unknown.class);
                        assertThat(bed.service().creates()).hasSize(1);
                    }
                }));
    }

    @TestFactory
    @DisplayName("create: a redirect is not followed")
    default Stream<DynamicTest> redirects() {
        return Stream.of(301, 302, 303, 307, 308)
                .map(status -> dynamicTest("HTTP " + status, () -> {
                    try (TestBed bed = new TestBed(protocol())) {
                        bed.service()
                                .answerCreates(ServiceResponse.html(status)
                                        .header(
                                                "Location",
                                                bed.service().server().uri() + "/elsewhere?token=secret"));

                        SubmitOutcome outcome = bed.submitOnce();

                        assertThat(outcome)
                                .isInstanceOf(
                                        status == 303 ? SubmitOutcome.Unknown.class : SubmitOutcome.Refused.class);
                        assertThat(ProviderCalls.error(outcome).retryable()).isFalse();
                        assertThat(ProviderCalls.error(outcome).message()).doesNotContain("secret");
                        assertThat(bed.service().requests())
                                .noneMatch(request -> request.path().equals("/elsewhere"));
                    }
                }));
    }

    @TestFactory
    @DisplayName("create: Retry-After is passed on")
    default Stream<DynamicTest> retryAfter() {
        Stream<CreateError> own =
                protocol().createErrors().stream().filter(error -> error.outcome() == SubmitOutcome.Deferred.class);
        CreateError foreign = foreign(429, SubmitOutcome.Deferred.class, ErrorCategory.RATE_LIMITED);
        return Stream.concat(Stream.of(foreign), own)
                .map(error -> dynamicTest(error.name(), () -> {
                    try (TestBed bed = new TestBed(protocol())) {
                        bed.service()
                                .answerCreates(error.response().apply("slow").header("Retry-After", "17"));

                        assertThat(bed.submitOnce())
                                .isInstanceOfSatisfying(
                                        SubmitOutcome.Deferred.class,
                                        deferred -> assertThat(deferred.retryAfter())
                                                .isEqualTo(Duration.ofSeconds(17)));
                    }
                }));
    }

    @TestFactory
    @DisplayName("create: a task id is kept whole, or the submission is uncertain")
    default Stream<DynamicTest> taskIds() {
        return Stream.of(
                        taskId("one character", "t", true),
                        taskId("256 characters", "\u4efb".repeat(256), true),
                        taskId("257 characters", "t".repeat(257), false),
                        taskId("9000 characters", "t".repeat(9000), false),
                        taskId("NUL", "a\\u0000b", false),
                        taskId("a line feed", "a\\nb", false),
                        taskId("half a surrogate pair", "a\\ud800b", false),
                        taskId("a change of the direction of writing", "a\\u202eb", false))
                .filter(test -> protocol().namesTasks());
    }

    private DynamicTest taskId(String name, String escaped, boolean kept) {
        return dynamicTest(name, () -> {
            try (TestBed bed = new TestBed(protocol())) {
                bed.service().answerCreates(bed.protocol().accepted(escaped));

                SubmitOutcome outcome = bed.submitOnce();

                if (kept) {
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    SubmitOutcome.Accepted.class,
                                    accepted -> assertThat(accepted.taskId()).isEqualTo(escaped));
                } else {
                    assertThat(outcome).isInstanceOf(SubmitOutcome.Unknown.class);
                    assertThat(ProviderCalls.error(outcome).message()).hasSizeLessThan(GenerationError.MAX_MESSAGE);
                }
            }
        });
    }

    /** The response to a streamed create call means the same. */
    private void check(ServiceResponse response, Class<? extends SubmitOutcome> expected, ErrorCategory category)
            throws InterruptedException {
        try (TestBed bed = new TestBed(protocol())) {
            bed.service().answerCreates(response);
            if (bed.descriptor().streamsCreate()) {
                EndedOnce push = new EndedOnce();
                assertThat(ProviderCalls.await(bed.ready().submit(push))).isInstanceOf(expected);
                push.assertNothingWasPushed();
                bed.service().creates().clear();
            }

            SubmitOutcome outcome = bed.submitOnce();

            assertThat(outcome).isInstanceOf(expected);
            GenerationError error = ProviderCalls.error(outcome);
            assertThat(error.category()).isEqualTo(category);
            assertThat(error.provider()).isEqualTo(bed.descriptor().name());
            assertThat(error.httpStatus()).isEqualTo(response.status());
            assertThat(error.paid()).isEqualTo(expected == SubmitOutcome.Unknown.class ? Paid.UNKNOWN : Paid.NO);
            assertThat(error.retryable())
                    .isEqualTo(expected == SubmitOutcome.Deferred.class || expected == SubmitOutcome.NoCapacity.class);
            assertThat(bed.service().creates()).hasSize(1);
        }
    }
}
