/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the service says no (contract 5), in each of its shapes: {@code {"error":"CODE","code":"CODE","message"}} with a string
 * as {@code error}, the older {@code {error, message}}, and {@code {message}} alone.
 *
 * @param code {@code null} if there is none
 * @param message may be empty; may quote what was sent, so it is shown only through {@link ServiceText}
 */
record SkillsvideoEnvelope(@Nullable String code, String message) {

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

    /** The envelope of an answer or an event, or empty if it has none of the fields. */
    static Optional<SkillsvideoEnvelope> of(JsonNode root) {
        JsonNode error = root.path("error");
        String code = Json.text(root.get("code"));
        String said = Json.text(error);
        boolean isCode = said != null && said.matches("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*");
        if (code == null) {
            code = isCode ? said : Json.text(error.get("code"));
        }
        String message = Json.text(root.get("message"));
        if (message == null) {
            message = Json.text(error.get("message"));
        }
        if (message == null && !isCode) {
            message = said;
        }
        return code == null && message == null
                ? Optional.empty()
                : Optional.of(new SkillsvideoEnvelope(code, message == null ? "" : message));
    }

    /** What the code means, or {@code null} if it is none of the contract's. */
    @Nullable
    Reason reason() {
        String upper = code == null ? "" : code.toUpperCase(Locale.ROOT);
        for (Reason reason : Reason.values()) {
            // Any code may end with FAILED; only that of a generation says that one was begun
            String ending = reason == Reason.FAILED ? "GENERATION_FAILED" : reason.name();
            if (upper.equals(ending) || upper.endsWith("_" + ending)) {
                return reason;
            }
        }
        return null;
    }
}
