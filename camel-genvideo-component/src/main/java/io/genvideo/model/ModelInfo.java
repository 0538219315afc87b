/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One model of a provider, as its catalogue describes it for one operation.
 *
 * @param id what the option {@code model} takes
 * @param version the exact version, where the service distinguishes versions
 * @param parameters what may be set
 * @param prices every priced combination; empty where the service does not publish prices
 * @param expectedSeconds how long a task usually takes: {@code [least, most]}; empty if unknown
 * @param minInputs how many media must come in; {@code null} if unknown
 * @param maxInputs how many media may come in; {@code null} if unknown
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ModelInfo(
        String provider,
        Operation operation,
        String id,
        @Nullable String version,
        String name,
        @Nullable String description,
        boolean defaultModel,
        List<Parameter> parameters,
        List<Price> prices,
        List<Integer> expectedSeconds,
        @Nullable Integer minInputs,
        @Nullable Integer maxInputs) {

    public ModelInfo {
        parameters = List.copyOf(parameters);
        prices = List.copyOf(prices);
        expectedSeconds = List.copyOf(expectedSeconds);
    }

    /** Whether a user who writes this means the model: its id, version or name; case and white space do not matter. */
    public boolean isCalled(String wanted) {
        return Stream.of(id, name, version)
                .anyMatch(n -> n != null && plain(wanted).equals(plain(n)));
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("\\s++", "");
    }

    /**
     * One parameter of a model.
     *
     * @param name the service's own name, as {@code param.<name>} takes it
     * @param option the portable option that stands for it, or {@code null}
     * @param type {@code string}, {@code integer}, {@code number} or {@code boolean}
     * @param defaultValue sent if the parameter is not set
     * @param allowed the values that are taken; empty if any is
     * @param note limits that are not a list: a maximum length, combinations that are not allowed
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Parameter(
            String name,
            @Nullable String option,
            String type,
            @Nullable Object defaultValue,
            List<Object> allowed,
            @Nullable String note) {
        public Parameter {
            allowed = List.copyOf(allowed);
        }
    }

    /** What one combination of parameters costs, per result. */
    public record Price(BigDecimal credits, Map<String, Object> attributes) {
        public Price {
            attributes = Map.copyOf(attributes);
        }
    }
}
