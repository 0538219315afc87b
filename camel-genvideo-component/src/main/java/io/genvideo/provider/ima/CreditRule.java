/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.provider.support.Values;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one combination of parameters costs (docs/contracts/ima.md sections 2 and 3.3).
 *
 * @param attributeId sent with the create call; positive
 * @param points for one result
 * @param attributes what must be equal for the rule to apply, by lower-case name; empty for the rule that the list marks
 *     {@code default=enabled}, which holds whatever the parameters are
 */
record CreditRule(long attributeId, BigDecimal points, Map<String, JsonNode> attributes) {

    CreditRule {
        attributes = new LinkedHashMap<>(attributes);
    }

    boolean isDefault() {
        return attributes.isEmpty();
    }

    /** Whether every attribute has its value among these parameters. */
    boolean matches(Map<String, JsonNode> parameters) {
        return attributes.entrySet().stream()
                .allMatch(attribute -> parameters.entrySet().stream()
                        .filter(p -> p.getKey().trim().toLowerCase(Locale.ROOT).equals(attribute.getKey()))
                        .anyMatch(p -> Values.same(p.getValue(), attribute.getValue())));
    }

    /** For messages: {@code duration=5, resolution=720P: 25 points}. */
    String shown() {
        String combination = isDefault()
                ? "any"
                : attributes.entrySet().stream()
                        .map(a -> a.getKey() + "=" + a.getValue().asText())
                        .collect(Collectors.joining(", "));
        return combination + ": " + points.toPlainString() + " points";
    }
}
