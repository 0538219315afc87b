/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the service's codes mean (docs/contracts/nemo.md section 9). One table for all calls; what an error means for the paid
 * call is decided by {@link CreateResponseMapper}, for a poll by {@link PollResponseMapper}.
 */
final class NemoErrors {
    /** The first part of the URI, and the provider in every error. */
    static final String NAME = "nemo";

    static final String SITE = "https://nemovideo.com";
    static final String TOKEN_PAGE = SITE + " (Settings, API Tokens)";

    /** The code of a token that is invalid or has expired. */
    static final String TOKEN_REJECTED = "1001";

    private static final String SESSION_NOT_FOUND = "1002";

    /** The code of an account without credits, as opposed to 402: an export that is not in the plan. */
    static final String NO_CREDITS = "2001";

    static final ServiceErrors ERRORS = new ServiceErrors(NAME)
            .advising(
                    ErrorCategory.AUTHENTICATION,
                    "check the token (option apiKey or environment variable NEMO_TOKEN) at " + TOKEN_PAGE)
            .advising(ErrorCategory.INSUFFICIENT_CREDITS, "credits are bought at " + SITE)
            .advising(
                    ErrorCategory.SUBSCRIPTION_REQUIRED,
                    "the plan of the account has no export, or the token lacks the scope render; the video stays in its"
                            + " session");

    private static final Map<String, ErrorCategory> CODES = Map.of(
            TOKEN_REJECTED,
            ErrorCategory.AUTHENTICATION,
            SESSION_NOT_FOUND,
            ErrorCategory.INVALID_REQUEST,
            NO_CREDITS,
            ErrorCategory.INSUFFICIENT_CREDITS,
            "4001",
            ErrorCategory.INVALID_REQUEST,
            "4002",
            ErrorCategory.INVALID_REQUEST,
            "400",
            ErrorCategory.INVALID_REQUEST,
            "402",
            ErrorCategory.SUBSCRIPTION_REQUIRED,
            "429",
            ErrorCategory.RATE_LIMITED);

    private NemoErrors() {}

    /** What a code says; empty for one that the contract does not have. */
    static Optional<ErrorCategory> category(ServiceMessage message) {
        return Optional.ofNullable(message.code()).map(CODES::get);
    }

    /** The kind of failure that an error tells: by its code, else by the HTTP status. */
    static ErrorCategory categoryOf(ServiceMessage message, int status) {
        return category(message).orElseGet(() -> switch (status) {
            case 401, 403 -> ErrorCategory.AUTHENTICATION;
            case 402 -> ErrorCategory.SUBSCRIPTION_REQUIRED;
            case 429 -> ErrorCategory.RATE_LIMITED;
            case 408 -> ErrorCategory.SERVICE_UNAVAILABLE;
            default ->
                status >= 400 && status < 500 ? ErrorCategory.INVALID_REQUEST : ErrorCategory.SERVICE_UNAVAILABLE;
        });
    }

    static boolean isSessionUnknown(ServiceMessage message) {
        return SESSION_NOT_FOUND.equals(message.code());
    }

    /** Whether a response says that the token is not accepted, as HTTP 401 or as HTTP 200 with the code. */
    static boolean isTokenRejected(GatewayResponse answer) {
        return answer.status() == 401
                || Json.read(answer.body())
                        .flatMap(NemoEnvelope::error)
                        .filter(m -> TOKEN_REJECTED.equals(m.code()))
                        .isPresent();
    }

    /** Whether an error says that an id is in use already. The contract leaves its form open. */
    static boolean isDuplicate(ServiceMessage message, int status) {
        return status == 409
                || ServiceText.containsAny(message.text(), List.of("duplicate", "already exist", "already in use"));
    }

    /** Whether an error says that there is no such render. The contract leaves its form open. */
    static boolean isRenderUnknown(ServiceMessage message, int status) {
        return status == 404 || ServiceText.containsAny(message.text(), List.of("not found", "unknown render"));
    }

    /** What the service says is wrong, as an error that cost nothing. */
    static GenerationError of(String doing, ServiceMessage message, int status, ServiceText text) {
        String reason = text.shown(message.text());
        ErrorCategory category = categoryOf(message, status);
        String hint = isSessionUnknown(message) ? "; leave sessionId out for a new session" : "";
        return ERRORS.of(category, doing, (reason.isEmpty() ? "no reason given" : reason) + hint)
                .withCode(text.code(message.code()), status);
    }

    /** The error of a response that was to be a success and is not. */
    static GenerationError errorOf(String doing, GatewayResponse answer, ServiceText text) {
        return Json.read(answer.body())
                .flatMap(NemoEnvelope::error)
                .map(m -> of(doing, m, answer.status(), text))
                .orElseGet(() -> answer.isSuccess()
                        ? ERRORS.incomplete(doing, answer)
                        : ERRORS.ofStatus(doing, answer.status()));
    }

    /** The exception of a response that was to be a success and is not. */
    static GenvideoException unusable(String doing, GatewayResponse answer, ServiceText text) {
        return errorOf(doing, answer, text).toException();
    }
}
