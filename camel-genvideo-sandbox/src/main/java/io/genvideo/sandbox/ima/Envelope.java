/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Json;
import org.jspecify.annotations.Nullable;

/** The service's {@code {"code","message","data"}} (docs/contracts/ima.md section 1). */
final class Envelope {
    private final boolean matchingHttpStatus;

    /** @param matchingHttpStatus whether errors come with the HTTP status of their kind instead of 200 */
    Envelope(boolean matchingHttpStatus) {
        this.matchingHttpStatus = matchingHttpStatus;
    }

    /** What the service says with a code of its own (docs/contracts/ima.md section 8). */
    static String message(int code) {
        return switch (code) {
            case 401 -> "Unauthorized";
            case 4008 -> "Insufficient points";
            case 4014 -> "This model requires a subscription";
            case 6006 -> "credit differs from the price";
            case 6009 -> "No rule matches the parameters";
            case 6010 -> "Attribute ID does not match the calculated rule";
            case 429 -> "Too many requests";
            case 503 -> "Service unavailable";
            case 404 -> "task not found";
            case 400 -> "Bad request";
            default -> "Internal error";
        };
    }

    static Answer success(int code, Object data) {
        ObjectNode envelope = Json.MAPPER.createObjectNode().put("code", code).put("message", "success");
        envelope.set("data", data instanceof JsonNode node ? node : Json.MAPPER.valueToTree(data));
        return Answer.json(200, envelope);
    }

    Answer error(int code, String message) {
        int kind = code >= 400 && code < 600 ? code : 400;
        return error(code, message, matchingHttpStatus ? kind : 200);
    }

    static Answer error(int code, @Nullable String message, int httpStatus) {
        return Answer.json(
                httpStatus,
                Json.MAPPER
                        .createObjectNode()
                        .put("code", code)
                        .put("message", message)
                        .putNull("data"));
    }
}
