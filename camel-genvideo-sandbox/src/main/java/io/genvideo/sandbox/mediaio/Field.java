/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One field of an operation, from the definition (docs/contracts/mediaio.md section 7).
 *
 * @param list whether it is an array of texts; every other field is one text
 * @param allowed the values it can have; empty: any
 * @param byDefault its value if it is not sent; empty if the definition has none
 * @param maxLength most characters; 0: no limit is defined
 * @param description what it is, and what an input may be
 */
record Field(
        String name,
        boolean list,
        boolean required,
        List<String> allowed,
        String byDefault,
        int maxLength,
        String description) {
    private static final List<String> INPUTS = List.of("image", "images", "video");

    static Field of(JsonNode definition) {
        List<String> allowed = new ArrayList<>();
        definition.path("enum").forEach(value -> allowed.add(value.asText()));
        return new Field(
                definition.path("name").asText(),
                definition.path("type").asText().startsWith("array"),
                definition.path("required").asBoolean(),
                List.copyOf(allowed),
                definition.path("default").asText(""),
                definition.path("max_length").asInt(0),
                definition.path("description").asText());
    }

    /** Whether it takes URLs of media. */
    boolean isInput() {
        return INPUTS.contains(name);
    }
}
