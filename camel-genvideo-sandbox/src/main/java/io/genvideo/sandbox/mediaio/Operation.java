/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One operation that generates.
 *
 * @param name its name in the definition, e.g. {@code Wan 2.6}
 * @param model last segment of its path, e.g. {@code i2v-wan-v2-6}
 * @param path its path, e.g. {@code /generation/wan/i2v-wan-v2-6}
 * @param image whether the results are pictures
 */
record Operation(String name, String model, String path, boolean image, List<Field> fields) {

    static Operation of(JsonNode definition) {
        List<Field> fields = new ArrayList<>();
        definition.path("api_body").forEach(field -> fields.add(Field.of(field)));
        return new Operation(
                definition.path("name").asText(),
                definition.path("model_code").asText(),
                URI.create(definition.path("endpoint").asText()).getPath(),
                definition.path("category").asText().endsWith("To Image"),
                List.copyOf(fields));
    }

    Optional<Field> field(String fieldName) {
        return fields.stream().filter(f -> f.name().equals(fieldName)).findFirst();
    }
}
