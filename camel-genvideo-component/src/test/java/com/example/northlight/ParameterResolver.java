/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.InputChecks;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceAddress;
import io.genvideo.provider.support.Values;
import java.util.List;
import java.util.Map;

/** Turns a request into the body of the create call, or refuses what Northlight does not have, by the name of the option. */
final class ParameterResolver {
    static final String MODEL = "aurora-1";

    private static final InputChecks CHECKS = new InputChecks(NorthlightErrors.ERRORS, "Northlight");

    /** For each portable option that Northlight has: its field, and what may be sent. */
    private static final Map<String, Field> FIELDS = Map.of(
            "duration", new Field("seconds", List.of("5", "10")),
            "aspectRatio", new Field("ratio", List.of("16:9", "9:16", "1:1")),
            "seed", new Field("seed", List.of()));

    /** @param allowed empty for any value */
    private record Field(String name, List<String> allowed) {}

    private ParameterResolver() {}

    static ObjectNode resolve(GenerationRequest request, Operation operation, ServiceAddress service) {
        CHECKS.prompt(request.prompt(), operation.path());
        if (request.model() != null && !request.model().equals(MODEL)) {
            throw invalid("model=" + Values.shown(request.model()) + " is not known; allowed: " + MODEL);
        }
        if (!request.parameters().isEmpty()) {
            throw invalid("parameters " + request.parameters().keySet() + " are not known; Northlight has none");
        }
        ObjectNode body = Json.NODES.objectNode().put("model", MODEL).put("prompt", request.prompt());
        request.options().asMap().forEach((option, value) -> set(body, option, value));
        List<Medium> media = request.inputs().stream()
                .map(input -> Medium.of(input, NorthlightErrors.ERRORS))
                .toList();
        int wanted = operation == Operation.IMAGE_TO_VIDEO ? 1 : 0;
        CHECKS.count(media.size(), wanted, wanted, operation, MODEL);
        for (Medium medium : media) {
            CHECKS.url(medium, service);
            if (medium.url() == null) {
                throw invalid("input " + medium.displayName() + " is a file, and Northlight has no upload; give a URL");
            }
            body.put("picture", medium.url().toString());
        }
        return body;
    }

    private static void set(ObjectNode body, String option, Object value) {
        String shown = Values.isPrompt(option) ? option : option + "=" + Values.shown(value);
        Field field = FIELDS.get(option);
        if (field == null) {
            throw invalid(shown + " cannot be set at Northlight; it takes duration, aspectRatio and seed");
        }
        if (!field.allowed().isEmpty() && !field.allowed().contains(Values.textOf(value))) {
            throw invalid(shown + " is not allowed; allowed: " + String.join(", ", field.allowed()));
        }
        body.set(field.name(), Values.node(value));
    }

    private static GenvideoException invalid(String message) {
        return NorthlightErrors.ERRORS.invalid(message);
    }
}
