/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model, i.e. an endpoint under {@code /generation}.
 *
 * @param name provider and model as in the path, e.g. {@code kling-ai/v3/video}
 * @param image whether it makes pictures
 * @param schema its input schema; null if that is not known
 */
record Model(String name, boolean image, @Nullable JsonNode schema) {
    private static final Pattern MEDIA = Pattern.compile("(?:.*_)?(?:urls?|images?|videos?|audios?|frames?|files?)");

    /** What a model makes decides the family of its error codes (docs/contracts/skillsvideo.md section 5). */
    String family() {
        return image ? "IMAGE" : "VIDEO";
    }

    /** Schema of a field; a missing node if the field, or the whole schema, is not known. */
    JsonNode field(String field) {
        return schema == null
                ? MissingNode.getInstance()
                : schema.path("properties").path(field);
    }

    /** Whether a field takes the URL of a medium, or the medium itself, or several. */
    boolean isMedia(String field) {
        if (schema == null) {
            return MEDIA.matcher(field).matches();
        }
        JsonNode property = field(field);
        return isUri(property) || isUri(property.path("items"));
    }

    private static boolean isUri(JsonNode property) {
        return property.path("format").asText().equals("uri");
    }

    /** Whether a field takes a list. Without a schema its name says so. */
    boolean isList(String field) {
        return schema == null
                ? isMedia(field) && field.endsWith("s")
                : field(field).path("type").asText().equals("array");
    }

    /** What a medium in that field is: the first half of its media type. */
    static String kind(String field) {
        return field.contains("video") ? "video" : field.contains("audio") ? "audio" : "image";
    }

    /** The documented default of an integer field. */
    int defaultOf(String field, int otherwise) {
        return field(field).path("default").asInt(otherwise);
    }
}
