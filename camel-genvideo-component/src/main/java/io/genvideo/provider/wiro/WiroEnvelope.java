/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceMessage;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads whether an answer is a success (docs/contracts/wiro.md sections 4 and 8): answers are flat, and business errors come with
 * HTTP 200 as {@code {"result":false,"errors":[{"code":96,"message":"..."}]}}. Codes come as numbers and as text.
 */
final class WiroEnvelope {
    private WiroEnvelope() {}

    /** The first error of an answer; empty if it has none. */
    static Optional<ServiceMessage> error(JsonNode root) {
        Optional<ServiceMessage> listed = Json.elements(root.get("errors"))
                .map(WiroEnvelope::message)
                .flatMap(Optional::stream)
                .findFirst();
        boolean declared = root.path("result").asText().equalsIgnoreCase("false");
        return listed.or(() -> declared ? Optional.of(new ServiceMessage(null, "")) : Optional.empty());
    }

    private static Optional<ServiceMessage> message(JsonNode error) {
        String code = Json.text(error.get("code"));
        String text = Stream.of(error, error.path("message"))
                .map(Json::text)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return code == null && text == null
                ? Optional.empty()
                : Optional.of(new ServiceMessage(code, text == null ? "" : text));
    }

    /** The answer's object if it is a success. */
    static Optional<JsonNode> success(GatewayResponse answer) {
        return Json.read(answer.body())
                .filter(root ->
                        answer.isSuccess() && root.isObject() && error(root).isEmpty());
    }
}
