/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Values;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One parameter of a model, as the service describes it: what it may be, and its default.
 *
 * @param type {@code string}, {@code integer}, {@code number}, {@code boolean}, {@code array}, {@code object}; empty if the
 *     schema does not define it
 * @param items of an array; {@code null} if the schema does not define it
 * @param preset the service's default: it is not sent, but needs not be given
 * @param allowed the values that are taken; empty if there is no list
 * @param least of a number, or the fewest elements of an array
 * @param most of a number, the most characters of a text, or the most elements of an array
 * @param file whether the schema allows raw bytes
 */
public record SchemaField(
        String name,
        String type,
        @Nullable SchemaField items,
        @Nullable JsonNode preset,
        List<JsonNode> allowed,
        @Nullable BigDecimal least,
        @Nullable BigDecimal most,
        boolean required,
        boolean file,
        @Nullable String description) {

    public SchemaField {
        allowed = List.copyOf(allowed);
    }

    /** Of a property of which nothing more is known. */
    public static SchemaField text(String name) {
        return new SchemaField(name, "string", null, null, List.of(), null, null, false, false, null);
    }

    public boolean isArray() {
        return type.equals("array");
    }

    /** Whether it can carry an address or a file. */
    public boolean takesMedia() {
        SchemaField single = isArray() && items != null ? items : this;
        return single.allowed.isEmpty()
                && (single.type.equals("string") || single.type.isEmpty() || isArray() && items == null);
    }

    /** The field's value for what a user wrote, in the schema's own type and spelling; empty if it is not allowed. */
    public Optional<JsonNode> match(Object written) {
        if (!allowed.isEmpty()) {
            return allowed.stream()
                    .filter(v -> Values.reads(name, written, v, ""))
                    .findFirst();
        }
        if (type.equals("array")) {
            return list(written);
        }
        if (type.equals("object")) {
            return Optional.of(Values.unchecked(written)).filter(JsonNode::isObject);
        }
        if (type.isEmpty()) {
            return Optional.of(Values.unchecked(written));
        }
        return Values.isStructured(written) ? Optional.empty() : scalar(written);
    }

    private Optional<JsonNode> scalar(Object written) {
        return switch (type) {
            case "boolean" -> Values.bool(written).map(Json.NODES::booleanNode);
            case "integer", "number" ->
                Values.number(name, written)
                        .filter(n -> type.equals("number") || Values.isWhole(n))
                        .filter(this::isWithin)
                        .map(n -> Values.numberNode(n, null));
            default -> {
                String text = Values.textOf(written);
                boolean fits = most == null || isWithin(BigDecimal.valueOf(text.codePointCount(0, text.length())));
                yield fits ? Optional.of(Json.NODES.textNode(text)) : Optional.empty();
            }
        };
    }

    /** A list, its JSON, or its only element. */
    private Optional<JsonNode> list(Object written) {
        JsonNode given = Values.unchecked(written);
        List<JsonNode> elements = new ArrayList<>();
        for (JsonNode element : Json.elementsOrSelf(given).toList()) {
            Optional<JsonNode> matched = items == null
                    ? Optional.of(element)
                    : items.match(element.isContainerNode() ? element : Json.scalar(element));
            if (matched.isEmpty()) {
                return Optional.empty();
            }
            elements.add(matched.get());
        }
        return isWithin(BigDecimal.valueOf(elements.size())) ? Optional.of(Json.array(elements)) : Optional.empty();
    }

    private boolean isWithin(BigDecimal number) {
        return (least == null || number.compareTo(least) >= 0) && (most == null || number.compareTo(most) <= 0);
    }

    /** Whether its value is the user's own words, so that it is not shown. */
    public boolean isText() {
        return allowed.isEmpty() && !List.of("integer", "number", "boolean").contains(type);
    }

    /** What {@link #match} takes, for messages and descriptions. */
    public String takes() {
        if (!allowed.isEmpty()) {
            return allowed.stream().map(JsonNode::asText).collect(Collectors.joining(", "));
        }
        return switch (type) {
            case "boolean" -> "true, false";
            case "integer" -> range("a whole number");
            case "number" -> range("a number");
            case "string" -> most == null ? "any text" : "text of at most " + most.toPlainString() + " characters";
            case "array" -> (items == null ? "a list" : "a list of: " + items.takes()) + limits(" elements");
            case "object" -> "a JSON object";
            default -> "any value";
        };
    }

    private String range(String word) {
        return least == null && most == null ? word : word + limits("");
    }

    private String limits(String unit) {
        if (least != null && most != null) {
            return ", " + least.toPlainString() + " to " + most.toPlainString() + unit;
        }
        if (most != null) {
            return ", at most " + most.toPlainString() + unit;
        }
        return least == null ? "" : ", at least " + least.toPlainString() + unit;
    }
}
