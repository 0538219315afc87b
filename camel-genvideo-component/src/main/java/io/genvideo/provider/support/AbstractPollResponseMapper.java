/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.Trouble.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The meaning of a poll that returns nothing about the task: the same for every service. */
public abstract class AbstractPollResponseMapper {
    /** What was tried, for messages. */
    protected static final String DOING = "polling the task";

    private final ServiceErrors errors;

    protected AbstractPollResponseMapper(ServiceErrors errors) {
        this.errors = errors;
    }

    /** There was no answer. */
    public final PollOutcome ofFailure(Throwable failure) {
        return new PollOutcome.Trouble(Kind.UNAVAILABLE, errors.noAnswer(DOING, failure), null);
    }

    /** The task has ended well, but where its result should be is text that is no address. */
    protected final PollOutcome unusableResult() {
        return new PollOutcome.Trouble(
                Kind.UNUSABLE_RESULT,
                GenerationError.of(
                                ErrorCategory.RESULT_GONE,
                                errors.provider(),
                                "the task has ended, but the address of its result is not an absolute http or https URL")
                        .withPaid(Paid.YES),
                null);
    }

    /**
     * The answer is an error.
     *
     * @param unknownTask whether the service answers that it does not know the task
     */
    protected final PollOutcome trouble(GenerationError error, boolean unknownTask, GatewayResponse answer) {
        @Nullable Duration wait = answer.retryAfter().orElse(null);
        if (answer.status() == 429 || error.category() == ErrorCategory.RATE_LIMITED) {
            return new PollOutcome.Trouble(Kind.RATE_LIMITED, error, wait);
        }
        if (error.category() == ErrorCategory.AUTHENTICATION
                || error.category() == ErrorCategory.SUBSCRIPTION_REQUIRED) {
            return new PollOutcome.Trouble(Kind.UNAUTHORISED, error, wait);
        }
        if (!unknownTask) {
            return new PollOutcome.Trouble(Kind.UNAVAILABLE, error, wait);
        }
        GenerationError notFound = GenerationError.of(
                        ErrorCategory.TASK_NOT_FOUND,
                        errors.provider(),
                        "the service does not know this task: " + error.message())
                .withCode(error.providerCode(), error.httpStatus());
        return new PollOutcome.Trouble(Kind.UNKNOWN_TASK, notFound, wait);
    }
}
