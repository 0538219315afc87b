/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What the service's codes and statuses mean (contract 5). One table for all calls; what an error means for a paid call is
 * decided by {@link CreateResponseMapper}, for a poll or an event by {@link PollResponseMapper}.
 */
final class SkillsvideoErrors {
    static final String KEY_PAGE = "https://skills.video/dashboard/developer";
    static final String SITE = "https://skills.video";

    private SkillsvideoErrors() {}

    /** The kind of failure that an envelope speaks of: by its code, else by the HTTP status. */
    static ErrorCategory categoryOf(SkillsvideoEnvelope envelope, int status) {
        SkillsvideoEnvelope.Reason reason = envelope.reason();
        return reason == null
                ? ofStatus(status, envelope.message())
                : switch (reason) {
                    case INVALID_INPUT, UNSUPPORTED_MODEL -> ErrorCategory.INVALID_REQUEST;
                    case INSUFFICIENT_CREDITS -> ErrorCategory.INSUFFICIENT_CREDITS;
                    case CONTENT_REJECTED -> ErrorCategory.CONTENT_REJECTED;
                    case RATE_LIMITED -> ErrorCategory.RATE_LIMITED;
                    case PROVIDER_UNAVAILABLE -> ErrorCategory.SERVICE_UNAVAILABLE;
                    case FAILED, TIMEOUT -> ErrorCategory.GENERATION_FAILED;
                };
    }

    private static ErrorCategory ofStatus(int status, String message) {
        return switch (status) {
            case 401 -> ErrorCategory.AUTHENTICATION;
            case 402 -> ErrorCategory.INSUFFICIENT_CREDITS;
            case 403 ->
                ServiceText.isAboutPlan(message) ? ErrorCategory.SUBSCRIPTION_REQUIRED : ErrorCategory.AUTHENTICATION;
            case 422 -> ErrorCategory.CONTENT_REJECTED;
            case 429 -> ErrorCategory.RATE_LIMITED;
            case 408 -> ErrorCategory.SERVICE_UNAVAILABLE;
            default ->
                status >= 400 && status < 500 ? ErrorCategory.INVALID_REQUEST : ErrorCategory.SERVICE_UNAVAILABLE;
        };
    }

    /**
     * An envelope as an error that cost nothing.
     *
     * @param secrets are not shown even if the service quotes them
     */
    static GenerationError ofEnvelope(
            String doing, SkillsvideoEnvelope envelope, int status, @Nullable String... secrets) {
        String text = ServiceText.shown(envelope.message(), secrets);
        return of(categoryOf(envelope, status), doing, text.isEmpty() ? "no reason given" : text)
                .withCode(envelope.code(), status);
    }

    /** An answer that is not the service's own as an error that cost nothing. */
    static GenerationError ofStatus(String doing, int status) {
        String code = "HTTP " + status;
        GenerationError error = switch (status) {
            case 404, 405 ->
                of(ErrorCategory.SERVICE_UNAVAILABLE, doing, code + ", nothing is there; is the base URL right?")
                        .withRetryable(false);
            case 413 -> of(ErrorCategory.INVALID_REQUEST, doing, code + ", the request is too large");
            case 401, 402, 403, 408, 429 -> of(ofStatus(status, ""), doing, code);
            default ->
                of(
                        status >= 400 && status < 500
                                ? ErrorCategory.INVALID_REQUEST
                                : ErrorCategory.SERVICE_UNAVAILABLE,
                        doing,
                        code + " without the service's own answer");
        };
        return error.withCode(null, status);
    }

    /** No answer at all. */
    static GenerationError noAnswer(String doing, Throwable failure) {
        return of(ErrorCategory.SERVICE_UNAVAILABLE, doing, reason(failure));
    }

    /** An answer that was to be a success and is not: the exception to fail with. */
    static GenvideoException unusable(String doing, GatewayResponse answer, @Nullable String key) {
        if (answer.isSuccess()) {
            return of(ErrorCategory.SERVICE_UNAVAILABLE, doing, "the answer lacks what was asked for")
                    .withCode(null, answer.status())
                    .toException();
        }
        return Json.read(answer.body())
                .flatMap(SkillsvideoEnvelope::of)
                .map(e -> ofEnvelope(doing, e, answer.status(), key))
                .orElseGet(() -> ofStatus(doing, answer.status()))
                .toException();
    }

    /** Why there was no answer. Only the gateway's own messages are free of credentials by contract, so no other is shown. */
    static String reason(Throwable failure) {
        Throwable cause = unwrap(failure);
        String message = cause instanceof HttpGatewayException ? cause.getMessage() : null;
        return message == null ? "no answer (" + cause.getClass().getSimpleName() + ")" : message;
    }

    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * An error of one category, with what a person can do about it.
     *
     * @param doing what was tried: "looking at the task"
     */
    static GenerationError of(ErrorCategory category, String doing, String reason) {
        String advice = switch (category) {
            case AUTHENTICATION -> "; the API key is not accepted, get one at " + KEY_PAGE;
            case INSUFFICIENT_CREDITS -> "; credits are bought at " + SITE;
            case SUBSCRIPTION_REQUIRED -> "; the API needs a paid plan, see " + SITE;
            default -> "";
        };
        boolean later = category == ErrorCategory.RATE_LIMITED || category == ErrorCategory.SERVICE_UNAVAILABLE;
        return GenerationError.of(category, SkillsvideoProviderFactory.NAME, doing + " failed: " + reason + advice)
                .withRetryable(later);
    }
}
