/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import io.genvideo.model.ErrorCategory;
import io.genvideo.spi.SubmitOutcome;
import java.util.function.Function;

/**
 * An error with which the service itself answers a create call.
 *
 * @param name for the report: the service's code
 * @param response the service's response, with a message that quotes what the kit gives
 * @param outcome what it means
 * @param category of the error in the outcome
 */
public record CreateError(
        String name,
        Function<String, ServiceResponse> response,
        Class<? extends SubmitOutcome> outcome,
        ErrorCategory category) {

    /** Nothing was created, and the same request would get the same response. */
    public static CreateError refused(String name, ErrorCategory category, Function<String, ServiceResponse> response) {
        return new CreateError(name, response, SubmitOutcome.Refused.class, category);
    }

    /** Nothing was created now; later it may work. */
    public static CreateError deferred(
            String name, ErrorCategory category, Function<String, ServiceResponse> response) {
        return new CreateError(name, response, SubmitOutcome.Deferred.class, category);
    }

    /** Nothing was created, because the account has as many tasks as it may have. */
    public static CreateError noCapacity(
            String name, ErrorCategory category, Function<String, ServiceResponse> response) {
        return new CreateError(name, response, SubmitOutcome.NoCapacity.class, category);
    }

    /** Nothing was created, because the catalogue behind the request is out of date. */
    public static CreateError stale(String name, ErrorCategory category, Function<String, ServiceResponse> response) {
        return new CreateError(name, response, SubmitOutcome.Stale.class, category);
    }

    /** Nobody knows whether a task was created. */
    public static CreateError uncertain(String name, Function<String, ServiceResponse> response) {
        return new CreateError(name, response, SubmitOutcome.Unknown.class, ErrorCategory.UNCERTAIN_SUBMISSION);
    }
}
