/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.genvideo.sandbox.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Holds the request for an export against docs/contracts/nemo.md section 8. */
final class RenderCheck {
    private static final Set<String> FIELDS = Set.of("id", "sessionId", "draft", "output");
    private static final ObjectReader EXACT = Json.MAPPER.reader(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private JsonNode body = Json.MAPPER.missingNode();
    private String draftText = "";

    /** Why it is refused. */
    List<String> problems() {
        return problems;
    }

    /** What the contract leaves open. */
    List<String> notes() {
        return notes;
    }

    String id() {
        return body.path("id").asText();
    }

    String sessionId() {
        return body.path("sessionId").asText();
    }

    /** The draft exactly as it was sent. */
    String draftText() {
        return draftText;
    }

    void body(byte[] bytes) {
        body = Json.parse(bytes);
        if (!body.isObject()) {
            problems.add("the body is not a JSON object");
            return;
        }
        body.fieldNames().forEachRemaining(name -> {
            if (name.equals("session_id")) {
                problems.add("session_id must be sessionId here");
            } else if (!FIELDS.contains(name)) {
                problems.add("unknown field " + name);
            }
        });
        if (!body.path("sessionId").isTextual()) {
            problems.add("sessionId must be a text");
        }
        if (!body.path("id").isTextual() || !id().matches("[0-9A-Za-z_.-]{1,100}")) {
            problems.add("id must be a text of 1 to 100 letters, digits, _, . and -");
        } else if (!id().startsWith("render_")) {
            notes.add("an id that does not start with render_");
        }
        output(body.path("output"));
        if (body.path("draft").isObject()) {
            draftText = raw(bytes);
        } else {
            problems.add("draft must be an object, as it stands in the state");
        }
    }

    private void output(JsonNode output) {
        if (output.isMissingNode()) {
            return;
        }
        if (!output.isObject()) {
            problems.add("output must be an object");
        }
        output.fields().forEachRemaining(field -> {
            if (!Set.of("format", "quality").contains(field.getKey())) {
                problems.add("unknown field " + field.getKey() + " in output");
            } else if (!Set.of("mp4", "high").contains(field.getValue().asText())) {
                notes.add("an output that no source names");
            }
        });
    }

    /** The text of the draft between its braces, as no tree keeps it. */
    private static String raw(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try (JsonParser parser = Json.MAPPER.getFactory().createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isDraft = parser.currentName().equals("draft");
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                if (isDraft) {
                    return text.substring(from, (int) parser.currentLocation().getCharOffset());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("it was parsed before", e);
        }
        return "";
    }

    /** Why a draft is none of the session: the likely mistake. */
    static String mistake(String draft, List<String> known) {
        try {
            JsonNode exact = EXACT.readTree(draft);
            JsonNode rounded = Json.MAPPER.readTree(draft);
            for (String text : known) {
                if (EXACT.readTree(text).equals(exact)) {
                    return "the draft has other bytes than in the state: written anew";
                } else if (Json.MAPPER.readTree(text).equals(rounded)) {
                    return "the draft has other numbers than in the state";
                }
            }
        } catch (IOException e) {
            return "the draft is not readable";
        }
        return "a draft that the session never had";
    }
}
