/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.PortableOptions;
import io.genvideo.provider.support.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A leaf as people read it: every parameter under the name that a user sets, every priced combination. */
final class ModelDescriber {
    private ModelDescriber() {}

    static List<ModelInfo> describe(List<ImaLeaf> leaves, Operation taskType) {
        String preferred =
                LeafSelector.find(null, taskType, leaves).map(ImaLeaf::id).orElse("");
        return leaves.stream()
                .map(leaf -> describe(leaf, leaves, taskType, leaf.id().equals(preferred)))
                .toList();
    }

    private static ModelInfo describe(ImaLeaf leaf, List<ImaLeaf> leaves, Operation taskType, boolean preferred) {
        int most = InputRules.most(taskType, leaf);
        return new ModelInfo(
                ImaErrors.NAME,
                taskType,
                LeafSelector.nameOf(leaf, leaves),
                leaf.id(),
                leaf.name(),
                leaf.description(),
                preferred,
                parameters(leaf, taskType),
                prices(leaf, taskType),
                List.of((int) leaf.expectedTime().least().toSeconds(), (int)
                        leaf.expectedTime().most().toSeconds()),
                InputRules.least(taskType, leaf),
                most == Integer.MAX_VALUE ? null : most);
    }

    private static List<ModelInfo.Parameter> parameters(ImaLeaf leaf, Operation taskType) {
        List<ModelInfo.Parameter> parameters = leaf.form().stream()
                .filter(f -> !ParameterResolver.RESERVED.contains(f.name())
                        && !f.name().equals(ParameterResolver.COUNT_FIELD))
                .flatMap(f -> f.isVirtual()
                        ? f.ui().stream().map(u -> parameter(u, f, leaf, taskType))
                        : Stream.of(parameter(f, null, leaf, taskType)))
                .collect(Collectors.toCollection(ArrayList::new));
        parameters.add(new ModelInfo.Parameter(
                ParameterResolver.COUNT_FIELD,
                "count",
                "integer",
                1,
                IntStream.rangeClosed(1, PortableOptions.MAX_COUNT)
                        .<Object>mapToObj(i -> i)
                        .toList(),
                "each result costs"));
        return parameters;
    }

    /** @param behind the virtual field that a UI field sets; {@code null} for a field that is sent as it is */
    private static ModelInfo.Parameter parameter(
            FormField field, @Nullable FormField behind, ImaLeaf leaf, Operation taskType) {
        List<Object> allowed = field.isToggle()
                ? List.of(true, false)
                : Combinations.available(field, taskType).stream()
                        .map(Json::scalar)
                        .toList();
        return new ModelInfo.Parameter(
                field.name(),
                ParameterResolver.OPTIONS.optionFor(field.name(), leaf::takes),
                type(field),
                field.preset() == null ? null : Json.scalar(field.preset()),
                allowed,
                note(field, behind));
    }

    private static String type(FormField field) {
        JsonNode sample = field.preset() != null
                ? field.preset()
                : field.values().stream().findFirst().orElse(null);
        if (field.isToggle() || (sample != null && sample.isBoolean())) {
            return "boolean";
        }
        if (sample != null && sample.isNumber()) {
            return sample.isIntegralNumber() ? "integer" : "number";
        }
        return "string";
    }

    private static @Nullable String note(FormField field, @Nullable FormField behind) {
        String sentAs = behind == null || behind.name().equals(field.name()) ? "" : "sent as " + behind.name();
        String limits =
                field.values().isEmpty() && !field.isToggle() && (field.maximum() != null || field.minimum() != null)
                        ? field.allowed()
                        : "";
        String note = Stream.of(limits, Combinations.exclusions(field), sentAs)
                .filter(s -> !s.isEmpty())
                .collect(Collectors.joining("; "));
        return note.isEmpty() ? null : note;
    }

    /** The combinations that a request can use: the service also lists prices for what the list itself disables. */
    private static List<ModelInfo.Price> prices(ImaLeaf leaf, Operation taskType) {
        return leaf.rules().stream()
                .map(rule -> Map.entry(rule, asSet(rule, leaf)))
                .filter(e -> isAccepted(e.getKey(), e.getValue(), leaf, taskType))
                .map(e -> new ModelInfo.Price(e.getKey().points(), e.getValue()))
                .distinct()
                .toList();
    }

    /** Whether a request with these parameters and otherwise the defaults would be planned at this price. */
    private static boolean isAccepted(
            CreditRule rule, Map<String, Object> parameters, ImaLeaf leaf, Operation taskType) {
        try {
            ResolvedParameters resolved = ParameterResolver.resolve(
                    GenerationRequest.builder().parameters(parameters).build(), leaf);
            Combinations.check(resolved, leaf, taskType);
            return PriceFinder.find(leaf, resolved).equals(rule);
        } catch (InvalidGenerationRequestException refused) {
            return false;
        }
    }

    /** A rule's attributes under the names that a user sets: those of the UI where one mapping alone leads to the value. */
    private static Map<String, Object> asSet(CreditRule rule, ImaLeaf leaf) {
        Map<String, Object> shown = new LinkedHashMap<>();
        rule.attributes().forEach((name, value) -> {
            List<FormField.Mapping> mappings = leaf.field(name).stream()
                    .flatMap(f -> f.mappings().stream())
                    .filter(m -> Values.same(m.target(), value))
                    .toList();
            if (mappings.size() == 1) {
                mappings.get(0).source().forEach((ui, set) -> shown.put(ui, Json.scalar(set)));
            } else {
                shown.put(name, Json.scalar(value));
            }
        });
        return shown;
    }
}
