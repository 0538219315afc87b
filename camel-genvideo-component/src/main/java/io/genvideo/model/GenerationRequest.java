/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request for a generation, after all precedence has been applied. A route may also send one as its body, for example made
 * from JSON by a plain Jackson {@code ObjectMapper}; then what it holds wins over headers and options.
 *
 * @param operation a {@linkplain Operation#isGeneration() generation}; {@code null} in a body means the endpoint's
 * @param model as the user named it; {@code null} for the provider's default
 * @param prompt never logged, and journalled only on request
 * @param inputs in order: first frame, then last frame
 * @param options the portable options
 * @param parameters what the service calls its own, by its own names
 * @param idempotencyKey the user's key, or {@code null}
 * @param maxCredits refuse if the price is higher; {@code null} for no limit
 * @param userId the user on whose behalf this runs, where a service takes one
 */
public record GenerationRequest(
        @Nullable Operation operation,
        @Nullable String model,
        @Nullable String prompt,
        List<MediaInput> inputs,
        GenerationOptions options,
        Map<String, Object> parameters,
        @Nullable String idempotencyKey,
        @Nullable BigDecimal maxCredits,
        @Nullable String userId) {

    /** JSON leaves out what it does not set. */
    @SuppressWarnings({"ConstantValue", "RedundantNullCheck"})
    public GenerationRequest {
        inputs = inputs == null ? List.of() : withoutNull("inputs", inputs);
        options = options == null ? GenerationOptions.NONE : options;
        parameters = parameters == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    private static List<MediaInput> withoutNull(String name, List<MediaInput> values) {
        if (values.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("'" + name + "' has an entry that is null");
        }
        return List.copyOf(values);
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder b = new Builder();
        b.operation = operation;
        b.model = model;
        b.prompt = prompt;
        b.inputs.addAll(inputs);
        b.options = options;
        b.parameters.putAll(parameters);
        b.idempotencyKey = idempotencyKey;
        b.maxCredits = maxCredits;
        b.userId = userId;
        return b;
    }

    /** The number of results that are requested; at least 1. */
    public int count() {
        Integer count = options.count();
        return count == null ? 1 : Math.max(1, count);
    }

    /** Leaves out the prompt, the negative prompt and the parameters' values: those are the user's. */
    @Override
    public String toString() {
        return "GenerationRequest[operation=" + operation + ", model=" + model + ", inputs=" + inputs.size()
                + ", parameters=" + parameters.keySet() + "]";
    }

    /** Collects a {@link GenerationRequest}. Not thread-safe. */
    public static final class Builder {
        private @Nullable Operation operation;
        private @Nullable String model;
        private @Nullable String prompt;
        private final List<MediaInput> inputs = new ArrayList<>();
        private GenerationOptions options = GenerationOptions.NONE;
        private final Map<String, Object> parameters = new LinkedHashMap<>();
        private @Nullable String idempotencyKey;
        private @Nullable BigDecimal maxCredits;
        private @Nullable String userId;

        private Builder() {}

        public Builder operation(@Nullable Operation value) {
            operation = value;
            return this;
        }

        public Builder model(@Nullable String value) {
            model = value;
            return this;
        }

        public Builder prompt(@Nullable String value) {
            prompt = value;
            return this;
        }

        public Builder input(MediaInput value) {
            inputs.add(value);
            return this;
        }

        public Builder inputs(List<MediaInput> values) {
            inputs.clear();
            inputs.addAll(values);
            return this;
        }

        public Builder options(GenerationOptions value) {
            options = value;
            return this;
        }

        public Builder parameter(String name, Object value) {
            parameters.put(name, value);
            return this;
        }

        public Builder parameters(Map<String, ?> values) {
            parameters.putAll(values);
            return this;
        }

        public Builder idempotencyKey(@Nullable String value) {
            idempotencyKey = value;
            return this;
        }

        public Builder maxCredits(@Nullable BigDecimal value) {
            maxCredits = value;
            return this;
        }

        public Builder userId(@Nullable String value) {
            userId = value;
            return this;
        }

        public GenerationRequest build() {
            return new GenerationRequest(
                    operation, model, prompt, inputs, options, parameters, idempotencyKey, maxCredits, userId);
        }
    }
}
