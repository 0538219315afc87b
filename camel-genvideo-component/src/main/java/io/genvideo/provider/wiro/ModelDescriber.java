/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.MediaRole;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Values;
import io.genvideo.provider.support.schema.SchemaField;
import io.genvideo.provider.support.schema.SchemaInputs;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A model as people read it, with every parameter under the name that a user sets. */
final class ModelDescriber {
    private ModelDescriber() {}

    /** One description for each task type that the model can do, and always one for {@code generate}. */
    static List<ModelInfo> describe(WiroModel model) {
        Set<Operation> can = ParameterRules.TASK_TYPES.of(model);
        return Stream.concat(can.stream(), Stream.of(Operation.GENERATE))
                .map(o -> describe(model, o))
                .toList();
    }

    /** In short, from the list of models: without what only the model's own description tells. */
    static ModelInfo listed(WiroModel model) {
        return info(model, Operation.GENERATE, List.of(), null, null);
    }

    private static ModelInfo describe(WiroModel model, Operation operation) {
        int most = ParameterRules.INPUTS.most(operation, model);
        return info(
                model,
                operation,
                model.schema().stream().map(f -> parameter(f, model)).toList(),
                SchemaInputs.least(operation),
                most == Integer.MAX_VALUE ? null : most);
    }

    private static ModelInfo info(
            WiroModel model,
            Operation operation,
            List<ModelInfo.Parameter> parameters,
            @Nullable Integer least,
            @Nullable Integer most) {
        return new ModelInfo(
                WiroErrors.NAME,
                operation,
                model.id(),
                null,
                model.title(),
                model.description(),
                false,
                parameters,
                List.of(),
                List.of(),
                least,
                most);
    }

    private static ModelInfo.Parameter parameter(SchemaField field, WiroModel model) {
        JsonNode preset = field.preset();
        return new ModelInfo.Parameter(
                field.name(),
                ParameterRules.RULES.options().optionFor(field.name(), model::takes),
                field.type().isEmpty() ? "string" : field.type(),
                preset == null ? null : Json.scalar(preset),
                field.allowed().stream().map(Json::scalar).toList(),
                note(field, model));
    }

    private static @Nullable String note(SchemaField field, WiroModel model) {
        String roles = Arrays.stream(MediaRole.values())
                .filter(r -> ParameterRules.RULES
                        .media()
                        .forRole(r, model)
                        .filter(field::equals)
                        .isPresent())
                .map(MediaRole::path)
                .collect(Collectors.joining(", "));
        boolean limited = field.allowed().isEmpty() && (field.least() != null || field.most() != null);
        String note = Stream.of(
                        field.required() ? "required" : "",
                        limited ? field.takes() : "",
                        roles.isEmpty() ? "" : "carries inputs: " + roles,
                        field.file() ? "may be a file" : "",
                        field.description() == null ? "" : Values.shown(field.description()))
                .filter(s -> !s.isEmpty())
                .collect(Collectors.joining("; "));
        return note.isEmpty() ? null : note;
    }
}
