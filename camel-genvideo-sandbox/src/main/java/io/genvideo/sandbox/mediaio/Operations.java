/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The 22 operations that generate, as the definition of 2026-03-10 has them. */
final class Operations {
    private static final String DEFINITION = "mediaio_api.json";
    private static final String QUERIES = "Query APIs";

    private final Map<String, Operation> byPath = new LinkedHashMap<>();

    Operations() {
        try (InputStream in = Operations.class.getResourceAsStream(DEFINITION)) {
            if (in == null) {
                throw new IOException(DEFINITION + " is missing from the jar");
            }
            for (JsonNode definition : Json.MAPPER.readTree(in)) {
                if (!definition.path("category").asText().equals(QUERIES)) {
                    Operation operation = Operation.of(definition);
                    byPath.put(operation.path(), operation);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<Operation> find(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    List<Operation> all() {
        return List.copyOf(byPath.values());
    }
}
