/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Values;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses what the list disables (docs/contracts/ima.md section 2): a value that a task type does not have, and two values that
 * do not go
 * together. The list gives prices for such pairs, too, and what the service does with them is not known; so they are not
 * sent.
 */
final class Combinations {
    private Combinations() {}

    static void check(ResolvedParameters parameters, ImaLeaf leaf, Operation taskType) {
        leaf.form().stream()
                .flatMap(f -> Stream.concat(Stream.of(f), f.ui().stream()))
                .forEach(field -> check(field, parameters, leaf, taskType));
    }

    private static void check(FormField field, ResolvedParameters parameters, ImaLeaf leaf, Operation taskType) {
        JsonNode value = parameters.seen().get(field.name());
        if (value == null) {
            return;
        }
        for (FormField.Ban ban : field.bans()) {
            if (ban.isFor(taskType) && Values.same(ban.value(), value) && applies(ban, parameters)) {
                throw ImaErrors.ERRORS.invalid(parameters.shown(field.name()) + " is not available for "
                        + taskType.path() + " with " + leaf.name() + "; allowed: " + allowed(field, taskType));
            }
        }
        field.option(value)
                .ifPresent(option -> option.excludes().forEach((other, excluded) -> {
                    JsonNode otherValue = parameters.seen().get(other);
                    if (otherValue != null && excluded.stream().anyMatch(e -> Values.same(e, otherValue))) {
                        throw ImaErrors.ERRORS.invalid(
                                parameters.shown(field.name()) + " and " + parameters.shown(other)
                                        + " do not go together with " + leaf.name() + "; with " + field.name() + "="
                                        + value.asText()
                                        + " allowed: " + other + " " + remaining(leaf, other, excluded));
                    }
                }));
    }

    private static boolean applies(FormField.Ban ban, ResolvedParameters parameters) {
        if (ban.otherField().isBlank()) {
            return true;
        }
        JsonNode other = parameters.seen().get(ban.otherField());
        return other != null && Values.same(other, ban.otherValue());
    }

    /** The values that a task type does have. */
    static List<JsonNode> available(FormField field, Operation taskType) {
        return field.values().stream()
                .filter(v -> field.bans().stream()
                        .noneMatch(b -> b.isFor(taskType) && b.otherField().isBlank() && Values.same(b.value(), v)))
                .toList();
    }

    /** For descriptions: {@code 10 not with resolution 1080P}, one for each value that excludes others; may be empty. */
    static String exclusions(FormField field) {
        return field.options().stream()
                .flatMap(o -> o.excludes().entrySet().stream()
                        .map(e -> o.value().asText() + " not with " + e.getKey() + " " + texts(e.getValue())))
                .collect(Collectors.joining("; "));
    }

    private static String allowed(FormField field, Operation taskType) {
        return texts(available(field, taskType));
    }

    private static String remaining(ImaLeaf leaf, String other, List<JsonNode> excluded) {
        List<JsonNode> values = leaf.uiField(other)
                .or(() -> leaf.field(other))
                .map(FormField::values)
                .orElse(List.of());
        return texts(values.stream()
                .filter(v -> excluded.stream().noneMatch(e -> Values.same(e, v)))
                .toList());
    }

    private static String texts(List<JsonNode> values) {
        return values.isEmpty() ? "none" : values.stream().map(JsonNode::asText).collect(Collectors.joining(", "));
    }
}
