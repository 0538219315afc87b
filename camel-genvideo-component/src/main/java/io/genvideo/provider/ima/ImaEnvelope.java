/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceText;
import java.util.Optional;

/**
 * The frame of every JSON answer of the service: {@code {"code", "message", "data"}} (docs/contracts/ima.md section 1). Its
 * {@code code} is the authority, whatever the HTTP status is.
 *
 * @param code 0 and 200 mean success
 * @param message may be empty; may quote what was sent, so it is shown only through {@link ServiceText}
 * @param data {@code null} nodes included; missing if there is none
 * @param whole the complete answer
 */
record ImaEnvelope(int code, String message, JsonNode data, JsonNode whole) {

    /** The envelope of an answer, or empty if the body is anything else: then it is not the service's answer. */
    static Optional<ImaEnvelope> of(GatewayResponse answer) {
        return Json.read(answer.body()).flatMap(ImaEnvelope::of);
    }

    /** The envelope of a body, or empty if it is anything else. */
    static Optional<ImaEnvelope> of(JsonNode root) {
        Integer code = root.isObject() ? Json.integer(root.get("code")) : null;
        return code == null
                ? Optional.empty()
                : Optional.of(new ImaEnvelope(code, root.path("message").asText(""), root.path("data"), root));
    }

    boolean isOk() {
        return code == 0 || code == 200;
    }
}
