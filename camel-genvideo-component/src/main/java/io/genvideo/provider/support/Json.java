/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * JSON of services: leniently read, exactly written. What is read is bounded, because anybody may have written it: a value that
 * is nested deeper than {@value #MAX_DEPTH} levels and a number outside {@value #MAX_DIGITS} digits read as {@code null}, so
 * that one absurd value does not spoil the document around it; a document of more than {@value #MAX_VALUES} values is
 * unreadable.
 */
public final class Json {
    /** Makes nodes. */
    public static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    static final int MAX_DEPTH = 64;
    static final int MAX_DIGITS = 40;
    static final int MAX_VALUES = 500_000;

    private static final int DIGITS_OF_EVERY_INT = 9;

    /** Where the parser itself gives up: far behind what is read, so that it can skip what is not. */
    private static final int PARSER_DEPTH = 20_000;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(PARSER_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Json() {}

    /** The document, or empty if the bytes are not exactly one. */
    public static Optional<JsonNode> read(byte[] bytes) {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            if (parser.nextToken() == null) {
                return Optional.empty();
            }
            JsonNode root = new Reader(parser).value(MAX_DEPTH);
            return parser.nextToken() == null ? Optional.of(root) : Optional.empty();
        } catch (IOException e) {
            // The caller decides what an unreadable answer means; the parser's message would quote the answer.
            return Optional.empty();
        }
    }

    /** The document, or empty if the text is not exactly one. */
    public static Optional<JsonNode> read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    public static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    /** A user's value, whatever its structure. */
    public static JsonNode ofJava(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** An object as Java maps and lists. */
    public static Map<String, Object> toMap(JsonNode object) {
        Map<String, Object> map = new LinkedHashMap<>();
        object.fields().forEachRemaining(field -> map.put(field.getKey(), toJava(field.getValue())));
        return map;
    }

    private static @Nullable Object toJava(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> toMap(node);
            case ARRAY -> {
                // not toList(): an array may hold null
                List<@Nullable Object> list = new ArrayList<>();
                node.elements().forEachRemaining(element -> list.add(toJava(element)));
                yield list;
            }
            case NUMBER -> node.numberValue();
            case BOOLEAN -> node.booleanValue();
            case NULL, MISSING -> null;
            default -> node.asText();
        };
    }

    /** A scalar as the Java type that fits its JSON type; anything else as its JSON text. */
    public static Object scalar(JsonNode node) {
        if (node.isNumber()) {
            return node.numberValue();
        }
        return node.isBoolean() ? node.booleanValue() : node.isTextual() ? node.asText() : write(node);
    }

    /** The text of a string or number, or {@code null} for anything else and for blank text. */
    public static @Nullable String text(@Nullable JsonNode node) {
        if (node == null || !(node.isTextual() || node.isNumber())) {
            return null;
        }
        // strip and isBlank agree on what is blank; trim would make an empty text of a control character
        String text = node.asText().strip();
        return text.isEmpty() ? null : text;
    }

    /** A number of at most 18 digits before and 18 behind the point, be it a JSON number or its text, or {@code null}. */
    public static @Nullable BigDecimal decimal(@Nullable JsonNode node) {
        if (node != null && node.isNumber()) {
            BigDecimal number = node.decimalValue();
            return number.precision() - number.scale() <= 18 && number.scale() <= 18 ? number : null;
        }
        String text = text(node);
        return text == null || !text.matches("-?\\d{1,18}(\\.\\d{1,18})?") ? null : new BigDecimal(text);
    }

    /** A whole number that fits a Java int, be it a JSON number or its text, or {@code null}. */
    public static @Nullable Integer integer(@Nullable JsonNode node) {
        if (node != null && node.isInt() && node.intValue() != Integer.MIN_VALUE) {
            return node.intValue();
        }
        BigDecimal number = decimal(node);
        return number == null
                        || number.stripTrailingZeros().scale() > 0
                        || number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0
                ? null
                : Integer.valueOf(number.intValue());
    }

    /** A whole number that is not negative, or {@code null}. */
    public static @Nullable Long whole(@Nullable JsonNode node) {
        if (node != null && node.isInt()) {
            return node.intValue() < 0 ? null : node.longValue();
        }
        BigDecimal number = decimal(node);
        return number == null
                        || number.signum() < 0
                        || number.stripTrailingZeros().scale() > 0
                ? null
                : Long.valueOf(number.longValue());
    }

    /** The elements of an array; none if it is something else. */
    public static Stream<JsonNode> elements(@Nullable JsonNode array) {
        return array == null || !array.isArray() ? Stream.of() : StreamSupport.stream(array.spliterator(), false);
    }

    /** The elements of an array; the node itself if it is something else; none for nothing. */
    public static Stream<JsonNode> elementsOrSelf(@Nullable JsonNode node) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return Stream.of();
        }
        return node.isArray() ? elements(node) : Stream.of(node);
    }

    /** The fields of an object in their order; none if it is something else. */
    public static Map<String, JsonNode> fields(JsonNode object) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        object.fields().forEachRemaining(f -> fields.put(f.getKey(), f.getValue()));
        return fields;
    }

    public static ArrayNode array(List<JsonNode> elements) {
        return NODES.arrayNode().addAll(elements);
    }

    /** Builds the tree of one document. */
    private static final class Reader {
        private final JsonParser parser;
        private int values;

        Reader(JsonParser parser) {
            this.parser = parser;
        }

        JsonNode value(int depth) throws IOException {
            values++;
            if (values > MAX_VALUES) {
                throw new JsonParseException(parser, "more than " + MAX_VALUES + " values");
            }
            return switch (parser.currentToken()) {
                case START_OBJECT -> depth > 0 ? object(depth - 1) : skipped();
                case START_ARRAY -> depth > 0 ? array(depth - 1) : skipped();
                case VALUE_NUMBER_INT -> whole();
                case VALUE_NUMBER_FLOAT -> decimal();
                case VALUE_STRING -> NODES.textNode(parser.getText());
                case VALUE_TRUE -> NODES.booleanNode(true);
                case VALUE_FALSE -> NODES.booleanNode(false);
                case VALUE_NULL -> NODES.nullNode();
                default -> throw new JsonParseException(parser, "no value");
            };
        }

        private JsonNode skipped() throws IOException {
            parser.skipChildren();
            return NODES.nullNode();
        }

        private JsonNode object(int depth) throws IOException {
            ObjectNode object = NODES.objectNode();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                object.set(name, value(depth));
            }
            return object;
        }

        private JsonNode array(int depth) throws IOException {
            ArrayNode array = NODES.arrayNode();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(depth));
            }
            return array;
        }

        private JsonNode whole() throws IOException {
            if (parser.getTextLength() > MAX_DIGITS) {
                return NODES.nullNode();
            }
            if (parser.getTextLength() <= DIGITS_OF_EVERY_INT) {
                return NODES.numberNode(parser.getIntValue());
            }
            BigInteger number = new BigInteger(parser.getText());
            if (number.bitLength() < Integer.SIZE) {
                return NODES.numberNode(number.intValue());
            }
            return number.bitLength() < Long.SIZE ? NODES.numberNode(number.longValue()) : NODES.numberNode(number);
        }

        private JsonNode decimal() throws IOException {
            if (parser.getTextLength() > MAX_DIGITS) {
                return NODES.nullNode();
            }
            try {
                BigDecimal number = new BigDecimal(parser.getText());
                boolean bounded = Math.abs((long) number.scale()) <= MAX_DIGITS
                        && Math.abs((long) number.precision() - number.scale()) <= MAX_DIGITS;
                return bounded ? NODES.numberNode(number) : NODES.nullNode();
            } catch (NumberFormatException e) {
                // its exponent has more digits than a number can have
                return NODES.nullNode();
            }
        }
    }
}
