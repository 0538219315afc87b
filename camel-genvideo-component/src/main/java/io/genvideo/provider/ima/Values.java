/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When two values are the same. Among themselves the service's values are compared as it does itself ({@link #same},
 * contract 3.3); what a user wrote is read more leniently ({@link #reads}), because the list decides what is sent.
 */
final class Values {
    private static final Set<String> ON = Set.of("TRUE", "ON");
    private static final Set<String> OFF = Set.of("FALSE", "OFF");

    private Values() {}

    /** Case and the difference between a number and its text do not matter; a boolean equals only a boolean. */
    static boolean same(JsonNode a, JsonNode b) {
        return normal(a).equals(normal(b));
    }

    /** The form in which {@link #same} compares: booleans lower case, everything else upper case. */
    static String normal(JsonNode value) {
        if (value.isBoolean()) {
            return value.asText();
        }
        return value.isNumber() ? plain(value.decimalValue()) : key(value.asText());
    }

    /**
     * Whether what a user wrote means a value of the list: by its text or its label, a duration also as {@code "10s"}, and
     * on, off, true, false in either spelling.
     */
    static boolean reads(String field, Object written, JsonNode listed, String label) {
        String text = key(withoutSeconds(field, textOf(written)));
        String value = key(listed.isNumber() ? plain(listed.decimalValue()) : listed.asText());
        return text.equals(value)
                || (!label.isBlank() && text.equals(key(label)))
                || (ON.contains(text) && ON.contains(value))
                || (OFF.contains(text) && OFF.contains(value));
    }

    static Optional<Boolean> bool(Object written) {
        String text = key(textOf(written));
        return ON.contains(text) ? Optional.of(true) : OFF.contains(text) ? Optional.of(false) : Optional.empty();
    }

    static Optional<BigDecimal> number(String field, Object written) {
        String text = withoutSeconds(field, textOf(written)).trim();
        return text.matches("-?\\d{1,18}(\\.\\d{1,9})?") ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }

    /** A number in the JSON type of the list's default: text if that is text. */
    static JsonNode numberNode(BigDecimal number, @Nullable JsonNode like) {
        if (like != null && like.isTextual()) {
            return Json.NODES.textNode(plain(number));
        }
        return isWhole(number)
                ? Json.NODES.numberNode(number.longValueExact())
                : Json.NODES.numberNode(number.doubleValue());
    }

    /** A user's value in its own JSON type. */
    static JsonNode node(Object written) {
        if (written instanceof Boolean b) {
            return Json.NODES.booleanNode(b);
        }
        Optional<BigDecimal> number = written instanceof Number ? number("", written) : Optional.empty();
        return number.map(n -> numberNode(n, null)).orElseGet(() -> Json.NODES.textNode(textOf(written)));
    }

    /** A user's value as text; numbers without trailing zeros. */
    static String textOf(Object written) {
        if (written instanceof Double || written instanceof Float || written instanceof BigDecimal) {
            String text = written.toString();
            return text.matches("-?[0-9.Ee+-]+") ? plain(new BigDecimal(text)) : text;
        }
        return String.valueOf(written);
    }

    private static String withoutSeconds(String field, String text) {
        return field.equals("duration") && text.trim().matches("\\d+(\\.\\d+)?\\s*[sS]")
                ? text.trim().replaceFirst("\\s*[sS]$", "")
                : text;
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    private static String key(String text) {
        return text.trim().toUpperCase(Locale.ROOT);
    }
}
