/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.MediaKind;
import io.genvideo.provider.support.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the models out of an OpenAPI document of the service: each {@code POST /generation/…} with its twin
 * {@code /generation/sse/…} is one.
 */
final class OpenApiReader {
    static final String SOURCE = "the OpenAPI document";

    private static final Pattern ENDPOINT =
            Pattern.compile("(?:/.*)?/generation/(?:sse/)?((?!sse/)" + SkillsvideoModel.ID + ")");

    private OpenApiReader() {}

    /** Fails with an {@code INVALID_REQUEST} error if the text is no such document. */
    static List<SkillsvideoModel> models(String text) {
        JsonNode document = Json.read(text)
                .filter(JsonNode::isObject)
                .orElseThrow(
                        () -> SkillsvideoErrors.ERRORS.invalid("openApi is not a JSON document (YAML is not read)"));
        Map<String, SkillsvideoModel> models = new LinkedHashMap<>();
        Json.fields(document.path("paths")).forEach((path, item) -> {
            Matcher endpoint = ENDPOINT.matcher(path);
            JsonNode post = item.path("post");
            if (endpoint.matches() && post.isObject()) {
                SkillsvideoModel model = model(endpoint.group(1), post, document);
                models.merge(model.id(), model, (a, b) -> a.isDescribed() ? a : b);
            }
        });
        if (models.isEmpty()) {
            throw SkillsvideoErrors.ERRORS.invalid("openApi has no endpoint POST /generation/<model>");
        }
        return List.copyOf(models.values());
    }

    private static SkillsvideoModel model(String id, JsonNode post, JsonNode document) {
        String summary = Json.text(post.get("summary"));
        return new SkillsvideoModel(id, kind(id, post), summary, schema(post, document), SOURCE);
    }

    /** JSON describes what there is; the form, which fields of it may be files. */
    private static @Nullable List<SchemaField> schema(JsonNode post, JsonNode document) {
        JsonNode content = post.path("requestBody").path("content");
        JsonNode json = content.path("application/json").path("schema");
        JsonNode form = content.path("multipart/form-data").path("schema");
        List<SchemaField> described = fields(json, document);
        List<SchemaField> files = fields(form, document);
        if (described.isEmpty()) {
            return files.isEmpty() ? null : files;
        }
        List<String> names = described.stream().map(SchemaField::name).toList();
        List<SchemaField> all = new ArrayList<>(described);
        files.stream().filter(f -> f.file() && !names.contains(f.name())).forEach(all::add);
        return all;
    }

    private static List<SchemaField> fields(JsonNode schema, JsonNode document) {
        return schema.isObject() && !SchemaReader.isAssumed(schema, document)
                ? SchemaReader.fields(schema, document)
                : List.of();
    }

    private static @Nullable MediaKind kind(String id, JsonNode post) {
        String tags =
                Json.elementsOrSelf(post.get("tags")).map(JsonNode::asText).collect(Collectors.joining(" "));
        boolean video = tags.toLowerCase(Locale.ROOT).contains("video");
        boolean image = tags.toLowerCase(Locale.ROOT).contains("image");
        if (video != image) {
            return video ? MediaKind.VIDEO : MediaKind.IMAGE;
        }
        return TaskTypes.kindByName(id).orElse(null);
    }
}
