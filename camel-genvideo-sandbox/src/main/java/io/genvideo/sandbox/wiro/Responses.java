/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Json;

/** Flat answers and errors (docs/contracts/wiro.md section 8): business errors come with HTTP 200. */
final class Responses {
    static final String UNKNOWN_KEY = "Project authorization is not founded.";
    static final String SIGNATURE_REQUIRED =
            "Project requires signature authentication. x-signature and x-nonce headers are required.";
    static final String INVALID_SIGNATURE = "Project authorization is not valid.";
    static final String INVALID_PARAMETERS = "Request parameters are invalid.";
    static final String UNKNOWN_MODEL = "slug-owner-project-not-exist";
    static final String UNKNOWN_TASK = "There is no task yet.";

    private Responses() {}

    /** A success that says nothing yet. */
    static ObjectNode success() {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.putArray("errors");
        return body.put("result", true);
    }

    static Answer ok(ObjectNode body) {
        return Answer.json(200, body);
    }

    /** A business error. */
    static Answer error(int code, String message) {
        return error(code, message, 200);
    }

    static Answer error(int code, String message, int httpStatus) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("result", false);
        body.putArray("errors").addObject().put("code", code).put("message", message);
        return Answer.json(httpStatus, body);
    }

    static Answer invalid() {
        return error(0, INVALID_PARAMETERS);
    }
}
