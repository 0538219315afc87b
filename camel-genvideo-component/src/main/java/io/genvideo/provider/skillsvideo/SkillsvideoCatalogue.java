/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Values;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The models that are known: the endpoints of the service's documentation as it was on 2026-03-20, with the input schemas that
 * its pages show for eight of them, and over both what an OpenAPI document says that the user gives. The service has no list
 * to ask at run time.
 */
final class SkillsvideoCatalogue {
    /** The setting for the text of an OpenAPI document that describes the service's models. */
    static final String OPEN_API = "openApi";

    private static final String ENDPOINTS = "endpoints_2026-03-20.json";
    private static final String SCHEMAS = "model_input_schemas_from_docs.json";
    private static final int MOST_NAMED = 12;

    private final Map<String, SkillsvideoModel> models = new LinkedHashMap<>();

    /** @param openApi the text of a document; {@code null} for none */
    SkillsvideoCatalogue(@Nullable String openApi) {
        JsonNode endpoints = resource(ENDPOINTS);
        JsonNode schemas = resource(SCHEMAS).path("schemas");
        addAll(endpoints.path("videos"), MediaKind.VIDEO, schemas);
        addAll(endpoints.path("images"), MediaKind.IMAGE, schemas);
        if (openApi != null) {
            OpenApiReader.models(openApi).forEach(this::addGiven);
        }
    }

    private void addAll(JsonNode paths, MediaKind kind, JsonNode schemas) {
        Json.elements(paths).map(JsonNode::asText).forEach(path -> {
            String id = path.substring("/generation/".length());
            JsonNode schema = schemas.get(path);
            add(new SkillsvideoModel(
                    id,
                    kind,
                    null,
                    schema == null ? null : SchemaReader.fields(schema, schema),
                    schema == null ? "" : "the service's documentation"));
        });
    }

    /** What the user gives is newer; but a place without a schema takes none away. */
    private void addGiven(SkillsvideoModel given) {
        SkillsvideoModel known = models.get(key(given.id()));
        if (known == null) {
            add(given);
            return;
        }
        MediaKind kind = known.kind() == null ? given.kind() : known.kind();
        String summary = given.summary() == null ? known.summary() : given.summary();
        add(
                given.isDescribed()
                        ? new SkillsvideoModel(known.id(), kind, summary, given.schema(), given.source())
                        : new SkillsvideoModel(known.id(), kind, summary, known.schema(), known.source()));
    }

    private void add(SkillsvideoModel model) {
        models.put(key(model.id()), model);
    }

    List<SkillsvideoModel> models() {
        return List.copyOf(models.values());
    }

    /**
     * The model that a user names. Any path of two segments or more may be one: the service adds models without asking us.
     * Fails with an {@code INVALID_REQUEST} error that names those there are.
     */
    SkillsvideoModel find(@Nullable String name, Operation operation) {
        if (name == null || name.isBlank()) {
            throw SkillsvideoErrors.ERRORS.invalid(
                    "model is missing: skills.video has no default. " + suggestions("", operation));
        }
        String id = idOf(name.trim());
        if (id.equals("sse") || id.startsWith("sse/")) {
            throw SkillsvideoErrors.ERRORS.invalid("model=" + Values.shown(name)
                    + " begins with sse, which the service keeps for streams; give " + "the part behind it");
        }
        SkillsvideoModel known = models.get(key(id));
        if (known != null) {
            return known;
        }
        if (operation == Operation.GENERATE && SkillsvideoModel.isId(id)) {
            return new SkillsvideoModel(id, null, null, null, "");
        }
        throw SkillsvideoErrors.ERRORS.invalid(
                "model=" + Values.shown(name) + " is not known. " + suggestions(id, operation));
    }

    /** A model as the path of its endpoint: as the service's documentation has it. */
    private static String idOf(String name) {
        String id = withoutSlashes(name);
        for (String prefix : List.of("v1/", "generation/")) {
            id = id.startsWith(prefix) ? withoutSlashes(id.substring(prefix.length())) : id;
        }
        return id;
    }

    private static String withoutSlashes(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && text.charAt(from) == '/') {
            from++;
        }
        while (to > from && text.charAt(to - 1) == '/') {
            to--;
        }
        return text.substring(from, to);
    }

    private String suggestions(String wanted, Operation operation) {
        String last = wanted.substring(wanted.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        List<String> fit = models.values().stream()
                .filter(m -> operation == Operation.GENERATE
                        || ParameterRules.TASK_TYPES.of(m).contains(operation))
                .map(SkillsvideoModel::id)
                .toList();
        List<String> near = last.isEmpty()
                ? List.of()
                : models.values().stream()
                        .map(SkillsvideoModel::id)
                        .filter(id -> id.toLowerCase(Locale.ROOT).contains(last))
                        .toList();
        List<String> named = new ArrayList<>(near.isEmpty() ? fit : near);
        String more = named.size() > MOST_NAMED ? ", … (the operation models lists all)" : "";
        return (near.isEmpty() ? "For " + operation.path() + " there are: " : "Similar: ")
                + named.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + more
                + (operation == Operation.GENERATE || !near.isEmpty()
                        ? ""
                        : ". Other models can be used with the operation generate");
    }

    private static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    private static JsonNode resource(String name) {
        try (InputStream in = SkillsvideoCatalogue.class.getResourceAsStream(name)) {
            return Optional.ofNullable(in)
                    .flatMap(SkillsvideoCatalogue::parsed)
                    .orElseThrow(() -> new IllegalStateException("the resource " + name + " is missing or damaged"));
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + name + " cannot be read", e);
        }
    }

    private static Optional<JsonNode> parsed(InputStream in) {
        try {
            return Json.read(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
