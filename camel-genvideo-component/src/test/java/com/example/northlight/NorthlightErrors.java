/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import java.util.Map;
import java.util.Optional;

/** Northlight's error codes: {@code {"problem":{"code":"...","text":"..."}}}. */
final class NorthlightErrors {
    static final String NAME = "northlight";
    static final String KEYS = "https://northlight.example/keys";
    static final String UNKNOWN_JOB = "unknown_job";

    static final ServiceErrors ERRORS = new ServiceErrors(NAME)
            .advising(ErrorCategory.AUTHENTICATION, "the API key is not accepted, get one at " + KEYS);

    /** Codes after which nothing was created. Any other code leaves that open. */
    private static final Map<String, ErrorCategory> CODES = Map.of(
            "bad_input", ErrorCategory.INVALID_REQUEST,
            "bad_key", ErrorCategory.AUTHENTICATION,
            "no_credits", ErrorCategory.INSUFFICIENT_CREDITS,
            "unsafe", ErrorCategory.CONTENT_REJECTED,
            "slow_down", ErrorCategory.RATE_LIMITED);

    private NorthlightErrors() {}

    static Optional<ServiceMessage> message(JsonNode answer) {
        JsonNode problem = answer.path("problem");
        return problem.isObject()
                ? Optional.of(new ServiceMessage(
                        Json.text(problem.get("code")), problem.path("text").asText()))
                : Optional.empty();
    }

    static Optional<ErrorCategory> category(ServiceMessage message) {
        return Optional.ofNullable(message.code()).map(CODES::get);
    }

    static GenerationError of(String doing, ServiceMessage message, int status, ServiceText text) {
        ErrorCategory category = category(message).orElse(ErrorCategory.SERVICE_UNAVAILABLE);
        return ERRORS.of(category, doing, text.shown(message.text())).withCode(text.code(message.code()), status);
    }
}
