/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a failure. It is journalled with the task, so that a later exchange with the same key gets the same
 * failure; {@link #toException} makes the exception of its category.
 *
 * @param message what happened, for the person who runs the route; on one line of at most {@value #MAX_MESSAGE} characters,
 *     without the queries of addresses: providers hide keys and prompts that a service quotes
 * @param providerCode the service's own code, as text
 * @param httpStatus of the answer; {@code null} if there was none
 * @param retryable whether the same request may work later without a change
 * @param handle the task id at the service
 * @param alternatives one or two models to try instead
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record GenerationError(
        ErrorCategory category,
        String message,
        String provider,
        @Nullable String providerCode,
        @Nullable Integer httpStatus,
        @Nullable String handle,
        @Nullable String recordId,
        boolean retryable,
        Paid paid,
        List<String> alternatives)
        implements Serializable {

    /** The longest message, in characters: some list what is allowed. */
    public static final int MAX_MESSAGE = 4000;

    private static final int MAX_CODE = 64;

    public GenerationError {
        message = TextSanitizer.message(message, MAX_MESSAGE);
        providerCode = providerCode == null ? null : TextSanitizer.clean(providerCode, MAX_CODE);
        alternatives = List.copyOf(alternatives);
    }

    /** A failure that cost nothing and needs a change before it is worth trying again. */
    public static GenerationError of(ErrorCategory category, String provider, String message) {
        return new GenerationError(category, message, provider, null, null, null, null, false, Paid.NO, List.of());
    }

    public GenerationError withCode(@Nullable String code, @Nullable Integer status) {
        return new GenerationError(
                category, message, provider, code, status, handle, recordId, retryable, paid, alternatives);
    }

    public GenerationError withRetryable(boolean value) {
        return new GenerationError(
                category, message, provider, providerCode, httpStatus, handle, recordId, value, paid, alternatives);
    }

    public GenerationError withPaid(Paid value) {
        return new GenerationError(
                category,
                message,
                provider,
                providerCode,
                httpStatus,
                handle,
                recordId,
                retryable,
                value,
                alternatives);
    }

    public GenerationError withAlternatives(List<String> models) {
        return new GenerationError(
                category, message, provider, providerCode, httpStatus, handle, recordId, retryable, paid, models);
    }

    /** The same failure with the ids of the task it belongs to. */
    public GenerationError at(String record, @Nullable String task) {
        return new GenerationError(
                category, message, provider, providerCode, httpStatus, task, record, retryable, paid, alternatives);
    }

    public GenvideoException toException() {
        return category.toException(this, null);
    }

    public GenvideoException toException(@Nullable Throwable cause) {
        return category.toException(this, cause);
    }
}
