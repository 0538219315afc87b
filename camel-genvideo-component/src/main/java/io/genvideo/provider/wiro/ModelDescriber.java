/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.schema.SchemaInputs;
import io.genvideo.provider.support.schema.SchemaParameterDescriber;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A model as people read it, with every parameter under the name that a user sets. */
final class ModelDescriber {
    private static final SchemaParameterDescriber PARAMETERS = new SchemaParameterDescriber(ParameterRules.RULES);

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
                PARAMETERS.describe(model),
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
}
