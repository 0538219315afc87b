/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceMessage;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads whether a response is a success (docs/contracts/nemo.md sections 2 and 8). Most have {@code code} and {@code data}, those
 * of renders {@code success}, {@code data} and {@code error}, and an error comes with HTTP 200 or with a status of its own.
 */
final class NemoEnvelope {
    private static final String OK = "0";

    private NemoEnvelope() {}

    /** The error of a response or of an event; empty if it has none. */
    static Optional<ServiceMessage> error(JsonNode root) {
        JsonNode error = root.path("error");
        String code = Stream.of(root.get("code"), error.get("code"), root.get("error_code"))
                .map(Json::text)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        boolean failed = code != null && !code.equals(OK)
                || root.path("success").isBoolean() && !root.path("success").booleanValue()
                || error.isObject()
                || Json.text(error) != null;
        return failed ? Optional.of(new ServiceMessage(OK.equals(code) ? null : code, text(root))) : Optional.empty();
    }

    private static String text(JsonNode root) {
        JsonNode error = root.path("error");
        return Stream.of(root.get("message"), error.get("message"), error, root.get("detail"))
                .map(Json::text)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    /** The {@code data} of a success. */
    static Optional<JsonNode> data(GatewayResponse answer) {
        return root(answer).map(r -> r.path("data")).filter(JsonNode::isObject);
    }

    /** A success as a whole. */
    static Optional<JsonNode> root(GatewayResponse answer) {
        return answer.isSuccess()
                ? Json.read(answer.body()).filter(r -> r.isObject() && error(r).isEmpty())
                : Optional.empty();
    }

    /**
     * The state of a render, which stands in {@code data} or at the top. One that has failed has an {@code error} of its own, so
     * that a status comes before it.
     */
    static Optional<JsonNode> render(GatewayResponse answer) {
        return answer.isSuccess()
                ? Json.read(answer.body())
                        .map(r -> r.path("data").isObject() ? r.path("data") : r)
                        .filter(r -> Json.text(r.get("status")) != null)
                : Optional.empty();
    }

    /** Whether a response to the message is a stream of events, whatever its status. */
    static boolean isStream(GatewayResponse answer) {
        @Nullable String type = answer.header("Content-Type").orElse(null);
        return type != null && type.trim().toLowerCase(java.util.Locale.ROOT).startsWith("text/event-stream");
    }
}
