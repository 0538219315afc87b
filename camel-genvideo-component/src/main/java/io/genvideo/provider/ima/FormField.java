/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Values;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a model's {@code form_config} (docs/contracts/ima.md section 2): a value that is sent, what it may be, and its
 * default.
 *
 * @param type {@code tags}, {@code toggle}, {@code textarea}, or what the service may add
 * @param name the field as it is sent
 * @param preset the list's default in its JSON type; {@code null} if the field is then not sent
 * @param options the values that are taken; empty if there is no list. They win over {@code minimum} and {@code maximum},
 *     which contradict them in the service's own data
 * @param maximum of a number, or the most characters of a {@code textarea}
 * @param bans values that the model does not take for some task types
 * @param ui what people set instead of this field; empty unless the field is "virtual"
 * @param mappings from values of {@code ui} to the value of this field
 */
record FormField(
        String type,
        String name,
        @Nullable JsonNode preset,
        List<Option> options,
        @Nullable BigDecimal minimum,
        @Nullable BigDecimal maximum,
        List<Ban> bans,
        List<FormField> ui,
        List<Mapping> mappings) {

    FormField {
        options = List.copyOf(options);
        bans = List.copyOf(bans);
        ui = List.copyOf(ui);
        mappings = List.copyOf(mappings);
    }

    /** @param excludes other fields with the values that this one cannot be combined with */
    record Option(JsonNode value, String label, Map<String, List<JsonNode>> excludes) {}

    /**
     * A value that is not taken for a task type.
     *
     * @param category the task type; blank for all
     * @param otherField only with this field's {@code otherValue}; blank for always
     */
    record Ban(JsonNode value, String category, String otherField, JsonNode otherValue) {
        boolean isFor(Operation taskType) {
            return category.isBlank() || category.equals(taskType.path());
        }
    }

    /** When the UI fields have these values, this is what is sent. */
    record Mapping(Map<String, JsonNode> source, JsonNode target) {}

    boolean isVirtual() {
        return !ui.isEmpty();
    }

    boolean isText() {
        return type.equals("textarea");
    }

    /** The values by which this field itself may be set: for a virtual one those that mappings lead to. */
    List<JsonNode> values() {
        Stream<JsonNode> all = isVirtual() && !mappings.isEmpty()
                ? mappings.stream().map(Mapping::target)
                : options.stream().map(Option::value);
        return all.distinct().toList();
    }

    /** The field's value for what a user wrote, in the list's own type and spelling; empty if it is not allowed. */
    Optional<JsonNode> match(Object written) {
        if (!values().isEmpty()) {
            return values().stream()
                    .filter(v -> Values.reads(name, written, v, labelOf(v)))
                    .findFirst();
        }
        if (isText()) {
            String text = String.valueOf(written);
            boolean fits = maximum == null
                    || BigDecimal.valueOf(text.codePointCount(0, text.length())).compareTo(maximum) <= 0;
            return fits ? Optional.of(Json.NODES.textNode(text)) : Optional.empty();
        }
        if (isToggle()) {
            return Values.bool(written).map(Json.NODES::booleanNode);
        }
        if ((preset != null && preset.isNumber()) || minimum != null || maximum != null) {
            return Values.number(name, written)
                    .filter(n -> minimum == null || n.compareTo(minimum) >= 0)
                    .filter(n -> maximum == null || n.compareTo(maximum) <= 0)
                    .filter(n -> preset == null || !preset.isIntegralNumber() || Values.isWhole(n))
                    .map(n -> Values.numberNode(n, preset));
        }
        return Optional.of(Values.node(written));
    }

    /** What {@link #match} takes, for messages. */
    String allowed() {
        if (!values().isEmpty()) {
            return values().stream().map(JsonNode::asText).collect(Collectors.joining(", "));
        }
        if (isText()) {
            return maximum == null ? "any text" : "text of at most " + maximum.toPlainString() + " characters";
        }
        if (isToggle()) {
            return "true, false";
        }
        if (minimum != null && maximum != null) {
            return minimum.toPlainString() + " to " + maximum.toPlainString();
        }
        return preset != null && preset.isNumber() ? "a number" : "any value";
    }

    /** Whether it is on or off and nothing else. */
    boolean isToggle() {
        return options.isEmpty() && (type.equals("toggle") || (preset != null && preset.isBoolean()));
    }

    /** The option that a value belongs to. */
    Optional<Option> option(JsonNode value) {
        return options.stream().filter(o -> Values.same(o.value(), value)).findFirst();
    }

    private String labelOf(JsonNode value) {
        return option(value).map(Option::label).orElse("");
    }
}
