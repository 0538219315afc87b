/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The frame of every JSON response of the service: {@code {"code", "msg", "data", "trace_id"}} (docs/contracts/mediaio.md
 * section 1). Its {@code code} is the authority, whatever the HTTP status is.
 *
 * @param code 0 means success
 * @param message may quote what was sent, so it is shown only through {@link ServiceText}
 * @param data {@code null} nodes included; missing if there is none
 * @param traceId by which the service's support finds a call; {@code null} if there is none
 * @param whole the complete response
 */
record MediaioEnvelope(
        int code, String message, JsonNode data, @Nullable String traceId, JsonNode whole) {

    /** The envelope of a response, or empty if the body is anything else: then it is not the service's response. */
    static Optional<MediaioEnvelope> of(GatewayResponse answer) {
        return Json.read(answer.body()).flatMap(MediaioEnvelope::of);
    }

    /** The envelope of a body, or empty if it is anything else. */
    static Optional<MediaioEnvelope> of(JsonNode root) {
        Integer code = root.isObject() ? Json.integer(root.get("code")) : null;
        return code == null
                ? Optional.empty()
                : Optional.of(new MediaioEnvelope(
                        code, root.path("msg").asText(""), root.path("data"), Json.text(root.get("trace_id")), root));
    }

    boolean isOk() {
        return code == 0;
    }
}
