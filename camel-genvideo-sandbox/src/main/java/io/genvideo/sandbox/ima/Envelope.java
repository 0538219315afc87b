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
