/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Holds a chat message against docs/contracts/nemo.md section 6. */
final class ChatCheck {
    private static final Set<String> FIELDS = Set.of("app_name", "user_id", "session_id", "new_message");
    private static final String EVENTS = "text/event-stream";
    /** A message that only wants an export, which the service answers with talk about a button. */
    private static final Pattern EXPORT =
            Pattern.compile("(?i)\\s*(export|导出)( the| this| my)?( video)?\\s*[.!。]?\\s*");

    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String sessionId = "";
    private String text = "";

    /** Why the message is refused. */
    List<String> problems() {
        return problems;
    }

    /** What the contract leaves open. */
    List<String> notes() {
        return notes;
    }

    String sessionId() {
        return sessionId;
    }

    String text() {
        return text;
    }

    /** What is a mistake although it is answered. */
    Optional<String> complaint() {
        return EXPORT.matcher(text).matches()
                ? Optional.of("an export by chat: the service only speaks of a button")
                : Optional.empty();
    }

    void headers(Request request) {
        if (!Access.isJson(request)) {
            problems.add("Content-Type must be application/json, not " + request.header("Content-Type"));
        }
        String accept = String.valueOf(request.header("Accept"));
        boolean accepts = Arrays.stream(accept.split(","))
                .map(type -> type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT))
                .anyMatch(EVENTS::equals);
        if (!accepts) {
            notes.add("Accept is not " + EVENTS);
        }
    }

    void body(JsonNode body) {
        if (!body.isObject()) {
            problems.add("the body is not a JSON object");
            return;
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                problems.add("unknown field " + name);
            }
        });
        constant(body, "app_name", NemoService.AGENT);
        constant(body, "user_id", "me");
        JsonNode session = body.path("session_id");
        if (session.isTextual()) {
            sessionId = session.asText();
        } else {
            problems.add("session_id must be a text: a number of 19 digits loses some of them");
        }
        message(body.path("new_message"));
    }

    private void constant(JsonNode body, String name, String value) {
        if (!body.path(name).asText().equals(value)) {
            problems.add(name + " must be " + value);
        }
    }

    private void message(JsonNode message) {
        JsonNode parts = message.path("parts");
        if (!message.isObject() || !parts.isArray() || parts.isEmpty()) {
            problems.add("new_message must be {\"parts\":[{\"text\":\"...\"}]}");
            return;
        }
        if (message.has("role")) {
            notes.add("new_message has a role");
        }
        if (message.size() > (message.has("role") ? 2 : 1)) {
            problems.add("unknown field in new_message");
        }
        StringBuilder all = new StringBuilder();
        for (JsonNode part : parts) {
            if (part.size() != 1 || !part.path("text").isTextual()) {
                problems.add("a part must be {\"text\":\"...\"}");
                return;
            }
            all.append(part.path("text").asText());
        }
        text = all.toString();
        if (text.isBlank()) {
            problems.add("the message is empty");
        }
    }
}
