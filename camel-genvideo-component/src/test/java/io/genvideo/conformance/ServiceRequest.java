/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as the service received it.
 *
 * @param path decoded, without the query
 * @param query as it was sent; {@code null} for none
 * @param headers by lower-case name
 */
public record ServiceRequest(
        String method, String path, @Nullable String query, Map<String, String> headers, byte[] body) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    public ServiceRequest {
        headers = Map.copyOf(headers);
    }

    /** A header, whatever its case; {@code null} if it was not sent. */
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * The body as JSON.
     *
     * @throws AssertionError if it is not JSON
     */
    public JsonNode json() {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            throw new AssertionError("the body of " + this + " is not JSON", e);
        }
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
