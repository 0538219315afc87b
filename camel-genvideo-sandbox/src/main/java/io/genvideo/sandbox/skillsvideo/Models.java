/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The models as the service's documentation listed them on 2026-03-20, with the input schemas that it shows of eight. */
final class Models {
    private static final String PREFIX = "/generation/";

    private final Map<String, Model> models = new LinkedHashMap<>();

    Models() {
        JsonNode endpoints = read("endpoints_2026-03-20.json");
        JsonNode schemas = read("model_input_schemas_from_docs.json").path("schemas");
        endpoints.path("videos").forEach(path -> add(path.asText(), false, schemas));
        endpoints.path("images").forEach(path -> add(path.asText(), true, schemas));
    }

    private void add(String path, boolean image, JsonNode schemas) {
        String name = path.substring(PREFIX.length());
        models.put(name, new Model(name, image, schemas.get(path)));
    }

    private static JsonNode read(String name) {
        try (InputStream in = Models.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing from the jar");
            }
            return Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param name provider and model as in the path */
    Optional<Model> find(String name) {
        return Optional.ofNullable(models.get(name));
    }

    Collection<Model> all() {
        return models.values();
    }
}
