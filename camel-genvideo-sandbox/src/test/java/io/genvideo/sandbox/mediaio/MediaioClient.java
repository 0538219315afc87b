/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;

/** A client written from the contract, independent of the sandbox: it knows no class of it but its address. */
final class MediaioClient {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String WAN_TEXT = "/generation/wan/t2v-wan-v2-6";
    static final String WAN_IMAGE = "/generation/wan/i2v-wan-v2-6";
    static final String IMAGEN = "/generation/imagen/t2i-imagen-4";
    static final String BANANA = "/generation/banana/i2i-banana";
    static final String PICTURE = "https://example.com/a.png";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final Map<String, String> headers = new LinkedHashMap<>();

    MediaioClient(Sandbox sandbox) {
        base = sandbox.mediaioUri();
        headers.put("X-API-KEY", "key-one");
        headers.put("Content-Type", "application/json");
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    /** Sets a header, or leaves it out if the value is null. */
    MediaioClient header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        headers.forEach((name, value) -> {
            if (value != null) {
                request.header(name, value);
            }
        });
        return http.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    /** Posts fields in the envelope of the contract. */
    JsonNode create(String path, ObjectNode fields) throws Exception {
        ObjectNode body = JSON.createObjectNode();
        body.set("data", fields);
        return json(post(path, body.toString()).body());
    }

    JsonNode create(String path, String prompt) throws Exception {
        return create(path, JSON.createObjectNode().put("prompt", prompt));
    }

    /** Creates a task that must be accepted, and returns its id. */
    String created(String path, String prompt) throws Exception {
        return id(create(path, prompt));
    }

    static String id(JsonNode answer) {
        if (answer.path("code").asInt(-1) != 0) {
            throw new AssertionError("not created: " + answer);
        }
        return answer.path("data").path("task_id").asText();
    }

    JsonNode result(String id) throws Exception {
        return json(post("/generation/result/" + id, "{}").body());
    }

    JsonNode credits() throws Exception {
        return json(post("/user/credits", "{}").body());
    }

    HttpResponse<byte[]> download(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<String> put(String url, String contentType, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", contentType)
                .PUT(BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
