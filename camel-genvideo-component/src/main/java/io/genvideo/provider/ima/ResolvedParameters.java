/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The decided values of a request.
 *
 * @param sent what goes over the wire, in the order of the form
 * @param seen the same together with the UI fields behind virtual ones, because bans may speak of either
 * @param labels how the user wrote it, by field; defaults are not in it
 * @param count how many results
 */
record ResolvedParameters(
        Map<String, JsonNode> sent, Map<String, JsonNode> seen, Map<String, String> labels, int count) {

    ResolvedParameters {
        sent = new LinkedHashMap<>(sent);
        seen = new LinkedHashMap<>(seen);
        labels = Map.copyOf(labels);
    }

    /** For messages: under the user's own name, or as the default that it is. */
    String shown(String field) {
        JsonNode value = seen.get(field);
        String equals = "=" + (value == null ? "" : value.asText());
        String label = labels.get(field);
        return label == null ? field + equals + " (the default)" : label + equals;
    }
}
