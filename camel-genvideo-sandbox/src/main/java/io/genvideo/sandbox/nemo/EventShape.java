/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** How the events of a stream are written (docs/contracts/nemo.md section 6). */
interface EventShape {
    /** What the service says, in the pieces in which it comes. */
    List<byte[]> text(List<String> pieces);

    byte[] toolCall(String tool, JsonNode args);

    byte[] toolResult(String tool, JsonNode result);

    /** Only the ADK's form of an error is known; both shapes have it. */
    static byte[] error(String message) {
        return Json.bytes(Json.MAPPER.createObjectNode().put("error", message));
    }

    static EventShape typed() {
        return new Typed();
    }

    static EventShape adk(InstantSource clock) {
        return new Adk(clock);
    }

    /** {@code type} tells what an event is. */
    final class Typed implements EventShape {
        private static ObjectNode event(String type) {
            return Json.MAPPER.createObjectNode().put("type", type);
        }

        @Override
        public List<byte[]> text(List<String> pieces) {
            return pieces.stream()
                    .map(piece -> Json.bytes(event("text").put("content", piece)))
                    .toList();
        }

        @Override
        public byte[] toolCall(String tool, JsonNode args) {
            return Json.bytes(event("tool_call").put("name", tool).set("args", args));
        }

        @Override
        public byte[] toolResult(String tool, JsonNode result) {
            return Json.bytes(event("tool_result").put("name", tool).set("result", result));
        }
    }

    /** Events of the Agent Development Kit: pieces are partial, and the event after them repeats the whole. */
    final class Adk implements EventShape {
        private final InstantSource clock;
        private final String invocation = "e-" + UUID.randomUUID();
        private String callId = "";

        Adk(InstantSource clock) {
            this.clock = clock;
        }

        private ObjectNode event(boolean partial, String role, ObjectNode part) {
            ObjectNode event = Json.MAPPER
                    .createObjectNode()
                    .put("id", UUID.randomUUID().toString())
                    .put("invocationId", invocation)
                    .put("author", "nemo_agent")
                    .put("timestamp", clock.instant().toEpochMilli() / 1000.0);
            if (partial) {
                event.put("partial", true);
            }
            event.putObject("content").put("role", role).putArray("parts").add(part);
            ObjectNode actions = event.putObject("actions");
            actions.putObject("stateDelta");
            actions.putObject("artifactDelta");
            return event;
        }

        private static ObjectNode textPart(String text) {
            return Json.MAPPER.createObjectNode().put("text", text);
        }

        @Override
        public List<byte[]> text(List<String> pieces) {
            List<byte[]> events = new ArrayList<>();
            pieces.forEach(piece -> events.add(Json.bytes(event(true, "model", textPart(piece)))));
            events.add(Json.bytes(event(false, "model", textPart(String.join("", pieces)))));
            return events;
        }

        @Override
        public byte[] toolCall(String tool, JsonNode args) {
            callId = "adk-" + UUID.randomUUID();
            return Json.bytes(event(false, "model", call("functionCall", tool, "args", args)));
        }

        @Override
        public byte[] toolResult(String tool, JsonNode result) {
            return Json.bytes(event(false, "user", call("functionResponse", tool, "response", result)));
        }

        private ObjectNode call(String kind, String tool, String field, JsonNode content) {
            ObjectNode part = Json.MAPPER.createObjectNode();
            part.putObject(kind).put("id", callId).put("name", tool).set(field, content);
            return part;
        }
    }
}
