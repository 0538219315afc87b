/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the errors of one provider: for a request that is refused before anything is sent, for a call without an answer, for an
 * answer that is not the service's own, and for messages of the service. Stateless and thread-safe.
 */
public final class ServiceErrors {
    private final String provider;
    private final Map<ErrorCategory, String> advice;

    /** @param provider the first part of the URI */
    public ServiceErrors(String provider) {
        this(provider, Map.of());
    }

    private ServiceErrors(String provider, Map<ErrorCategory, String> advice) {
        this.provider = provider;
        this.advice = Map.copyOf(advice);
    }

    /**
     * The same, with what a person can do about an error of a category.
     *
     * @param hint the end of a sentence: {@code "points are bought at https://..."}
     */
    public ServiceErrors advising(ErrorCategory category, String hint) {
        Map<ErrorCategory, String> more = new EnumMap<>(ErrorCategory.class);
        more.putAll(advice);
        more.put(category, hint);
        return new ServiceErrors(provider, more);
    }

    /** The first part of the URI. */
    public String provider() {
        return provider;
    }

    /**
     * A request that is refused before anything of it is sent: unpaid, and not worth repeating without a change.
     *
     * @param message names the option as the user wrote it, its value, and what is allowed
     */
    public GenvideoException invalid(String message) {
        return invalid(message, null);
    }

    /** As {@link #invalid(String)}, with what went wrong. */
    public GenvideoException invalid(String message, @Nullable Throwable cause) {
        return GenerationError.of(ErrorCategory.INVALID_REQUEST, provider, message)
                .toException(cause);
    }

    /** Credentials that are missing or cannot be sent. */
    public GenvideoException unauthenticated(String message) {
        return GenerationError.of(ErrorCategory.AUTHENTICATION, provider, message)
                .toException();
    }

    /** An operation that the provider does not have. */
    public GenvideoException unsupported(Operation operation, Collection<Operation> supported) {
        return GenerationError.of(
                        ErrorCategory.OPERATION_NOT_SUPPORTED,
                        provider,
                        operation.path() + " is not supported; supported: "
                                + supported.stream().map(Operation::path).collect(Collectors.joining(", ")))
                .toException();
    }

    /**
     * An error of one category that cost nothing, with what a person can do about it.
     *
     * @param doing what was tried, for example "reading the models"
     */
    public GenerationError of(ErrorCategory category, String doing, String reason) {
        String hint = advice.get(category);
        boolean later = category == ErrorCategory.RATE_LIMITED || category == ErrorCategory.SERVICE_UNAVAILABLE;
        return GenerationError.of(category, provider, doing + " failed: " + reason + (hint == null ? "" : "; " + hint))
                .withRetryable(later);
    }

    /** An answer that is not the service's own, by its HTTP status, as an error that cost nothing. */
    public GenerationError ofStatus(String doing, int status) {
        String code = "HTTP " + status;
        GenerationError error = switch (status) {
            case 401, 403 -> of(ErrorCategory.AUTHENTICATION, doing, code);
            case 402 -> of(ErrorCategory.INSUFFICIENT_CREDITS, doing, code);
            case 404, 405 ->
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

    /** A call without a complete answer, as an error that cost nothing; retryable unless it would fail again. */
    public GenerationError noAnswer(String doing, Throwable failure) {
        boolean permanent = unwrap(failure) instanceof HttpGatewayException e && e.isPermanent();
        return of(ErrorCategory.SERVICE_UNAVAILABLE, doing, reason(failure)).withRetryable(!permanent);
    }

    /** A success that lacks what was requested. */
    public GenerationError incomplete(String doing, GatewayResponse answer) {
        return of(ErrorCategory.SERVICE_UNAVAILABLE, doing, "the answer lacks what was requested")
                .withCode(null, answer.status());
    }

    /**
     * The end of a task without a result.
     *
     * @param taskId the service's id of it
     * @param recordId ours; {@code null} for a task that is not ours
     */
    public GenerationError ended(
            ErrorCategory category,
            String message,
            String taskId,
            @Nullable String recordId,
            boolean retryable,
            Paid paid) {
        return new GenerationError(
                category, message, provider, null, null, taskId, recordId, retryable, paid, java.util.List.of());
    }

    /** Why there was no answer. Only the gateway's own messages are free of credentials, so no other is shown. */
    public static String reason(Throwable failure) {
        Throwable cause = unwrap(failure);
        String message = cause instanceof HttpGatewayException ? cause.getMessage() : null;
        return message == null ? "no answer (" + cause.getClass().getSimpleName() + ")" : message;
    }

    /** The failure behind the wrappers of futures. */
    public static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
