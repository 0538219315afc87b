/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the vendor's definition of its 24 operations, which is shipped as a resource: names, paths and fields as published, and the
 * limits of media, which were sentences, as numbers. Two of them are no generations but reads; their paths are in
 * {@link MediaioRequests}.
 */
final class DefinitionReader {
    private static final String RESOURCE = "operations_2026-03-10.json";

    private DefinitionReader() {}

    /** The generations, in the definition's order. */
    static List<MediaioModel> models() {
        return Json.elements(document())
                .flatMap(operation -> model(operation).stream())
                .toList();
    }

    /** Empty for the operations that only read. */
    private static Optional<MediaioModel> model(JsonNode operation) {
        return Operation.fromPath(text(operation, "category").replace(' ', '_'))
                .map(taskType -> new MediaioModel(
                        text(operation, "model_code"),
                        text(operation, "name"),
                        taskType,
                        text(operation, "endpoint"),
                        text(operation, "description"),
                        Json.elements(operation.get("fields"))
                                .map(DefinitionReader::field)
                                .toList(),
                        Json.elements(operation.get("only_with"))
                                .map(c -> new MediaioModel.Condition(
                                        text(c, "field"), text(c, "value"), text(c, "other"), text(c, "needs")))
                                .toList()));
    }

    private static FieldDefinition field(JsonNode field) {
        return new FieldDefinition(
                text(field, "name"),
                field.path("required").asBoolean(),
                Json.text(field.get("default")),
                Json.elements(field.get("enum")).map(JsonNode::asText).toList(),
                Json.integer(field.get("max_length")),
                Json.integer(field.get("max_items")),
                field.has("medium") ? limits(field.path("medium")) : null);
    }

    private static MediaLimits limits(JsonNode medium) {
        return new MediaLimits(
                MediaKind.valueOf(text(medium, "kind").toUpperCase(Locale.ROOT)),
                Json.elements(medium.get("formats")).map(JsonNode::asText).toList(),
                medium.path("max_megabytes").asInt(),
                Objects.requireNonNull(range(medium.get("pixels")), "pixels"),
                range(medium.get("ratio")),
                range(medium.get("frame_rate")),
                range(medium.get("seconds")));
    }

    private static MediaLimits.@Nullable Range range(@Nullable JsonNode ends) {
        return ends == null
                ? null
                : MediaLimits.Range.of(ends.path(0).asText(), ends.path(1).asText());
    }

    private static String text(JsonNode node, String field) {
        return Objects.requireNonNull(Json.text(node.get(field)), field);
    }

    private static JsonNode document() {
        try (InputStream in = DefinitionReader.class.getResourceAsStream(RESOURCE)) {
            return Optional.ofNullable(in == null ? null : in.readAllBytes())
                    .flatMap(Json::read)
                    .orElseThrow(
                            () -> new IllegalStateException("the resource " + RESOURCE + " is missing or damaged"));
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + RESOURCE + " cannot be read", e);
        }
    }
}
