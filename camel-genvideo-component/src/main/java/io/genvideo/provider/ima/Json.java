/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** JSON as this package reads and writes it: leniently in, exactly out. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Makes nodes. */
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /** The document, or empty if the bytes are not one. */
    static Optional<JsonNode> read(byte[] bytes) {
        try {
            return Optional.ofNullable(MAPPER.readTree(bytes));
        } catch (IOException e) {
            // The caller decides what an unreadable answer means; the parser's message would quote the answer.
            return Optional.empty();
        }
    }

    static String write(ObjectNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    /** A scalar as the Java type that fits its JSON type. */
    static Object scalar(JsonNode node) {
        return node.isNumber() ? node.numberValue() : node.isBoolean() ? node.booleanValue() : node.asText();
    }

    /** An answer to keep, without the fields named {@code prompt}: prompts are the user's and not kept by default. */
    static Map<String, Object> withoutPrompts(JsonNode answer) {
        JsonNode copy = answer.deepCopy();
        copy.findParents("prompt").forEach(parent -> ((ObjectNode) parent).remove("prompt"));
        return MAPPER.convertValue(copy, new TypeReference<>() {});
    }

    /** The text of a string or number, or {@code null} for anything else and for blank text. */
    static @Nullable String text(@Nullable JsonNode node) {
        return node == null
                        || !(node.isTextual() || node.isNumber())
                        || node.asText().isBlank()
                ? null
                : node.asText().trim();
    }

    /** A whole number, be it a JSON number or its text, or {@code null}. */
    static @Nullable Integer integer(@Nullable JsonNode node) {
        String text = text(node);
        return text == null || !text.matches("-?\\d{1,9}(\\.0+)?")
                ? null
                : Integer.valueOf(text.replaceFirst("\\.0+$", ""));
    }

    /** The elements of an array; none if it is something else. */
    static Stream<JsonNode> elements(@Nullable JsonNode array) {
        return array == null || !array.isArray() ? Stream.of() : StreamSupport.stream(array.spliterator(), false);
    }
}
