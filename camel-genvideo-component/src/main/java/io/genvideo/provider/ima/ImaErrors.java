/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What the service's codes and words mean (contract 8). One table for all calls; what an error means for a paid call is
 * decided by {@link CreateResponseMapper}, for a poll by {@link PollResponseMapper}.
 */
final class ImaErrors {
    static final String KEY_PAGE = "https://www.imaclaw.ai/imaclaw/apikey";
    static final String SUBSCRIPTION_PAGE = "https://www.imaclaw.ai/imaclaw/subscription";

    private static final Map<Integer, ErrorCategory> KNOWN_CODES = Map.of(
            401, ErrorCategory.AUTHENTICATION,
            4008, ErrorCategory.INSUFFICIENT_CREDITS,
            4014, ErrorCategory.SUBSCRIPTION_REQUIRED,
            429, ErrorCategory.RATE_LIMITED,
            503, ErrorCategory.SERVICE_UNAVAILABLE);

    private ImaErrors() {}

    /**
     * The kind of failure that an envelope other than success speaks of.
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
        if (ServiceText.says(text, "requires a subscription")) {
            return ErrorCategory.SUBSCRIPTION_REQUIRED;
        }
        if (ServiceText.says(text, "insufficient points")) {
            return ErrorCategory.INSUFFICIENT_CREDITS;
        }
        if (envelope.code() == 400 || saysInvalid(text)) {
            return invalidOrContent(text);
        }
        if (status == 401 || status == 403) {
            return ErrorCategory.AUTHENTICATION;
        }
        return status >= 400 && status < 500 ? invalidOrContent(text) : ErrorCategory.SERVICE_UNAVAILABLE;
    }

    /** Whether the words alone say that the request was looked at and found wrong. */
    static boolean saysInvalid(String text) {
        return ServiceText.says(text, "err_code=400017") || text.matches("(?is).*at least \\d+ (pixels|px).*");
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
                || ServiceText.says(envelope.message(), "invalid product attribute");
    }

    /**
     * An envelope other than success as an error that cost nothing.
     *
     * @param prompt is not shown even if the service quotes it
     */
    static GenerationError ofEnvelope(
            String doing, ImaEnvelope envelope, int status, ImaRequests wire, @Nullable String prompt) {
        String text = ServiceText.shown(envelope.message(), wire.key(), prompt);
        return of(categoryOf(envelope, status), doing, text.isEmpty() ? "no reason given" : text)
                .withCode(String.valueOf(envelope.code()), status);
    }

    /** An answer that is not the service's envelope as an error that cost nothing. */
    static GenerationError ofStatus(String doing, int status) {
        String code = "HTTP " + status;
        GenerationError error = switch (status) {
            case 401, 403 -> of(ErrorCategory.AUTHENTICATION, doing, code);
            case 404 ->
                of(ErrorCategory.SERVICE_UNAVAILABLE, doing, code + ", nothing is there; is the base URL right?")
                        .withRetryable(false);
            case 408 -> of(ErrorCategory.SERVICE_UNAVAILABLE, doing, code);
            case 413 -> of(ErrorCategory.INVALID_REQUEST, doing, code + ", the request is too large");
            case 429 -> of(ErrorCategory.RATE_LIMITED, doing, code);
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
    static GenvideoException unusable(String doing, GatewayResponse answer, ImaRequests wire) {
        return ImaEnvelope.of(answer)
                .map(e -> e.isOk()
                        ? of(ErrorCategory.SERVICE_UNAVAILABLE, doing, "the answer lacks what was asked for")
                                .withCode(String.valueOf(e.code()), answer.status())
                        : ofEnvelope(doing, e, answer.status(), wire, null))
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
     * @param doing what was tried: "reading the models"
     */
    static GenerationError of(ErrorCategory category, String doing, String reason) {
        String advice = switch (category) {
            case AUTHENTICATION -> "; the API key is not accepted, get one at " + KEY_PAGE;
            case INSUFFICIENT_CREDITS -> "; points are bought at " + SUBSCRIPTION_PAGE;
            case SUBSCRIPTION_REQUIRED -> "; this model needs a subscription, see " + SUBSCRIPTION_PAGE;
            default -> "";
        };
        boolean later = category == ErrorCategory.RATE_LIMITED || category == ErrorCategory.SERVICE_UNAVAILABLE;
        return GenerationError.of(category, ImaProviderFactory.NAME, doing + " failed: " + reason + advice)
                .withRetryable(later);
    }

    private static ErrorCategory invalidOrContent(String text) {
        return ServiceText.isAboutContent(text) ? ErrorCategory.CONTENT_REJECTED : ErrorCategory.INVALID_REQUEST;
    }
}
