/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import java.util.List;

/**
 * What the service's codes and statuses mean (docs/contracts/skillsvideo.md section 5). One table for all calls; what an error
 * means for a paid call is decided by {@link CreateResponseMapper}, for a poll or an event by {@link PollResponseMapper}.
 */
final class SkillsvideoErrors {
    /** The first part of the URI, and the provider in every error. */
    static final String NAME = "skillsvideo";

    static final String KEY_PAGE = "https://skills.video/dashboard/developer";
    static final String SITE = "https://skills.video";

    static final ServiceErrors ERRORS = new ServiceErrors(NAME)
            .advising(ErrorCategory.AUTHENTICATION, "the API key is not accepted, get one at " + KEY_PAGE)
            .advising(ErrorCategory.INSUFFICIENT_CREDITS, "credits are bought at " + SITE)
            .advising(ErrorCategory.SUBSCRIPTION_REQUIRED, "the API needs a paid plan, see " + SITE);

    /** Words about what the account has booked rather than about who it is. */
    private static final List<String> PLAN_WORDS = List.of("plan", "subscri", "upgrade");

    private SkillsvideoErrors() {}

    /** The kind of failure that an error tells: by its code, else by the HTTP status. */
    static ErrorCategory categoryOf(ServiceMessage message, int status) {
        SkillsvideoEnvelope.Reason reason = SkillsvideoEnvelope.reason(message.code());
        return reason == null
                ? ofStatus(status, message.text())
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
                ServiceText.containsAny(message, PLAN_WORDS)
                        ? ErrorCategory.SUBSCRIPTION_REQUIRED
                        : ErrorCategory.AUTHENTICATION;
            case 422 -> ErrorCategory.CONTENT_REJECTED;
            case 429 -> ErrorCategory.RATE_LIMITED;
            case 408 -> ErrorCategory.SERVICE_UNAVAILABLE;
            default ->
                status >= 400 && status < 500 ? ErrorCategory.INVALID_REQUEST : ErrorCategory.SERVICE_UNAVAILABLE;
        };
    }

    /** What the service says is wrong, as an error that cost nothing. */
    static GenerationError of(String doing, ServiceMessage message, int status, ServiceText text) {
        String reason = text.shown(message.text());
        return ERRORS.of(categoryOf(message, status), doing, reason.isEmpty() ? "no reason given" : reason)
                .withCode(text.code(message.code()), status);
    }

    /** An answer that was to be a success and is not: the exception to fail with. */
    static GenvideoException unusable(String doing, GatewayResponse answer, ServiceText text) {
        if (answer.isSuccess()) {
            return ERRORS.incomplete(doing, answer).toException();
        }
        return Json.read(answer.body())
                .flatMap(SkillsvideoEnvelope::of)
                .map(m -> of(doing, m, answer.status(), text))
                .orElseGet(() -> ERRORS.ofStatus(doing, answer.status()))
                .toException();
    }
}
