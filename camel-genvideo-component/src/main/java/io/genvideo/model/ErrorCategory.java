/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The kinds of failure that a route would tell apart; each is one exception class. */
public enum ErrorCategory {
    AUTHENTICATION(AuthenticationException::new),
    INSUFFICIENT_CREDITS(InsufficientCreditsException::new),
    SUBSCRIPTION_REQUIRED(SubscriptionRequiredException::new),
    INVALID_REQUEST(InvalidGenerationRequestException::new),
    CONTENT_REJECTED(ContentRejectedException::new),
    RATE_LIMITED(RateLimitedException::new),
    SERVICE_UNAVAILABLE(ServiceUnavailableException::new),
    GENERATION_FAILED(GenerationFailedException::new),
    TIMEOUT(GenerationTimeoutException::new),
    CANCELLED(GenerationCancelledException::new),
    TASK_NOT_FOUND(TaskNotFoundException::new),
    UNCERTAIN_SUBMISSION(UncertainSubmissionException::new),
    RESULT_GONE(ResultGoneException::new),
    COST_LIMIT_EXCEEDED(CostLimitExceededException::new),
    OPERATION_NOT_SUPPORTED(OperationNotSupportedException::new);

    @SuppressWarnings("ImmutableEnumChecker") // constructor references
    private final BiFunction<GenerationError, @Nullable Throwable, GenvideoException> exception;

    ErrorCategory(BiFunction<GenerationError, @Nullable Throwable, GenvideoException> exception) {
        this.exception = exception;
    }

    GenvideoException toException(GenerationError error, @Nullable Throwable cause) {
        return exception.apply(error, cause);
    }
}
