/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.HttpGateway;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Turns a request into a plan: model, task type, parameters and media, all by one schema. Asks nobody. */
final class SkillsvideoPlanner {
    private final SkillsvideoRequests wire;
    private final HttpGateway http;
    private final SkillsvideoCatalogue catalogue;
    private final RandomGenerator random;

    SkillsvideoPlanner(
            SkillsvideoRequests wire, HttpGateway http, SkillsvideoCatalogue catalogue, RandomGenerator random) {
        this.wire = wire;
        this.http = http;
        this.catalogue = catalogue;
        this.random = random;
    }

    SkillsvideoPlan plan(GenerationRequest request, CallOptions options) {
        Operation operation = Objects.requireNonNull(request.operation(), "operation");
        wire.key();
        SkillsvideoModel model = catalogue.find(request.model(), operation);
        SkillsvideoCatalogue.checkTaskType(model, operation);
        Map<String, JsonNode> fields = ParameterResolver.resolve(request, model);
        Map<SchemaField, List<Medium>> media = media(request, operation, model);
        media.keySet().forEach(field -> {
            if (fields.containsKey(field.name())) {
                throw Refusal.of("an input and param." + field.name() + " are for the same field of " + model.id()
                        + "; give one of them");
            }
        });
        RequestBody body = new RequestBody(fields, media);
        checkComplete(body, operation, model);
        return new SkillsvideoPlan(request, model, body, wire, http, random, options);
    }

    private Map<SchemaField, List<Medium>> media(
            GenerationRequest request, Operation operation, SkillsvideoModel model) {
        if (!model.isDescribed()) {
            if (!request.inputs().isEmpty()) {
                throw Refusal.of("inputs: " + request.inputs().size() + " given, but which fields " + model.id()
                        + " takes them in is not known. " + SkillsvideoCatalogue.WITHOUT_SCHEMA
                        + "; an address can be given as param.<name>");
            }
            return Map.of();
        }
        List<Medium> media = request.inputs().stream().map(Medium::of).toList();
        boolean given = operation == Operation.GENERATE || !media.isEmpty() || InputRules.least(operation) == 0;
        if (!given && model.fields().stream().anyMatch(f -> isGivenByName(f, request))) {
            // Whoever names the service's own field for the medium has given it
            return Map.of();
        }
        return InputRules.assigned(media, operation, model, wire);
    }

    private static boolean isGivenByName(SchemaField field, GenerationRequest request) {
        return MediaFields.isMedia(field)
                && request.parameters().keySet().stream().anyMatch(name -> name.equalsIgnoreCase(field.name()));
    }

    /** Fails with what the service would miss. */
    private static void checkComplete(RequestBody body, Operation operation, SkillsvideoModel model) {
        boolean prompted = body.fields().containsKey(SkillsvideoModel.PROMPT);
        boolean needed = operation.isFromText()
                || model.field(SkillsvideoModel.PROMPT)
                        .filter(SchemaField::required)
                        .isPresent();
        if (needed && !prompted) {
            throw Refusal.of("prompt is missing: " + model.id() + " needs one for " + operation.path());
        }
        List<String> missing = model.fields().stream()
                .filter(f -> f.required() && f.preset() == null)
                .filter(f ->
                        !body.fields().containsKey(f.name()) && !body.media().containsKey(f))
                .map(SchemaField::name)
                .toList();
        if (!missing.isEmpty()) {
            throw Refusal.of(model.id() + " needs " + String.join(", ", missing) + "; set param." + missing.get(0)
                    + " or give a medium with the right role");
        }
    }
}
