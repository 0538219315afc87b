/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.camel.spi.HttpResponseAware;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GenvideoExceptionTest {
    private static GenvideoException of(ErrorCategory category, String... alternatives) {
        return GenerationError.of(category, "wiro", "what happened")
                .withCode("E7", 418)
                .withRetryable(true)
                .withPaid(Paid.UNKNOWN)
                .withAlternatives(List.of(alternatives))
                .at("r1", "task-1")
                .toException();
    }

    static Stream<Arguments> classes() {
        return Stream.of(
                Arguments.of(ErrorCategory.AUTHENTICATION, AuthenticationException.class),
                Arguments.of(ErrorCategory.INSUFFICIENT_CREDITS, InsufficientCreditsException.class),
                Arguments.of(ErrorCategory.SUBSCRIPTION_REQUIRED, SubscriptionRequiredException.class),
                Arguments.of(ErrorCategory.INVALID_REQUEST, InvalidGenerationRequestException.class),
                Arguments.of(ErrorCategory.CONTENT_REJECTED, ContentRejectedException.class),
                Arguments.of(ErrorCategory.RATE_LIMITED, RateLimitedException.class),
                Arguments.of(ErrorCategory.SERVICE_UNAVAILABLE, ServiceUnavailableException.class),
                Arguments.of(ErrorCategory.GENERATION_FAILED, GenerationFailedException.class),
                Arguments.of(ErrorCategory.TIMEOUT, GenerationTimeoutException.class),
                Arguments.of(ErrorCategory.CANCELLED, GenerationCancelledException.class),
                Arguments.of(ErrorCategory.TASK_NOT_FOUND, TaskNotFoundException.class),
                Arguments.of(ErrorCategory.UNCERTAIN_SUBMISSION, UncertainSubmissionException.class),
                Arguments.of(ErrorCategory.RESULT_GONE, ResultGoneException.class),
                Arguments.of(ErrorCategory.COST_LIMIT_EXCEEDED, CostLimitExceededException.class),
                Arguments.of(ErrorCategory.OPERATION_NOT_SUPPORTED, OperationNotSupportedException.class));
    }

    @ParameterizedTest
    @MethodSource("classes")
    void eachCategoryIsAClassThatARouteCanCatch(ErrorCategory category, Class<? extends GenvideoException> type) {
        GenvideoException exception = of(category);
        assertThat(exception).isExactlyInstanceOf(type);
        assertThat(exception.getCategory()).isEqualTo(category);
    }

    @Test
    void everyCategoryHasAClassOfItsOwn() {
        assertThat(classes()).hasSameSizeAs(ErrorCategory.values());
        assertThat(Arrays.stream(ErrorCategory.values()).map(c -> of(c).getClass()))
                .doesNotHaveDuplicates();
    }

    @Test
    void itTellsAllThatIsKnown() {
        GenvideoException exception = of(ErrorCategory.RATE_LIMITED, "kling");
        assertThat(exception.getProvider()).isEqualTo("wiro");
        assertThat(exception.getProviderCode()).isEqualTo("E7");
        assertThat(exception.getHandle()).isEqualTo("task-1");
        assertThat(exception.getRecordId()).isEqualTo("r1");
        assertThat(exception.isRetryable()).isTrue();
        assertThat(exception.getPaid()).isEqualTo(Paid.UNKNOWN);
        assertThat(exception.getAlternatives()).containsExactly("kling");
        assertThat(exception).hasMessage("wiro: what happened (code E7) [task task-1] [record r1]");
    }

    @ParameterizedTest
    @EnumSource(ErrorCategory.class)
    void everyCategoryHasAnHttpStatusOfAnError(ErrorCategory category) {
        assertThat(of(category).getHttpResponseCode()).isBetween(400, 599);
        assertThat(GenerationError.of(category, "wiro", "without a response")
                        .toException()
                        .getHttpResponseCode())
                .isEqualTo(category.httpStatus());
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST,400",
        "AUTHENTICATION,401",
        "INSUFFICIENT_CREDITS,402",
        "TASK_NOT_FOUND,404",
        "CONTENT_REJECTED,422",
        "RATE_LIMITED,429",
        "UNCERTAIN_SUBMISSION,502",
        "SERVICE_UNAVAILABLE,503",
        "TIMEOUT,504"
    })
    void theHttpStatusFollowsFromTheCategoryWhateverTheServiceResponded(ErrorCategory category, int status) {
        GenerationError inAnEnvelope =
                GenerationError.of(category, "ima", "refused").withCode("6001", 200);

        assertThat(inAnEnvelope.toException().getHttpResponseCode()).isEqualTo(status);
        assertThat(inAnEnvelope.toException().getError().httpStatus()).isEqualTo(200);
    }

    @Test
    void aRouteCanSetTheHttpStatus() {
        HttpResponseAware aware = of(ErrorCategory.RATE_LIMITED);
        aware.setHttpResponseCode(503);
        aware.setHttpResponseStatus("Service Unavailable");
        assertThat(aware.getHttpResponseCode()).isEqualTo(503);
        assertThat(aware.getHttpResponseStatus()).isEqualTo("Service Unavailable");
    }

    @Test
    void theCauseIsKept() {
        Throwable cause = new IllegalStateException("why");
        assertThat(GenerationError.of(ErrorCategory.TIMEOUT, "wiro", "x").toException(cause))
                .hasCause(cause);
    }

    @ParameterizedTest
    @EnumSource(ErrorCategory.class)
    void thePersonWhoWaitsIsToldWhatToDoWithoutCodes(ErrorCategory category) {
        GenvideoException exception = of(category);
        String english = exception.getUserMessage();
        String chinese = exception.userMessageIn(Locale.SIMPLIFIED_CHINESE);

        assertThat(english)
                .isNotBlank()
                .doesNotContain("E7", "418", "task-1", "r1", "what happened", "{", "wiro")
                .endsWith(".");
        assertThat(chinese)
                .matches("(?s).*\\p{IsHan}.*")
                .doesNotContain("E7", "418", "{")
                .endsWith("。");
        assertThat(exception.userMessageIn(Locale.FRENCH)).isEqualTo(english);
    }

    @Test
    void atMostTwoModelsAreSuggestedInstead() {
        assertThat(of(ErrorCategory.CONTENT_REJECTED, "kling").getUserMessage()).endsWith("You could also try kling.");
        GenvideoException many = of(ErrorCategory.CONTENT_REJECTED, "kling", "it's {0}", "third");
        assertThat(many.getUserMessage()).endsWith("You could also try kling or it's {0}.");
        assertThat(many.userMessageIn(Locale.CHINESE)).endsWith("也可以试试kling或it's {0}。");
    }

    @ParameterizedTest
    @EnumSource(ErrorCategory.class)
    void itCanBeSerialised(ErrorCategory category) throws Exception {
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            out.writeObject(of(category, "kling"));
        }
    }

    @Test
    void aWaitThatIsReleasedIsNoFailureOfTheGenerationAndCarriesTheIds() {
        WaitReleasedException released = new WaitReleasedException("stops", "r1", "task-1");
        assertThat(released).isNotInstanceOf(GenvideoException.class).hasMessage("stops [record r1] [task task-1]");
        assertThat(released.getRecordId()).isEqualTo("r1");
        assertThat(released.getHandle()).isEqualTo("task-1");
        assertThat(new WaitReleasedException("stops", "r1", null)).hasMessage("stops [record r1]");
    }
}
