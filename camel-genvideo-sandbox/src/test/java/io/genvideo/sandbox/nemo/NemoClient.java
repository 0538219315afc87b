/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.sandbox.Multipart;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.TestMedia;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A client written from the contract, independent of the sandbox: it knows no class of it but its address. */
final class NemoClient {
    static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What came of a stream.
     *
     * @param lines all its lines but the empty ones
     * @param broken whether it did not end as a response ends
     */
    record Stream(int status, String contentType, List<String> lines, boolean broken) {
        /** The events, without heartbeats. */
        List<JsonNode> events() {
            return lines.stream()
                    .filter(l -> l.startsWith("data: {"))
                    .map(l -> json(l.substring("data: ".length())))
                    .filter(e -> !e.path("type").asText().equals("heartbeat"))
                    .toList();
        }

        List<String> heartbeats() {
            return lines.stream()
                    .filter(l -> !l.startsWith("data: {") || l.contains("\"heartbeat\""))
                    .toList();
        }

        /** What the service said, of either shape. */
        String text() {
            StringBuilder text = new StringBuilder();
            for (JsonNode event : events()) {
                boolean partial = event.path("partial").asBoolean();
                text.append(
                        event.path("content").isTextual()
                                ? event.path("content").asText()
                                : "");
                if (!partial) {
                    event.path("content")
                            .path("parts")
                            .forEach(p -> text.append(p.path("text").asText("")));
                }
            }
            return text.toString();
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final Map<String, String> headers = new LinkedHashMap<>();

    NemoClient(Sandbox sandbox) {
        base = sandbox.nemoUri();
        headers.put("Authorization", "Bearer nmv_usr_test");
        headers.put("X-Skill-Source", "test");
        headers.put("X-Skill-Version", "1.0");
        headers.put("X-Skill-Platform", "unknown");
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    /** Sets a header, or leaves it out if the value is null. */
    NemoClient header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    NemoClient token(String token) {
        return header("Authorization", "Bearer " + token);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        headers.forEach((name, value) -> {
            if (value != null) {
                request.header(name, value);
            }
        });
        return request;
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        HttpRequest.Builder request = request(path);
        if (!headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        return http.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> anonymousToken(String clientId) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/auth/anonymous-token"));
        if (clientId != null) {
            request.header("X-Client-Id", clientId);
        }
        return http.send(request.POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    /** Creates a session that must be accepted. */
    JsonNode created() throws Exception {
        HttpResponse<String> response = post("/api/tasks/me/with-session/nemo_agent", "{\"task_name\":\"project\"}");
        JsonNode body = json(response.body());
        if (body.path("code").asInt(-1) != 0) {
            throw new AssertionError("no session: " + body);
        }
        return body.path("data");
    }

    String session() throws Exception {
        return created().path("session_id").asText();
    }

    HttpResponse<String> upload(String session, Multipart form) throws Exception {
        HttpRequest request = request("/api/upload-video/nemo_agent/me/" + session)
                .header("Content-Type", form.contentType())
                .POST(BodyPublishers.ofByteArray(form.bytes()))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    HttpResponse<String> uploadPicture(String session) throws Exception {
        return upload(session, new Multipart().file("files", "lake.png", "image/png", TestMedia.png(64, 64)));
    }

    static String message(String session, String text) {
        return "{\"app_name\":\"nemo_agent\",\"user_id\":\"me\",\"session_id\":\"" + session
                + "\",\"new_message\":{\"parts\":[{\"text\":"
                + JSON.getNodeFactory().textNode(text) + "}]}}";
    }

    /** Posts JSON and does not wait for the end of the response. */
    HttpResponse<InputStream> stream(String path, String body) throws Exception {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofInputStream());
    }

    /** Sends a message and does not wait for its stream. */
    HttpResponse<InputStream> open(String session, String text) throws Exception {
        HttpRequest request = request("/run_sse")
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(BodyPublishers.ofString(message(session, text)))
                .build();
        return http.send(request, BodyHandlers.ofInputStream());
    }

    /** Sends a message and reads its stream to its end, whatever that is. */
    Stream chat(String session, String text) throws Exception {
        return read(open(session, text));
    }

    static Stream read(HttpResponse<InputStream> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        List<String> read = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty()) {
                    read.add(line);
                }
            }
            return new Stream(response.statusCode(), type, read, false);
        } catch (IOException e) {
            return new Stream(response.statusCode(), type, read, true);
        }
    }

    /** The state as it was sent. */
    String rawState(String session) throws Exception {
        return get("/api/state/nemo_agent/me/" + session + "/latest").body();
    }

    JsonNode state(String session) throws Exception {
        return json(rawState(session)).path("data").path("state");
    }

    /** The draft of a session, byte for byte. */
    String draft(String session) throws Exception {
        return draftOf(rawState(session));
    }

    /** What follows {@code "draft":} up to its closing brace; no text of a draft has braces here. */
    static String draftOf(String state) {
        int from = state.indexOf("\"draft\":") + "\"draft\":".length();
        int depth = 0;
        for (int i = from; i < state.length(); i++) {
            depth += state.charAt(i) == '{' ? 1 : state.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return state.substring(from, i + 1);
            }
        }
        throw new AssertionError("no draft: " + state);
    }

    JsonNode credits() throws Exception {
        return json(get("/api/credits/balance/simple").body()).path("data");
    }

    static String newRenderId() {
        return "render_" + UUID.randomUUID();
    }

    static String export(String id, String session, String draft) {
        return "{\"id\":\"" + id + "\",\"sessionId\":\"" + session + "\",\"draft\":" + draft
                + ",\"output\":{\"format\":\"mp4\",\"quality\":\"high\"}}";
    }

    HttpResponse<String> render(String id, String session, String draft) throws Exception {
        return post("/api/render/proxy/lambda", export(id, session, draft));
    }

    /** Exports the present draft, which must be accepted, and returns the id of the render. */
    String rendered(String session) throws Exception {
        String id = newRenderId();
        HttpResponse<String> response = render(id, session, draft(session));
        if (!json(response.body()).path("success").asBoolean()) {
            throw new AssertionError("not exported: " + response.body());
        }
        return id;
    }

    /** The state of an export, of either shape. */
    JsonNode detail(String id) throws Exception {
        JsonNode body = json(get("/api/render/proxy/lambda/" + id).body());
        return body.has("data") ? body.path("data") : body;
    }

    static String url(JsonNode detail) {
        return detail.has("outputUrl")
                ? detail.path("outputUrl").asText()
                : detail.path("output").path("url").asText();
    }

    HttpResponse<byte[]> download(String url, String... header) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (header.length > 0) {
            request.headers(header);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }
}
