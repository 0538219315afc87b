/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The kinds of failure that a route handles differently; each is one exception class. */
public enum ErrorCategory {
    AUTHENTICATION(401, AuthenticationException::new),
    INSUFFICIENT_CREDITS(402, InsufficientCreditsException::new),
    SUBSCRIPTION_REQUIRED(403, SubscriptionRequiredException::new),
    INVALID_REQUEST(400, InvalidGenerationRequestException::new),
    CONTENT_REJECTED(422, ContentRejectedException::new),
    RATE_LIMITED(429, RateLimitedException::new),
    SERVICE_UNAVAILABLE(503, ServiceUnavailableException::new),
    GENERATION_FAILED(502, GenerationFailedException::new),
    TIMEOUT(504, GenerationTimeoutException::new),
    CANCELLED(409, GenerationCancelledException::new),
    TASK_NOT_FOUND(404, TaskNotFoundException::new),
    UNCERTAIN_SUBMISSION(502, UncertainSubmissionException::new),
    RESULT_GONE(410, ResultGoneException::new),
    COST_LIMIT_EXCEEDED(400, CostLimitExceededException::new),
    OPERATION_NOT_SUPPORTED(501, OperationNotSupportedException::new);

    private final int httpStatus;

    @SuppressWarnings("ImmutableEnumChecker") // constructor references
    private final BiFunction<GenerationError, @Nullable Throwable, GenvideoException> exception;

    ErrorCategory(int httpStatus, BiFunction<GenerationError, @Nullable Throwable, GenvideoException> exception) {
        this.httpStatus = httpStatus;
        this.exception = exception;
    }

    /** The HTTP status, 400 to 599, with which a REST route answers to this kind of failure. */
    public int httpStatus() {
        return httpStatus;
    }

    GenvideoException toException(GenerationError error, @Nullable Throwable cause) {
        return exception.apply(error, cause);
    }
}
