/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceAddress;
import io.genvideo.provider.support.ServiceErrors;
import java.net.URI;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request in the parameters of its model: checked, complete, and not yet written in the service's form.
 *
 * @param fields what was decided, in the order of the request
 * @param media by the parameter that carries them
 */
public record SchemaRequest(Map<String, JsonNode> fields, Map<SchemaField, List<Medium>> media) {

    public SchemaRequest {
        fields = new LinkedHashMap<>(fields);
        media = new LinkedHashMap<>(media);
    }

    /** The inputs of a request, inspected: reads the heads of files. */
    public static List<Medium> inspected(GenerationRequest request, ServiceErrors errors) {
        return request.inputs().stream().map(input -> Medium.of(input, errors)).toList();
    }

    /**
     * Fails with an {@code INVALID_REQUEST} error that names the option or input as the user wrote it, its value and what is
     * allowed.
     *
     * @param inputs as {@link #inspected} has returned them
     * @param service tells which URLs the service can fetch
     */
    public static SchemaRequest of(
            SchemaRules rules,
            GenerationRequest request,
            List<Medium> inputs,
            Operation operation,
            SchemaModel model,
            ServiceAddress service) {
        Map<String, JsonNode> fields = SchemaParameters.resolve(rules, request, model);
        Map<SchemaField, List<Medium>> media = media(rules, request, inputs, operation, model, service);
        media.keySet().forEach(field -> {
            if (fields.containsKey(field.name())) {
                throw rules.errors()
                        .invalid("an input and param." + field.name() + " are for the same field of " + model.id()
                                + "; give one of them");
            }
        });
        SchemaRequest resolved = new SchemaRequest(fields, media);
        resolved.checkComplete(rules, operation, model);
        return resolved;
    }

    private static Map<SchemaField, List<Medium>> media(
            SchemaRules rules,
            GenerationRequest request,
            List<Medium> media,
            Operation operation,
            SchemaModel model,
            ServiceAddress service) {
        if (!model.isDescribed()) {
            if (!request.inputs().isEmpty()) {
                throw rules.errors()
                        .invalid("inputs: " + request.inputs().size() + " given, but which fields " + model.id()
                                + " takes them in is not known. " + rules.withoutSchema()
                                + "; an address can be given as param.<name>");
            }
            return Map.of();
        }
        boolean given = operation == Operation.GENERATE || !media.isEmpty() || SchemaInputs.least(operation) == 0;
        if (!given && model.fields().stream().anyMatch(f -> isGivenByName(rules, f, request))) {
            // Whoever names the service's own field for the medium has given it
            return Map.of();
        }
        return new SchemaInputs(rules).assigned(media, operation, model, service);
    }

    private static boolean isGivenByName(SchemaRules rules, SchemaField field, GenerationRequest request) {
        return rules.media().isMedia(field)
                && request.parameters().keySet().stream().anyMatch(name -> name.equalsIgnoreCase(field.name()));
    }

    /** Fails with what the service would miss. */
    private void checkComplete(SchemaRules rules, Operation operation, SchemaModel model) {
        boolean needed = operation.isFromText()
                || model.field(SchemaModel.PROMPT).filter(SchemaField::required).isPresent();
        if (needed) {
            rules.checks().prompt(Json.text(fields.get(SchemaModel.PROMPT)), operation.path() + " with " + model.id());
        }
        List<String> missing = model.fields().stream()
                .filter(f -> f.required() && f.preset() == null)
                .filter(f -> !fields.containsKey(f.name()) && !media.containsKey(f))
                .map(SchemaField::name)
                .toList();
        if (!missing.isEmpty()) {
            throw rules.errors()
                    .invalid(model.id() + " needs " + String.join(", ", missing) + "; set param." + missing.get(0)
                            + " or give a medium with the right role");
        }
    }

    /** The same with the default of each required parameter that was not given, for a service that does not apply it itself. */
    public SchemaRequest withDefaults(SchemaModel model) {
        Map<String, JsonNode> complete = new LinkedHashMap<>(fields);
        model.fields().stream()
                .filter(f -> f.required() && !media.containsKey(f))
                .forEach(f -> Optional.ofNullable(f.preset())
                        .flatMap(preset -> f.match(Json.scalar(preset)))
                        .ifPresent(value -> complete.putIfAbsent(f.name(), value)));
        return new SchemaRequest(complete, media);
    }

    /** The same with its files inspected again: fails with an {@code INVALID_REQUEST} error if one has gone meanwhile. */
    public SchemaRequest refreshed(ServiceErrors errors) {
        Map<SchemaField, List<Medium>> now = new LinkedHashMap<>();
        media.forEach((field, list) ->
                now.put(field, list.stream().map(m -> m.refreshed(errors)).toList()));
        return new SchemaRequest(fields, now);
    }

    /** The media that are files or bytes, so that they have to be sent. */
    public List<Medium> files() {
        return media.values().stream()
                .flatMap(List::stream)
                .filter(m -> m.url() == null)
                .toList();
    }

    /** The same with URLs in place of its files, in the order of {@link #files}. */
    public SchemaRequest withUrls(List<URI> urls) {
        Iterator<URI> next = urls.iterator();
        Map<SchemaField, List<Medium>> now = new LinkedHashMap<>();
        media.forEach((field, list) -> now.put(
                field,
                list.stream().map(m -> m.url() == null ? m.at(next.next()) : m).toList()));
        return new SchemaRequest(fields, now);
    }

    /** Without the values: those are the user's. */
    @Override
    public String toString() {
        return "SchemaRequest" + fields.keySet();
    }
}
