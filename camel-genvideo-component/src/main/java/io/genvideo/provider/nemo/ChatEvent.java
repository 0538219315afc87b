/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceMessage;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One event of the stream that answers a message, in either of the two shapes of the contract (docs/contracts/nemo.md section
 * 6): typed, or as Google's ADK has it. What is neither has no content, like a heartbeat.
 *
 * @param text that the service wrote; empty for none
 * @param partial whether the text is a part of one that comes again as a whole
 * @param tools names of the tools that the service called or that have answered
 * @param error what the service says is wrong; {@code null} for nothing
 */
record ChatEvent(
        String text,
        boolean partial,
        List<String> tools,
        @Nullable ServiceMessage error) {
    private static final ChatEvent HEARTBEAT = new ChatEvent("", false, List.of(), null);

    static ChatEvent of(String data) {
        JsonNode event = Json.read(data).filter(JsonNode::isObject).orElse(null);
        if (event == null) {
            return HEARTBEAT;
        }
        String type =
                Objects.requireNonNullElse(Json.text(event.get("type")), "").toLowerCase(Locale.ROOT);
        return switch (type) {
            case "heartbeat" -> HEARTBEAT;
            case "text" -> new ChatEvent(event.path("content").asText(), false, List.of(), null);
            case "tool_call", "tool_result" -> new ChatEvent("", false, names(event.get("name")), failure(event));
            case "error" -> new ChatEvent("", false, List.of(), messageOf(event));
            default -> adk(event);
        };
    }

    private static @Nullable ServiceMessage failure(JsonNode event) {
        // a tool that failed may be tried again by the service, so only an error of the event itself counts
        return NemoEnvelope.error(event).orElse(null);
    }

    private static ServiceMessage messageOf(JsonNode event) {
        return NemoEnvelope.error(event)
                .orElseGet(() -> new ServiceMessage(null, event.path("content").asText()));
    }

    private static ChatEvent adk(JsonNode event) {
        List<JsonNode> parts = Json.elements(event.path("content").get("parts")).toList();
        String text = parts.stream()
                .filter(p -> !"user".equals(event.path("content").path("role").asText()))
                .map(p -> p.path("text").asText())
                .collect(Collectors.joining());
        List<String> tools = parts.stream()
                .flatMap(p -> Stream.of(p.path("functionCall"), p.path("functionResponse")))
                .flatMap(call -> names(call.get("name")).stream())
                .toList();
        Optional<ServiceMessage> error = NemoEnvelope.error(event);
        return new ChatEvent(text, event.path("partial").asBoolean(), tools, error.orElse(null));
    }

    private static List<String> names(@Nullable JsonNode name) {
        return Stream.ofNullable(Json.text(name)).toList();
    }

    /** Whether it says more than that the service is still there. */
    boolean hasContent() {
        return !text.isEmpty() || !tools.isEmpty() || error != null;
    }
}
