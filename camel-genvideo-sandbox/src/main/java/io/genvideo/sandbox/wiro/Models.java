/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.genvideo.sandbox.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** 82 models with their parameters, from the vendor's OpenAPI documents, and others of which only the slug is known. */
final class Models {
    private static final int FIRST_ID = 1000;

    private final Map<String, Model> byName = new LinkedHashMap<>();

    Models() {
        try {
            for (JsonNode summary : Json.MAPPER.readTree(resource("models_summary.json"))) {
                for (JsonNode run : summary.path("run")) {
                    add(run.asText().substring("/Run/".length()), summary);
                }
            }
            String slugs = new String(resource("model_slugs_n8n.txt"), StandardCharsets.UTF_8);
            slugs.lines().filter(line -> line.contains("/")).forEach(line -> {
                if (find(owner(line), project(line)).isEmpty()) {
                    add(line, MissingNode.getInstance());
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Models.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing from the jar");
            }
            return in.readAllBytes();
        }
    }

    private static String owner(String slugs) {
        return slugs.substring(0, slugs.indexOf('/'));
    }

    private static String project(String slugs) {
        return slugs.substring(slugs.indexOf('/') + 1);
    }

    private void add(String slugs, JsonNode schema) {
        Model model = new Model(Integer.toString(FIRST_ID + byName.size()), owner(slugs), project(slugs), schema);
        byName.put(key(model.owner(), model.project()), model);
    }

    /** By raw or clean slugs, without regard to case. */
    Optional<Model> find(String owner, String project) {
        Model raw = byName.get(key(owner, project));
        if (raw != null) {
            return Optional.of(raw);
        }
        return byName.values().stream()
                .filter(m -> m.cleanOwner().equalsIgnoreCase(owner)
                        && m.cleanProject().equalsIgnoreCase(project))
                .findFirst();
    }

    private static String key(String owner, String project) {
        return (owner + "/" + project).toLowerCase(Locale.ROOT);
    }

    Collection<Model> all() {
        return byName.values();
    }
}
