/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the service's codes and messages mean (docs/contracts/wiro.md section 8). One table for all calls; what an error means for a
 * paid call is decided by {@link CreateResponseMapper}, for a poll by {@link PollResponseMapper}.
 */
final class WiroErrors {
    /** The first part of the URI, and the provider in every error. */
    static final String NAME = "wiro";

    static final String KEY_PAGE = "https://wiro.ai/panel/project";
    static final String SITE = "https://wiro.ai";

    static final ServiceErrors ERRORS = new ServiceErrors(NAME)
            .advising(
                    ErrorCategory.AUTHENTICATION,
                    "check apiKey, and secretKey if the project signs its requests, at " + KEY_PAGE)
            .advising(ErrorCategory.INSUFFICIENT_CREDITS, "funds are added at " + SITE);

    private static final String NO_TASK = "there is no task";

    /** The whole beginnings of messages: a failure of the service after it has begun may hold the same words. */
    private static final List<String> ABOUT_THE_REQUEST = List.of(
            "request parameter [",
            "request parameters are invalid",
            "request files [",
            "taskid or socketaccesstoken is required",
            "error parsing url");

    private static final String NO_PERMISSION = "you don't have any permission for this action";

    private static final List<String> ABOUT_THE_ACCOUNT =
            List.of(NO_PERMISSION, "project authorization is not", "project requires signature", "requested ip ");

    /** What the service's codes say. */
    enum Reason {
        INVALID_INPUT,
        UNKNOWN_MODEL,
        UNKNOWN_TASK,
        NOT_CANCELLABLE,
        NO_ACCESS,
        NO_CAPACITY,
        INSUFFICIENT_BALANCE,
        /** Code 0 with a message that the contract does not have: something failed at the service. */
        SERVER_FAILURE
    }

    private WiroErrors() {}

    /** What an error means, or {@code null} for a code that is none of the contract's. */
    static @Nullable Reason reason(ServiceMessage message) {
        String code = message.code();
        String text = message.text();
        if (code == null) {
            return null;
        }
        return switch (code) {
            case "96" -> Reason.NO_CAPACITY;
            case "97" -> Reason.INSUFFICIENT_BALANCE;
            case "98", "99" -> Reason.NO_ACCESS;
            case "1" -> ofCodeOne(text);
            case "0" -> ofCodeZero(text);
            default -> null;
        };
    }

    private static @Nullable Reason ofCodeOne(String text) {
        if (ServiceText.contains(text, NO_TASK)) {
            return Reason.UNKNOWN_TASK;
        }
        if (ServiceText.containsAny(text, List.of("cancellable", "could not be killed"))) {
            return Reason.NOT_CANCELLABLE;
        }
        return ServiceText.containsAny(text, List.of("not-accessible", "not-exist")) ? Reason.UNKNOWN_MODEL : null;
    }

    private static Reason ofCodeZero(String text) {
        if (beginsWithAny(text, ABOUT_THE_REQUEST)) {
            return Reason.INVALID_INPUT;
        }
        boolean isAccount = beginsWithAny(text, ABOUT_THE_ACCOUNT)
                || ServiceText.contains(text, "suspended") && ServiceText.contains(text, "account");
        return isAccount ? Reason.NO_ACCESS : Reason.SERVER_FAILURE;
    }

    private static boolean beginsWithAny(String text, List<String> beginnings) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        return beginnings.stream().anyMatch(lower::startsWith);
    }

    /** Whether what was asked for belongs to somebody else, although the account may use the service. */
    static boolean isForbidden(ServiceMessage message) {
        return "0".equals(message.code()) && beginsWithAny(message.text(), List.of(NO_PERMISSION));
    }

    /** The kind of failure that an error tells: by its code, else by the HTTP status. */
    static ErrorCategory categoryOf(ServiceMessage message, int status) {
        if (status == 401 || status == 403) {
            return ErrorCategory.AUTHENTICATION;
        }
        Reason reason = reason(message);
        return reason == null
                ? ofStatus(status)
                : switch (reason) {
                    case INVALID_INPUT, UNKNOWN_MODEL -> ErrorCategory.INVALID_REQUEST;
                    case UNKNOWN_TASK -> ErrorCategory.TASK_NOT_FOUND;
                    case NOT_CANCELLABLE -> ErrorCategory.CANCELLED;
                    case NO_ACCESS -> ErrorCategory.AUTHENTICATION;
                    case NO_CAPACITY -> ErrorCategory.RATE_LIMITED;
                    case INSUFFICIENT_BALANCE -> ErrorCategory.INSUFFICIENT_CREDITS;
                    case SERVER_FAILURE -> ErrorCategory.SERVICE_UNAVAILABLE;
                };
    }

    private static ErrorCategory ofStatus(int status) {
        return switch (status) {
            case 402 -> ErrorCategory.INSUFFICIENT_CREDITS;
            case 429 -> ErrorCategory.RATE_LIMITED;
            case 200, 408 -> ErrorCategory.SERVICE_UNAVAILABLE;
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
        return Json.read(answer.body())
                .flatMap(WiroEnvelope::error)
                .map(m -> of(doing, m, answer.status(), text))
                .orElseGet(() ->
                        answer.isSuccess() ? ERRORS.incomplete(doing, answer) : ERRORS.ofStatus(doing, answer.status()))
                .toException();
    }
}
