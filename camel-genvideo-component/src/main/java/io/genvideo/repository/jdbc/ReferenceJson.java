/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A route's reference as JSON: a text, or an object of texts, truth values and numbers. JSON does not tell a Long from an
 * Integer; a number that would come back as another type is written as {@code {"Long": "5"}}, so that a route gets what it
 * gave.
 */
final class ReferenceJson {
    /** A reference of a route has at most 4 KB. */
    private static final int MAX_DIGITS = 4096;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Map<String, Function<String, Object>> NUMBERS = Map.of(
            "Byte", Byte::valueOf,
            "Short", Short::valueOf,
            "Long", Long::valueOf,
            "Float", Float::valueOf,
            "Double", Double::valueOf,
            "BigInteger", BigInteger::new,
            "BigDecimal", BigDecimal::new);

    private ReferenceJson() {}

    /** @throws IllegalArgumentException if it is not a String, nor a flat Map */
    static @Nullable String write(@Nullable Object reference) {
        if (reference == null) {
            return null;
        }
        if (reference instanceof String text) {
            return NODES.textNode(text).toString();
        }
        if (reference instanceof Map<?, ?> map) {
            ObjectNode object = NODES.objectNode();
            map.forEach((name, value) -> object.set(String.valueOf(name), node(value)));
            return object.toString();
        }
        throw unusable(reference);
    }

    private static JsonNode node(@Nullable Object value) {
        if (value == null) {
            return NODES.nullNode();
        }
        if (value instanceof String text) {
            return NODES.textNode(text);
        }
        if (value instanceof Boolean truth) {
            return NODES.booleanNode(truth);
        }
        if (value instanceof Integer number) {
            return NODES.numberNode(number);
        }
        String type = value.getClass().getSimpleName();
        if (value instanceof Number && NUMBERS.containsKey(type)) {
            return NODES.objectNode().put(type, value.toString());
        }
        throw unusable(value);
    }

    static @Nullable Object read(@Nullable String json) {
        if (json == null) {
            return null;
        }
        try {
            JsonNode node = Json.MAPPER.readTree(json);
            if (!node.isObject()) {
                return node.textValue();
            }
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            node.properties().forEach(e -> map.put(e.getKey(), value(e.getValue())));
            return map;
        } catch (JsonProcessingException e) {
            throw Json.unusable(e);
        }
    }

    private static @Nullable Object value(JsonNode node) {
        if (node.isObject()) {
            if (node.isEmpty()) {
                throw new IllegalStateException("a record holds a reference with an empty object");
            }
            Map.Entry<String, JsonNode> number = node.properties().iterator().next();
            Function<String, Object> type = NUMBERS.get(number.getKey());
            if (type == null) {
                throw new IllegalStateException("a record holds a reference with an unknown type of number");
            }
            return type.apply(digits(number.getValue()));
        }
        if (node.isTextual()) {
            return node.textValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNull() ? null : node.numberValue();
    }

    /** Bounded: the time that it takes to read a number of many digits grows with their square. */
    private static String digits(JsonNode number) {
        String text = number.textValue();
        if (text == null || text.length() > MAX_DIGITS) {
            throw new IllegalStateException("a record holds a reference with a number that cannot be read");
        }
        return text;
    }

    private static IllegalArgumentException unusable(Object value) {
        return new IllegalArgumentException(
                "a reference is a String or a Map of Strings, Numbers and Booleans; this one is or holds a "
                        + value.getClass().getName());
    }
}
