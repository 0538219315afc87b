/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support.schema;

import io.genvideo.model.MediaRole;
import io.genvideo.model.ModelInfo;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Values;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parameters of a model as people read them, each under the name that a user sets. */
public final class SchemaParameterDescriber {
    private final SchemaRules rules;

    public SchemaParameterDescriber(SchemaRules rules) {
        this.rules = rules;
    }

    /** Every parameter, in the order of the model's description. */
    public List<ModelInfo.Parameter> describe(SchemaModel model) {
        return model.fields().stream().map(f -> parameter(f, model)).toList();
    }

    private ModelInfo.Parameter parameter(SchemaField field, SchemaModel model) {
        return new ModelInfo.Parameter(
                field.name(),
                rules.options().optionFor(field.name(), model::takes),
                field.type().isEmpty() ? "string" : field.type(),
                field.preset() == null ? null : Json.scalar(field.preset()),
                field.type().equals("boolean")
                        ? List.of(true, false)
                        : field.allowed().stream().map(Json::scalar).toList(),
                note(field, model));
    }

    private @Nullable String note(SchemaField field, SchemaModel model) {
        String roles = Arrays.stream(MediaRole.values())
                .filter(r ->
                        rules.media().forRole(r, model).filter(field::equals).isPresent())
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
