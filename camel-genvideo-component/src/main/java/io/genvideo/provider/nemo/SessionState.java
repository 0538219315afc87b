/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceText;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The state of a session (docs/contracts/nemo.md section 8).
 *
 * @param data of the response
 * @param draft the draft as the service has sent it, byte for byte; {@code null} if there is none
 */
record SessionState(JsonNode data, byte @Nullable [] draft) {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1_000)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final List<String> TO_THE_STATE = List.of("data", "state");
    private static final int HASH_BYTES = 16;

    /** Empty if the response is none. */
    static Optional<SessionState> of(GatewayResponse answer) {
        return NemoEnvelope.data(answer).map(data -> new SessionState(data, draftIn(answer.body())));
    }

    private static byte @Nullable [] draftIn(byte[] body) {
        try (JsonParser parser = FACTORY.createParser(body)) {
            byte[] found = null;
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                found = draftIn(parser, body, 0);
            }
            return found != null && isObject(found) ? found : null;
        } catch (IOException e) {
            // a document that ends behind its tree, or is nested too deep to be sent back
            return null;
        }
    }

    /** As for any reader of JSON the last of several fields of a name counts. */
    private static byte @Nullable [] draftIn(JsonParser parser, byte[] body, int depth) throws IOException {
        byte[] found = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            boolean isPath = depth < TO_THE_STATE.size() && name.equals(TO_THE_STATE.get(depth));
            if (isPath && value == JsonToken.START_OBJECT) {
                found = draftIn(parser, body, depth + 1);
            } else if (depth == TO_THE_STATE.size() && name.equals("draft")) {
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                int to = (int) parser.currentLocation().getByteOffset();
                found = from >= 0 && to > from ? Arrays.copyOfRange(body, from, to) : null;
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    /** Also tells whether the bytes were cut out of UTF-8, in which requests are sent. */
    private static boolean isObject(byte[] bytes) {
        return bytes[0] == '{'
                && bytes[bytes.length - 1] == '}'
                && Json.read(bytes).filter(JsonNode::isObject).isPresent();
    }

    private JsonNode state() {
        return data.path("state");
    }

    private JsonNode draftTree() {
        return state().path("draft");
    }

    /** Whether a track has something on it. */
    boolean isExportable() {
        return draft != null
                && Json.elements(draftTree().get("t"))
                        .anyMatch(t -> Json.elements(t.get("sg")).findAny().isPresent());
    }

    /**
     * Tells whether what the service has made is the same: of the draft and the generated media, whatever the order of their
     * fields. What the service writes about uploaded files is not in it, because it changes without a message.
     */
    String hash() {
        ObjectNode made = Json.NODES.objectNode();
        made.set("draft", sorted(draftTree()));
        made.set("generated_media", sorted(state().path("generated_media")));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(Json.write(made).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            ObjectNode object = Json.NODES.objectNode();
            new TreeMap<>(Json.fields(node)).forEach((name, value) -> object.set(name, sorted(value)));
            return object;
        }
        if (node.isArray()) {
            return Json.array(Json.elements(node).map(SessionState::sorted).toList());
        }
        return node.isMissingNode() ? Json.NODES.nullNode() : node;
    }

    /** What a route gets: ids, and a summary of the tracks. */
    Map<String, Object> summary(String session, ServiceText text) {
        JsonNode draftNow = draftTree();
        JsonNode about = draftNow.path("m");
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("sessionId", session);
        put(summary, "taskId", Json.text(data.get("task_id")));
        String title = Json.text(about.get("title"));
        put(summary, "title", title == null ? null : text.shown(title));
        put(summary, "duration", seconds(draftNow));
        put(summary, "width", Json.integer(about.get("width")));
        put(summary, "height", Json.integer(about.get("height")));
        summary.put("exportable", isExportable());
        summary.put(
                "tracks",
                Json.elements(draftNow.get("t")).map(SessionState::track).toList());
        summary.put("files", (int) Json.elements(state().get("video_infos")).count());
        summary.put("hash", hash());
        return summary;
    }

    private static void put(Map<String, Object> map, String name, @Nullable Object value) {
        if (value != null) {
            map.put(name, value);
        }
    }

    private static Map<String, Object> track(JsonNode track) {
        List<JsonNode> segments = Json.elements(track.get("sg")).toList();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("type", type(track));
        summary.put("segments", segments.size());
        put(
                summary,
                "duration",
                segments.stream()
                        .map(SessionState::seconds)
                        .filter(Objects::nonNull)
                        .collect(Collectors.reducing(BigDecimal::add))
                        .orElse(null));
        return summary;
    }

    /** In a draft durations are milliseconds. */
    private static @Nullable BigDecimal seconds(JsonNode node) {
        BigDecimal milliseconds = Json.decimal(node.get("d"));
        return milliseconds == null ? null : milliseconds.movePointLeft(3);
    }

    private static String type(JsonNode track) {
        String type = Objects.requireNonNullElse(Json.text(track.get("tt")), "");
        return switch (type) {
            case "0" -> "video";
            case "1" -> "audio";
            case "7" -> "text";
            default -> "other";
        };
    }
}
