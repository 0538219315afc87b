/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Json;
import java.util.Map;
import java.util.UUID;

/** The envelope around everything that the service answers (docs/contracts/mediaio.md sections 1 and 5). */
final class Envelope {
    static final int NOT_AUTHENTICATED = 374004;
    static final int INSUFFICIENT_CREDITS = 490505;
    static final int INVALID_PARAMETERS = 490000;

    private static final Map<Integer, String> MESSAGES = Map.of(
            NOT_AUTHENTICATED, "Not authenticated",
            INSUFFICIENT_CREDITS, "Insufficient credits",
            INVALID_PARAMETERS, "Params error");
    private static final Map<Integer, Integer> STATUSES =
            Map.of(NOT_AUTHENTICATED, 401, INSUFFICIENT_CREDITS, 402, INVALID_PARAMETERS, 400);

    private final boolean matchingHttpStatus;

    /** @param matchingHttpStatus whether an error has the HTTP status of its kind; the real one is not known */
    Envelope(boolean matchingHttpStatus) {
        this.matchingHttpStatus = matchingHttpStatus;
    }

    static Answer success(Object data) {
        return envelope(200, 0, "", data);
    }

    Answer error(int code, String message) {
        return error(code, message, matchingHttpStatus ? STATUSES.getOrDefault(code, 400) : 200);
    }

    static Answer error(int code, String message, int httpStatus) {
        String text = message.isEmpty() ? MESSAGES.getOrDefault(code, "Service error") : message;
        return envelope(httpStatus, code, text, Map.of());
    }

    private static Answer envelope(int httpStatus, int code, String message, Object data) {
        return Answer.json(
                httpStatus,
                Json.MAPPER
                        .createObjectNode()
                        .put("code", code)
                        .put("msg", message)
                        .<ObjectNode>set("data", Json.MAPPER.valueToTree(data))
                        .put("trace_id", UUID.randomUUID().toString().replace("-", "")));
    }
}
