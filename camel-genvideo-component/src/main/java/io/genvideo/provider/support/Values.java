/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.TextSanitizer;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parameter values. What a user wrote is read leniently ({@link #reads}), because the service's list or schema decides what is
 * sent; the service's values are compared among themselves by {@link #same}.
 */
public final class Values {
    private static final int MAX_SHOWN = 60;
    private static final Set<String> ON = Set.of("TRUE", "ON");
    private static final Set<String> OFF = Set.of("FALSE", "OFF");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(\\.\\d{1,18})?");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,18})?)\\s?[sS]");

    private Values() {}

    /** Case and the difference between a number and its text do not matter; a boolean equals only a boolean. */
    public static boolean same(JsonNode a, JsonNode b) {
        return normal(a).equals(normal(b));
    }

    private static String normal(JsonNode value) {
        if (value.isBoolean()) {
            return value.asText();
        }
        return value.isNumber() ? plain(value.decimalValue()) : key(value.asText());
    }

    /**
     * Whether what a user wrote means a value of the service's: by its text or its label, a duration also as {@code "10s"},
     * and on, off, true, false in either spelling.
     *
     * @param label the value's name for people; may be empty
     */
    public static boolean reads(String field, Object written, JsonNode listed, String label) {
        if (isStructured(written)) {
            return false;
        }
        String text = key(withoutSeconds(field, textOf(written)));
        String value = key(listed.isNumber() ? plain(listed.decimalValue()) : listed.asText());
        return text.equals(value)
                || text.equals(key(withoutSeconds(field, listed.asText())))
                || (!label.isBlank() && text.equals(key(label)))
                || (ON.contains(text) && ON.contains(value))
                || (OFF.contains(text) && OFF.contains(value));
    }

    /** On, off, true or false in any case; empty for anything else. */
    public static Optional<Boolean> bool(Object written) {
        String text = key(textOf(written));
        return ON.contains(text) ? Optional.of(true) : OFF.contains(text) ? Optional.of(false) : Optional.empty();
    }

    /** A number of at most 18 digits before and behind the point, a duration also as {@code "10s"}; else empty. */
    public static Optional<BigDecimal> number(String field, Object written) {
        String text = withoutSeconds(field, textOf(written)).trim();
        return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    public static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }

    /**
     * A number as JSON.
     *
     * @param number of at most 18 digits before the point
     * @param like the type to give it: text if that is text; {@code null} for a number
     */
    public static JsonNode numberNode(BigDecimal number, @Nullable JsonNode like) {
        if (like != null && like.isTextual()) {
            return Json.NODES.textNode(plain(number));
        }
        return isWhole(number) ? Json.NODES.numberNode(number.longValueExact()) : Json.NODES.numberNode(number);
    }

    /** A user's value in its own JSON type. */
    public static JsonNode node(Object written) {
        if (written instanceof Boolean b) {
            return Json.NODES.booleanNode(b);
        }
        Optional<BigDecimal> number = written instanceof Number ? number("", written) : Optional.empty();
        return number.map(n -> numberNode(n, null)).orElseGet(() -> Json.NODES.textNode(textOf(written)));
    }

    /**
     * A user's value where no type is known: in its own JSON type, and a text in the type that it spells. A URI
     * carries texts only, so {@code 5}, {@code true}, {@code ["a"]} and {@code {"a":1}} mean JSON, and {@code "5"} with its
     * quotes means the text.
     */
    public static JsonNode unchecked(Object written) {
        if (written instanceof String text) {
            return literal(text.trim()).orElseGet(() -> Json.NODES.textNode(text));
        }
        return written instanceof Number
                ? number("", written).map(n -> numberNode(n, null)).orElseGet(() -> Json.ofJava(written))
                : Json.ofJava(written);
    }

    private static Optional<JsonNode> literal(String text) {
        boolean framed = text.startsWith("\"") || text.startsWith("[") || text.startsWith("{");
        if (framed || text.equals("true") || text.equals("false")) {
            return Json.read(text);
        }
        return NUMBER.matcher(text).matches() ? Json.read(text).filter(JsonNode::isNumber) : Optional.empty();
    }

    /** Whether it is a map or a list of any kind. */
    public static boolean isStructured(Object written) {
        // A JSON node of any kind can be iterated
        return written instanceof JsonNode node
                ? node.isContainerNode()
                : written instanceof Map
                        || written instanceof Iterable
                        || written.getClass().isArray();
    }

    /** A user's value as text; numbers without trailing zeros. */
    public static String textOf(Object written) {
        if (written instanceof BigDecimal number) {
            return plain(number);
        }
        if (written instanceof Double || written instanceof Float) {
            double number = ((Number) written).doubleValue();
            return Double.isFinite(number) ? plain(new BigDecimal(written.toString())) : written.toString();
        }
        return written instanceof JsonNode node ? node.asText() : String.valueOf(written);
    }

    /** A user's value for messages: on one line and short, because it may be a text that was set by the wrong option. */
    public static String shown(Object written) {
        return TextSanitizer.clean(textOf(written), MAX_SHOWN);
    }

    /** Whether an option or parameter holds a prompt, so that its value is not shown. */
    public static boolean isPrompt(String label) {
        return label.toLowerCase(Locale.ROOT).endsWith("prompt");
    }

    private static String withoutSeconds(String field, String text) {
        if (!field.equals("duration") && !field.equals("seconds")) {
            return text;
        }
        var seconds = SECONDS.matcher(text.trim());
        return seconds.matches() ? seconds.group(1) : text;
    }

    /** Digits only, unless there would be very many of them. */
    private static String plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return Math.abs((long) stripped.scale()) > 400 ? stripped.toString() : stripped.toPlainString();
    }

    private static String key(String text) {
        return text.trim().toUpperCase(Locale.ROOT);
    }
}
