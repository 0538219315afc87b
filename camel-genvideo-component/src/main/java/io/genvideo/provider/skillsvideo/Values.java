/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a user wrote, read leniently; what is sent is decided by the schema. */
final class Values {
    private static final Set<String> ON = Set.of("TRUE", "ON");
    private static final Set<String> OFF = Set.of("FALSE", "OFF");
    private static final Pattern LITERAL =
            Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,18})?|true|false|\".*\"|\\[.*]|\\{.*}", Pattern.DOTALL);

    private Values() {}

    /** Whether what a user wrote means a value of the schema; a duration also as {@code "10s"}. */
    static boolean reads(String field, Object written, JsonNode listed) {
        if (isStructured(written)) {
            return false;
        }
        String text = key(withoutSeconds(field, textOf(written)));
        String value = key(listed.isNumber() ? plain(listed.decimalValue()) : listed.asText());
        return text.equals(value)
                || text.equals(key(withoutSeconds(field, listed.asText())))
                || (ON.contains(text) && ON.contains(value))
                || (OFF.contains(text) && OFF.contains(value));
    }

    static Optional<Boolean> bool(Object written) {
        String text = key(textOf(written));
        return ON.contains(text) ? Optional.of(true) : OFF.contains(text) ? Optional.of(false) : Optional.empty();
    }

    static Optional<BigDecimal> number(String field, Object written) {
        String text = withoutSeconds(field, textOf(written)).trim();
        return text.matches("-?\\d{1,18}(\\.\\d{1,18})?") ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }

    static JsonNode numberNode(BigDecimal number) {
        return isWhole(number) ? Json.NODES.numberNode(number.longValue()) : Json.NODES.numberNode(number);
    }

    /**
     * A user's value where no schema says what it is to be: in its own JSON type, and a text in the type that it spells. A URI
     * carries texts only, so {@code 5}, {@code true}, {@code ["a"]} and {@code {"a":1}} mean JSON, and {@code "5"} with its
     * quotes means the text.
     */
    static JsonNode unchecked(Object written) {
        if (written instanceof String text) {
            String trimmed = text.trim();
            return LITERAL.matcher(trimmed).matches()
                    ? Json.read(trimmed).orElseGet(() -> Json.NODES.textNode(text))
                    : Json.NODES.textNode(text);
        }
        return written instanceof Number
                ? number("", written).map(Values::numberNode).orElseGet(() -> Json.ofJava(written))
                : Json.ofJava(written);
    }

    /** Whether it is a map or a list of any kind. */
    static boolean isStructured(Object written) {
        // A JSON node of any kind can be iterated
        return written instanceof JsonNode node
                ? node.isContainerNode()
                : written instanceof Map
                        || written instanceof Iterable
                        || written.getClass().isArray();
    }

    /** A user's value as text; numbers without trailing zeros. */
    static String textOf(Object written) {
        if (written instanceof Double || written instanceof Float || written instanceof BigDecimal) {
            String text = written.toString();
            return text.matches("-?[0-9.Ee+-]+") ? plain(new BigDecimal(text)) : text;
        }
        return written instanceof JsonNode node ? node.asText() : String.valueOf(written);
    }

    private static String withoutSeconds(String field, String text) {
        boolean time = field.equals("duration") || field.equals("seconds");
        return time && text.trim().matches("\\d+(\\.\\d+)?\\s*[sS]")
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
