/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceMessage;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads how the service says no (docs/contracts/skillsvideo.md section 5), in each of its shapes:
 * {@code {"error":"CODE","code":"CODE","message"}} with a string as {@code error}, the older {@code {error, message}}, and
 * {@code {message}} alone.
 */
final class SkillsvideoEnvelope {
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    /** The endings of the codes of all three families, {@code IMAGE_GENERATION_…}, {@code VIDEO_…} and {@code TTS_…}. */
    enum Reason {
        INVALID_INPUT,
        UNSUPPORTED_MODEL,
        INSUFFICIENT_CREDITS,
        CONTENT_REJECTED,
        RATE_LIMITED,
        FAILED,
        PROVIDER_UNAVAILABLE,
        TIMEOUT
    }

    private SkillsvideoEnvelope() {}

    /** The error in an answer or an event, or empty if it has none of the fields. */
    static Optional<ServiceMessage> of(JsonNode root) {
        JsonNode error = root.path("error");
        String code = Json.text(root.get("code"));
        String text = Json.text(error);
        boolean isCode = text != null && CODE.matcher(text).matches();
        if (code == null) {
            code = isCode ? text : Json.text(error.get("code"));
        }
        String message = Json.text(root.get("message"));
        if (message == null) {
            message = Json.text(error.get("message"));
        }
        if (message == null && !isCode) {
            message = text;
        }
        return code == null && message == null
                ? Optional.empty()
                : Optional.of(new ServiceMessage(code, message == null ? "" : message));
    }

    /** What a code means, or {@code null} if it is none of the contract's. */
    static @Nullable Reason reason(@Nullable String code) {
        String upper = code == null ? "" : code.toUpperCase(Locale.ROOT);
        for (Reason reason : Reason.values()) {
            // Any code may end with FAILED; only that of a generation tells that one was begun
            String ending = reason == Reason.FAILED ? "GENERATION_FAILED" : reason.name();
            if (upper.equals(ending) || upper.endsWith("_" + ending)) {
                return reason;
            }
        }
        return null;
    }
}
