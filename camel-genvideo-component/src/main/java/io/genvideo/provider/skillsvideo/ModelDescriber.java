/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.schema.SchemaField;
import io.genvideo.provider.support.schema.SchemaInputs;
import io.genvideo.provider.support.schema.SchemaParameterDescriber;
import java.util.List;
import java.util.Set;

/** A model as people read it: its endpoint pair, a request to begin with, and every parameter under the name that a user sets. */
final class ModelDescriber {
    private static final SchemaParameterDescriber PARAMETERS = new SchemaParameterDescriber(ParameterRules.RULES);

    private ModelDescriber() {}

    /**
     * One description for each task type that the model can do; of one whose task types are not known, one for {@code generate}.
     */
    static List<ModelInfo> describe(SkillsvideoModel model) {
        Set<Operation> can = ParameterRules.TASK_TYPES.of(model);
        return can.isEmpty()
                ? List.of(describe(model, Operation.GENERATE))
                : can.stream().map(o -> describe(model, o)).toList();
    }

    static ModelInfo describe(SkillsvideoModel model, Operation operation) {
        int most = ParameterRules.INPUTS.most(operation, model);
        return new ModelInfo(
                SkillsvideoErrors.NAME,
                operation,
                model.id(),
                null,
                model.summary() == null ? model.id() : model.summary(),
                description(model),
                false,
                PARAMETERS.describe(model),
                List.of(),
                List.of(),
                model.isDescribed() ? SchemaInputs.least(operation) : null,
                model.isDescribed() && most != Integer.MAX_VALUE ? most : null);
    }

    private static String description(SkillsvideoModel model) {
        String pair = "POST /generation/sse/" + model.id() + " (stream) or /generation/" + model.id() + " (polling). ";
        return model.isDescribed()
                ? pair + "Request: " + Json.write(template(model)) + ". Described by " + model.source() + "."
                : pair + "What it takes is not known. " + SkillsvideoModel.WITHOUT_SCHEMA + ".";
    }

    /** What must be given, and what would be used if it were not. */
    private static ObjectNode template(SkillsvideoModel model) {
        ObjectNode request = Json.NODES.objectNode();
        model.fields().stream()
                .filter(f -> f.required() || f.preset() != null)
                .forEach(f -> request.set(f.name(), sample(f)));
        return request;
    }

    private static JsonNode sample(SchemaField field) {
        if (field.preset() != null) {
            return field.preset();
        }
        if (!field.allowed().isEmpty()) {
            return field.allowed().get(0);
        }
        return switch (field.type()) {
            case "integer", "number" ->
                field.least() == null ? Json.NODES.numberNode(1) : Json.NODES.numberNode(field.least());
            case "boolean" -> Json.NODES.booleanNode(true);
            case "array" -> Json.NODES.arrayNode().add("...");
            case "object" -> Json.NODES.objectNode();
            default -> Json.NODES.textNode("...");
        };
    }
}
