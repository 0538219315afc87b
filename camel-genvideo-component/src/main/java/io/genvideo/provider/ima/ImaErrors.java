/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the service's codes and words mean (docs/contracts/ima.md section 8). One table for all calls; what an error means for a
 * paid call is decided by {@link CreateResponseMapper}, for a poll by {@link PollResponseMapper}.
 */
final class ImaErrors {
    /** The first part of the URI, and the provider in every error. */
    static final String NAME = "ima";

    static final String KEY_PAGE = "https://www.imaclaw.ai/imaclaw/apikey";
    static final String SUBSCRIPTION_PAGE = "https://www.imaclaw.ai/imaclaw/subscription";

    static final ServiceErrors ERRORS = new ServiceErrors(NAME)
            .advising(ErrorCategory.AUTHENTICATION, "the API key is not accepted, get one at " + KEY_PAGE)
            .advising(ErrorCategory.INSUFFICIENT_CREDITS, "points are bought at " + SUBSCRIPTION_PAGE)
            .advising(ErrorCategory.SUBSCRIPTION_REQUIRED, "this model needs a subscription, see " + SUBSCRIPTION_PAGE);

    private static final Map<Integer, ErrorCategory> KNOWN_CODES = Map.of(
            401, ErrorCategory.AUTHENTICATION,
            4008, ErrorCategory.INSUFFICIENT_CREDITS,
            4014, ErrorCategory.SUBSCRIPTION_REQUIRED,
            429, ErrorCategory.RATE_LIMITED,
            503, ErrorCategory.SERVICE_UNAVAILABLE);

    /** Beginnings of words with which the service refuses content. */
    private static final List<String> CONTENT_WORDS = List.of(
            "sensitive", "policy", "policies", "moderation", "violat", "nsfw", "prohibited content", "inappropriate");

    private static final Pattern TOO_SMALL = Pattern.compile("at least \\d{1,9} (?:pixels|px)");

    private ImaErrors() {}

    /**
     * The kind of failure that an envelope other than success tells.
     *
     * @param status the HTTP status, which counts only for codes that the contract does not know
     */
    static ErrorCategory categoryOf(ImaEnvelope envelope, int status) {
        String text = envelope.message();
        ErrorCategory known = KNOWN_CODES.get(envelope.code());
        if (known != null) {
            return known;
        }
        if (isStale(envelope)) {
            return ErrorCategory.INVALID_REQUEST;
        }
        if (ServiceText.contains(text, "requires a subscription")) {
            return ErrorCategory.SUBSCRIPTION_REQUIRED;
        }
        if (ServiceText.contains(text, "insufficient points")) {
            return ErrorCategory.INSUFFICIENT_CREDITS;
        }
        if (envelope.code() == 400 || isInvalid(text)) {
            return invalidOrContent(text);
        }
        if (status == 401 || status == 403) {
            return ErrorCategory.AUTHENTICATION;
        }
        return status >= 400 && status < 500 ? invalidOrContent(text) : ErrorCategory.SERVICE_UNAVAILABLE;
    }

    /** Whether the words alone tell that the request was checked and found wrong. */
    static boolean isInvalid(String text) {
        return ServiceText.contains(text, "err_code=400017")
                || TOO_SMALL.matcher(text.toLowerCase(Locale.ROOT)).find();
    }

    /** Whether the words are about what may be shown rather than about a parameter. */
    static boolean isAboutContent(String text) {
        return ServiceText.containsAny(text, CONTENT_WORDS);
    }

    /**
     * Whether the rule behind the request is not, or no longer, the service's: 6006 credit differs, 6009 no rule matches,
     * 6010 another rule would apply, or the words "Invalid product attribute", which the service follows up with
     * "Insufficient points" although points are not the matter.
     */
    static boolean isStale(ImaEnvelope envelope) {
        int code = envelope.code();
        return code == 6006
                || code == 6009
                || code == 6010
                || ServiceText.contains(envelope.message(), "invalid product attribute");
    }

    /** An envelope other than success as an error that cost nothing. */
    static GenerationError ofEnvelope(String doing, ImaEnvelope envelope, int status, ServiceText text) {
        String reason = text.shown(envelope.message());
        return ERRORS.of(categoryOf(envelope, status), doing, reason.isEmpty() ? "no reason given" : reason)
                .withCode(String.valueOf(envelope.code()), status);
    }

    /** An answer that was to be a success and is not: the exception to fail with. */
    static GenvideoException unusable(String doing, GatewayResponse answer, ServiceText text) {
        return ImaEnvelope.of(answer)
                .map(e -> e.isOk() ? ERRORS.incomplete(doing, answer) : ofEnvelope(doing, e, answer.status(), text))
                .orElseGet(() -> ERRORS.ofStatus(doing, answer.status()))
                .toException();
    }

    private static ErrorCategory invalidOrContent(String text) {
        return isAboutContent(text) ? ErrorCategory.CONTENT_REJECTED : ErrorCategory.INVALID_REQUEST;
    }
}
