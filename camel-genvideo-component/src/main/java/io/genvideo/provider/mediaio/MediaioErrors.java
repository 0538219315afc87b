/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceText;

/**
 * What the service's codes mean (docs/contracts/mediaio.md section 5). One table for all calls; what an error means for a paid
 * call is decided by {@link CreateResponseMapper}, for a poll by {@link PollResponseMapper}.
 */
final class MediaioErrors {
    /** The first part of the URI, and the provider in every error. */
    static final String NAME = "mediaio";

    static final String SITE = "https://www.media.io";

    static final int NOT_AUTHENTICATED = 374004;
    static final int INSUFFICIENT_CREDITS = 490505;
    static final int INVALID_PARAMETERS = 490000;

    static final ServiceErrors ERRORS = new ServiceErrors(NAME)
            .advising(ErrorCategory.AUTHENTICATION, "the API key is not accepted, get one at " + SITE)
            .advising(ErrorCategory.INSUFFICIENT_CREDITS, "credits are bought at " + SITE);

    private MediaioErrors() {}

    /**
     * The kind of failure that an envelope other than success tells.
     *
     * @param status the HTTP status, which counts only for codes that the contract does not know
     */
    static ErrorCategory categoryOf(MediaioEnvelope envelope, int status) {
        return switch (envelope.code()) {
            case NOT_AUTHENTICATED -> ErrorCategory.AUTHENTICATION;
            case INSUFFICIENT_CREDITS -> ErrorCategory.INSUFFICIENT_CREDITS;
            case INVALID_PARAMETERS -> ErrorCategory.INVALID_REQUEST;
            default -> ERRORS.ofStatus("", status).category();
        };
    }

    /** An envelope other than success as an error that cost nothing. */
    static GenerationError ofEnvelope(String doing, MediaioEnvelope envelope, int status, ServiceText text) {
        return ERRORS.of(categoryOf(envelope, status), doing, reason(envelope, text))
                .withCode(String.valueOf(envelope.code()), status);
    }

    /** What the service says, with the id by which its support finds the call. */
    static String reason(MediaioEnvelope envelope, ServiceText text) {
        String shown = text.shown(envelope.message());
        String trace = text.code(envelope.traceId());
        return (shown.isEmpty() ? "code " + envelope.code() : shown)
                + (trace == null ? "" : " (trace_id " + trace + ")");
    }

    /** A response that was to be a success and is not: the exception to fail with. */
    static GenvideoException unusable(String doing, GatewayResponse answer, ServiceText text) {
        return MediaioEnvelope.of(answer)
                .map(e -> e.isOk() ? ERRORS.incomplete(doing, answer) : ofEnvelope(doing, e, answer.status(), text))
                .orElseGet(() ->
                        answer.isSuccess() ? ERRORS.incomplete(doing, answer) : ERRORS.ofStatus(doing, answer.status()))
                .toException();
    }
}
