/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** JSON as this package reads and writes it: leniently in, exactly out. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** Makes nodes. */
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /** The document, or empty if the bytes are not one. */
    static Optional<JsonNode> read(byte[] bytes) {
        try {
            return Optional.ofNullable(MAPPER.readTree(bytes)).filter(n -> !n.isMissingNode());
        } catch (IOException e) {
            // The caller decides what an unreadable answer means; the parser's message would quote the answer.
            return Optional.empty();
        }
    }

    static Optional<JsonNode> read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    /** A user's value, whatever its structure. */
    static JsonNode ofJava(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** A scalar as the Java type that fits its JSON type; anything else as its JSON text. */
    static Object plain(JsonNode node) {
        return node.isNumber()
                ? node.numberValue()
                : node.isBoolean() ? node.booleanValue() : node.isTextual() ? node.asText() : write(node);
    }

    /**
     * An answer to keep: without {@code input}, which repeats the request with its prompt and addresses, and without every
     * other field that is named after a prompt. Those are the user's and not kept by default.
     *
     * @param fit makes the service's own words fit to be kept: they may quote what was sent
     */
    static Map<String, Object> kept(JsonNode answer, UnaryOperator<String> fit) {
        JsonNode copy = answer.deepCopy();
        if (copy instanceof ObjectNode root) {
            root.remove("input");
            fitWords(root, fit);
            if (root.path("error") instanceof ObjectNode error) {
                fitWords(error, fit);
            }
        }
        removePrompts(copy);
        return MAPPER.convertValue(copy, new TypeReference<>() {});
    }

    private static void fitWords(ObjectNode object, UnaryOperator<String> fit) {
        for (String name : List.of("message", "error")) {
            if (object.path(name).isTextual()) {
                object.put(name, fit.apply(object.path(name).asText()));
            }
        }
    }

    private static void removePrompts(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> prompts = new ArrayList<>();
            object.fieldNames().forEachRemaining(name -> {
                if (name.toLowerCase(Locale.ROOT).contains("prompt")) {
                    prompts.add(name);
                }
            });
            object.remove(prompts);
        }
        node.forEach(Json::removePrompts);
    }

    /** The text of a string or number, or {@code null} for anything else and for blank text. */
    static @Nullable String text(@Nullable JsonNode node) {
        return node == null
                        || !(node.isTextual() || node.isNumber())
                        || node.asText().isBlank()
                ? null
                : node.asText().trim();
    }

    /** A number, be it a JSON number or its text, or {@code null}. */
    static @Nullable BigDecimal decimal(@Nullable JsonNode node) {
        String text = text(node);
        return text == null || !text.matches("-?\\d{1,18}(\\.\\d{1,18})?") ? null : new BigDecimal(text);
    }

    /** A whole number that is not negative, or {@code null}. */
    static @Nullable Long whole(@Nullable JsonNode node) {
        BigDecimal number = decimal(node);
        return number == null
                        || number.signum() < 0
                        || number.stripTrailingZeros().scale() > 0
                ? null
                : number.longValue();
    }

    /** The elements of an array; the node itself if it is something else; none for nothing. */
    static Stream<JsonNode> elements(@Nullable JsonNode node) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return Stream.of();
        }
        return node.isArray() ? StreamSupport.stream(node.spliterator(), false) : Stream.of(node);
    }

    static Map<String, JsonNode> fields(JsonNode object) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        object.fields().forEachRemaining(f -> fields.put(f.getKey(), f.getValue()));
        return fields;
    }

    static ArrayNode array(List<JsonNode> elements) {
        return NODES.arrayNode().addAll(elements);
    }
}
