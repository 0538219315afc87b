/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Json;
import java.util.Map;

/** The two envelopes (docs/contracts/nemo.md sections 2 and 8) and the codes of section 9. */
final class Responses {
    static final int INVALID = 400;
    static final int PLAN = 402;
    static final int LIMIT = 429;
    static final int TOKEN = 1001;
    static final int NO_SESSION = 1002;
    static final int NO_CREDITS = 2001;
    static final int FILE_TYPE = 4001;
    static final int FILE_SIZE = 4002;

    private static final Map<Integer, String> MESSAGES = Map.of(
            PLAN, "Export is not available in your plan",
            LIMIT, "Too many requests",
            TOKEN, "Token invalid or expired",
            NO_SESSION, "Session not found",
            NO_CREDITS, "Insufficient credits",
            FILE_TYPE, "Unsupported file type",
            FILE_SIZE, "File too large");
    private static final Map<Integer, Integer> STATUSES =
            Map.of(TOKEN, 401, NO_SESSION, 404, NO_CREDITS, 402, FILE_TYPE, 415, FILE_SIZE, 413);

    private final boolean matchingHttpStatus;

    /** @param matchingHttpStatus whether an error has the HTTP status of its kind; both were seen */
    Responses(boolean matchingHttpStatus) {
        this.matchingHttpStatus = matchingHttpStatus;
    }

    static Answer success(ObjectNode data) {
        return Answer.json(200, Json.MAPPER.createObjectNode().put("code", 0).set("data", data));
    }

    Answer error(int code) {
        return error(code, "");
    }

    /** An error with the HTTP status of its code: those that are HTTP statuses themselves always have it. */
    Answer error(int code, String message) {
        boolean own = code >= 400 && code <= 599;
        return error(code, message, own ? code : matchingHttpStatus ? matchingStatus(code) : 200);
    }

    static Answer error(int code, String message, int httpStatus) {
        return Answer.json(
                httpStatus, Json.MAPPER.createObjectNode().put("code", code).put("message", text(code, message)));
    }

    static int matchingStatus(int code) {
        return STATUSES.getOrDefault(code, 400);
    }

    /** A success in the envelope of renders. */
    static Answer render(ObjectNode data) {
        return Answer.json(
                200, Json.MAPPER.createObjectNode().put("success", true).set("data", data));
    }

    /** An error in the envelope of renders; its fields are not documented. */
    static Answer renderError(int httpStatus, String message) {
        return Answer.json(
                httpStatus,
                Json.MAPPER
                        .createObjectNode()
                        .put("success", false)
                        .put("code", httpStatus)
                        .put("error", text(httpStatus, message)));
    }

    private static String text(int code, String message) {
        return message.isEmpty() ? MESSAGES.getOrDefault(code, "Service error") : message;
    }
}
