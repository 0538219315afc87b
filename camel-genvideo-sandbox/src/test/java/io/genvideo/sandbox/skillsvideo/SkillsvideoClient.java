/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.sandbox.Multipart;
import io.genvideo.sandbox.Sandbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
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

/** A client written from the contract, independent of the sandbox: it knows no class of it but its address. */
final class SkillsvideoClient {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String KLING = "kling-ai/v3/video";
    static final String SEEDREAM = "bytedance/seedream-4.0";

    /**
     * What came of a stream.
     *
     * @param frames its data lines
     * @param broken whether it did not end as an answer ends
     */
    record Stream(int status, List<String> frames, boolean broken) {
        List<String> statuses() {
            return frames.stream().map(f -> json(f).path("status").asText()).toList();
        }

        JsonNode last() {
            return json(frames.get(frames.size() - 1));
        }

        String id() {
            return json(frames.get(0)).path("id").asText();
        }
    }

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final URI base;
    private final Map<String, String> headers = new LinkedHashMap<>();

    SkillsvideoClient(Sandbox sandbox) {
        base = sandbox.skillsvideoUri();
        headers.put("Authorization", "Bearer sk_test");
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    static String prompt(String prompt) {
        return JSON.createObjectNode().put("prompt", prompt).toString();
    }

    /** Sets a header, or leaves it out if the value is null. */
    SkillsvideoClient header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    HttpRequest.Builder request(String path, String accept) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Accept", accept);
        all.put("Content-Type", "application/json");
        all.putAll(headers);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        all.forEach((name, value) -> {
            if (value != null) {
                request.header(name, value);
            }
        });
        return request;
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path, "application/json").GET().build(), BodyHandlers.ofString());
    }

    HttpResponse<String> create(String model, String body) throws Exception {
        return http.send(
                request("/generation/" + model, "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> multipart(String model, Multipart form) throws Exception {
        return http.send(
                request("/generation/" + model, "application/json")
                        .setHeader("Content-Type", form.contentType())
                        .POST(BodyPublishers.ofByteArray(form.bytes()))
                        .build(),
                BodyHandlers.ofString());
    }

    String created(String model, String prompt) throws Exception {
        HttpResponse<String> answer = create(model, prompt(prompt));
        if (answer.statusCode() != 200) {
            throw new AssertionError("not created: " + answer.body());
        }
        return json(answer.body()).path("id").asText();
    }

    JsonNode detail(String id) throws Exception {
        return json(get("/generation/" + id).body());
    }

    HttpResponse<InputStream> open(String model, String body) throws Exception {
        return http.send(
                request("/generation/sse/" + model, "text/event-stream")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofInputStream());
    }

    /** Reads a stream to its end, whatever that is. */
    Stream stream(String model, String prompt) throws Exception {
        HttpResponse<InputStream> answer = open(model, prompt(prompt));
        List<String> frames = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    frames.add(line.substring("data: ".length()));
                }
            }
            return new Stream(answer.statusCode(), frames, false);
        } catch (IOException e) {
            return new Stream(answer.statusCode(), frames, true);
        }
    }

    /** Asks for a stream on a socket of its own, for what an HTTP client would hide. */
    Socket socket(String model, String prompt) throws IOException {
        Socket socket = new Socket(base.getHost(), base.getPort());
        socket.setSoTimeout(20_000);
        String body = prompt(prompt);
        String request = "POST " + base.getPath() + "/generation/sse/" + model + " HTTP/1.1\r\nHost: " + base.getHost()
                + ":" + base.getPort() + "\r\nAuthorization: Bearer sk_test\r\nAccept: text/event-stream\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        return socket;
    }
}
