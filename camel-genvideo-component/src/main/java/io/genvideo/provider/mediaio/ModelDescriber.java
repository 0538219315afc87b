/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A model as people read it: its endpoint, and every parameter under the name that a user sets. */
final class ModelDescriber {
    private ModelDescriber() {}

    /** One description for each task type that the model can do. */
    static List<ModelInfo> describe(MediaioModel model) {
        return TaskTypes.of(model).stream().map(o -> describe(model, o)).toList();
    }

    private static ModelInfo describe(MediaioModel model, Operation operation) {
        return new ModelInfo(
                MediaioErrors.NAME,
                operation,
                model.id(),
                model.exactName(),
                model.name(),
                model.description() + " POST " + model.endpoint() + ".",
                false,
                model.fields().stream().map(f -> parameter(f, model)).toList(),
                List.of(),
                List.of(),
                InputRules.least(model),
                InputRules.most(model));
    }

    private static ModelInfo.Parameter parameter(FieldDefinition field, MediaioModel model) {
        return new ModelInfo.Parameter(
                field.name(),
                ParameterResolver.OPTIONS.optionFor(field.name(), model::takes),
                field.isArray() ? "array" : "string",
                field.preset(),
                List.copyOf(field.allowed()),
                note(field, model));
    }

    private static @Nullable String note(FieldDefinition field, MediaioModel model) {
        String conditions = model.conditions().stream()
                .filter(c -> c.field().equals(field.name()))
                .map(c -> c.value() + " only with " + c.other() + "=" + c.needed())
                .collect(Collectors.joining("; "));
        String note = Stream.of(
                        field.required() ? "required" : "",
                        field.isText() ? field.takes() : "",
                        field.isArray() ? "at most " + field.maxItems() : "",
                        conditions)
                .filter(s -> !s.isEmpty())
                .collect(Collectors.joining("; "));
        return note.isEmpty() ? null : note;
    }
}
