/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An entry of {@code form_config}: one inner parameter and the values it may have. For a virtual one the values are the
 * targets of its mapping, not what the user interface shows (docs/contracts/ima.md sections 2
 * and 3.2).
 *
 * @param node as it is on the wire
 */
record Field(JsonNode node) {

    String name() {
        return node.path("field").asText();
    }

    boolean virtual() {
        return node.path("is_ui_virtual").asBoolean(false);
    }

    /** Whether it must be sent: it has a default, which a client sends if the user says nothing. */
    boolean required() {
        return !node.path("value").isNull() && !node.path("value").isMissingNode();
    }

    /** Names that only the user interface uses, e.g. {@code quality} where {@code mode} is sent. */
    Set<String> uiNames() {
        Set<String> names = new HashSet<>();
        if (virtual()) {
            node.path("ui_params").forEach(p -> names.add(p.path("field").asText()));
            names.remove(name());
        }
        return names;
    }

    /** Values it may have; empty if it is free. */
    List<JsonNode> allowed() {
        List<JsonNode> values = new ArrayList<>();
        if (virtual()) {
            node.path("value_mapping").path("mapping_rules").forEach(r -> values.add(r.path("target_value")));
        } else {
            node.path("options").forEach(o -> values.add(o.path("value")));
        }
        return values;
    }

    /** Says what is wrong with a value, if anything is. */
    Optional<String> complaint(JsonNode value) {
        List<JsonNode> allowed = allowed();
        if (!allowed.isEmpty()) {
            return allowed.contains(value)
                    ? Optional.empty()
                    : Optional.of(name() + "=" + value + " is not in options " + allowed + hint(value, allowed));
        }
        boolean toggle = node.path("type").asText().equals("toggle");
        if (toggle ? !value.isBoolean() : !value.isTextual()) {
            return Optional.of(name() + " must be a " + (toggle ? "boolean" : "string") + ", not " + value);
        }
        JsonNode max = node.path("config").path("maximum");
        if (value.isTextual() && max.isInt() && value.asText().length() > max.asInt()) {
            return Optional.of(name() + " is longer than " + max + " characters");
        }
        return Optional.empty();
    }

    private String hint(JsonNode value, List<JsonNode> allowed) {
        for (JsonNode option : allowed) {
            if (option.asText().equalsIgnoreCase(value.asText())) {
                return ": type and spelling must be those of the product list";
            }
        }
        for (JsonNode option : node.path("options")) {
            if (virtual() && option.path("value").equals(value)) {
                return ": that is a value of the user interface";
            }
        }
        return "";
    }

    /** Says with which of the other parameters a value cannot be combined, if so. */
    Optional<String> conflict(JsonNode value, JsonNode params) {
        for (JsonNode option : node.path("options")) {
            if (!option.path("value").equals(value)) {
                continue;
            }
            for (Map.Entry<String, JsonNode> e : option.path("disabled").properties()) {
                JsonNode other = params.path(e.getKey());
                for (JsonNode forbidden : e.getValue()) {
                    if (forbidden.equals(other)) {
                        return Optional.of(
                                name() + "=" + value + " cannot be combined with " + e.getKey() + "=" + other);
                    }
                }
            }
        }
        return Optional.empty();
    }
}
