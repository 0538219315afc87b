/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON of {@link MediaInput}. Messages name the field, and never its value: a URL may hold a signature. */
final class MediaInputJson {
    private static final Set<String> FIELDS = Set.of("role", "url", "content", "name", "mimeType");

    private MediaInputJson() {}

    static final class Reader extends JsonDeserializer<MediaInput> {
        @Override
        public MediaInput deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode json = parser.readValueAsTree();
            if (json.isTextual()) {
                return MediaInput.of(url(parser, json));
            }
            if (!json.isObject()) {
                throw mapping(parser, "an input must be a URL, or an object with 'url' or 'content'");
            }
            for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!FIELDS.contains(name)) {
                    throw mapping(
                            parser,
                            "an input has no field '" + shortened(name) + "'; there are role, url,"
                                    + " content (Base64), name and mimeType");
                }
            }
            if (json.has("url") == json.has("content")) {
                throw mapping(parser, "an input must have either 'url' or 'content'");
            }
            MediaSource source = json.has("url") ? url(parser, json.get("url")) : bytes(parser, json);
            return new MediaInput(role(parser, json), source);
        }

        private static @Nullable MediaRole role(JsonParser parser, JsonNode json) throws IOException {
            String role = text(parser, json, "role");
            try {
                return role == null ? null : MediaRole.fromJson(role);
            } catch (IllegalArgumentException unknown) {
                throw mapping(parser, String.valueOf(unknown.getMessage()));
            }
        }

        private static MediaSource url(JsonParser parser, JsonNode value) throws IOException {
            String text = value.isTextual() ? value.textValue().trim() : "";
            try {
                URI uri = new URI(text);
                String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
                if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                    return new MediaSource.Url(uri);
                }
            } catch (URISyntaxException malformed) {
                // Its message repeats the URL
            }
            throw mapping(parser, "'url' must be an http or https URL");
        }

        private static MediaSource bytes(JsonParser parser, JsonNode json) throws IOException {
            String content = text(parser, json, "content");
            try {
                byte[] bytes = Base64.getDecoder().decode(content == null ? "" : content);
                if (bytes.length > 0) {
                    return new MediaSource.Bytes(bytes, text(parser, json, "name"), text(parser, json, "mimeType"));
                }
            } catch (IllegalArgumentException malformed) {
                throw mapping(parser, "'content' is not Base64");
            }
            throw mapping(parser, "'content' is empty");
        }

        private static @Nullable String text(JsonParser parser, JsonNode json, String field) throws IOException {
            JsonNode value = json.get(field);
            if (value == null || value.isNull()) {
                return null;
            }
            if (!value.isTextual()) {
                throw mapping(parser, "'" + field + "' must be a text");
            }
            return value.textValue();
        }

        private static String shortened(String name) {
            return name.length() <= 40 ? name : name.substring(0, 40) + "...";
        }

        private static JsonMappingException mapping(JsonParser parser, String message) {
            return JsonMappingException.from(parser, message);
        }
    }

    static final class Writer extends JsonSerializer<MediaInput> {
        @Override
        public void serialize(MediaInput input, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeStartObject();
            if (input.role() != null) {
                json.writeStringField("role", input.role().path());
            }
            if (input.source() instanceof MediaSource.Url url) {
                json.writeStringField("url", url.uri().toString());
            } else if (input.source() instanceof MediaSource.Bytes bytes) {
                json.writeBinaryField("content", bytes.content());
                if (bytes.name() != null) {
                    json.writeStringField("name", bytes.name());
                }
                if (bytes.mimeType() != null) {
                    json.writeStringField("mimeType", bytes.mimeType());
                }
            } else {
                throw JsonMappingException.from(json, "a local file can't be written as JSON: send its URL or content");
            }
            json.writeEndObject();
        }
    }
}
