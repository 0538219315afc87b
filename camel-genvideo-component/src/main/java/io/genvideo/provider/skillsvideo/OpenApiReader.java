/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.MediaKind;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.schema.SchemaField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the models out of an OpenAPI document of the service: each {@code POST /generation/…} with its twin
 * {@code /generation/sse/…} is one.
 */
final class OpenApiReader {
    static final String SOURCE = "the OpenAPI document";

    private static final String GENERATION = "/generation/";
    private static final String STREAM = "sse/";

    /** A larger document is refused, in characters. */
    private static final int MAX_LENGTH = 16 << 20;

    /** More models than these are refused: some ten times those that the service has. */
    private static final int MAX_MODELS = 1000;

    private OpenApiReader() {}

    /** Fails with an {@code INVALID_REQUEST} error if the text is no such document. */
    static List<SkillsvideoModel> models(String text) {
        if (text.length() > MAX_LENGTH) {
            throw SkillsvideoErrors.ERRORS.invalid(
                    "openApi has " + text.length() + " characters; at most " + MAX_LENGTH + " are read");
        }
        JsonNode document = Json.read(text)
                .filter(JsonNode::isObject)
                .orElseThrow(
                        () -> SkillsvideoErrors.ERRORS.invalid("openApi is not a JSON document (YAML is not read)"));
        Map<String, SkillsvideoModel> models = new LinkedHashMap<>();
        Json.fields(document.path("paths")).forEach((path, item) -> {
            String id = modelOf(path);
            JsonNode post = item.path("post");
            if (id != null && post.isObject()) {
                if (models.size() >= MAX_MODELS) {
                    throw SkillsvideoErrors.ERRORS.invalid(
                            "openApi describes more than " + MAX_MODELS + " models; remove those that are not used");
                }
                models.merge(id, model(id, post, document), (a, b) -> a.isDescribed() ? a : b);
            }
        });
        if (models.isEmpty()) {
            throw SkillsvideoErrors.ERRORS.invalid("openApi has no endpoint POST /generation/<model>");
        }
        return List.copyOf(models.values());
    }

    /** The model whose create call has this path, be it answered at once or by a stream; {@code null} for other paths. */
    private static @Nullable String modelOf(String path) {
        int at = path.indexOf(GENERATION);
        if (at < 0) {
            return null;
        }
        String rest = path.substring(at + GENERATION.length());
        String id = rest.startsWith(STREAM) ? rest.substring(STREAM.length()) : rest;
        return SkillsvideoModel.isId(id) && !id.startsWith(STREAM) ? id : null;
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
