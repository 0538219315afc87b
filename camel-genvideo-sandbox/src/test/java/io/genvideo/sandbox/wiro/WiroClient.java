/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.sandbox.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A client written from the contract, independent of the sandbox: it knows no class of it but its address. */
final class WiroClient {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String PRUNA = "/Run/pruna/p-video";
    static final String IMAGE = "/Run/Qwen/Qwen-Image";
    static final String PICTURE = "https://example.com/a.png";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final Map<String, String> headers = new LinkedHashMap<>();

    WiroClient(Sandbox sandbox) {
        base = sandbox.wiroUri();
        headers.put("x-api-key", "key-one");
        headers.put("Content-Type", "application/json");
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    static String hmac(String key, String message) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
    }

    /** Sets a header, or leaves it out if the value is null. */
    WiroClient header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Signs the requests from now on with one nonce. */
    WiroClient signed(String key, String secret, String nonce) throws Exception {
        return header("x-api-key", key).header("x-nonce", nonce).header("x-signature", hmac(key, secret + nonce));
    }

    HttpResponse<String> post(String path, byte[] body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        headers.forEach((name, value) -> {
            if (value != null) {
                request.header(name, value);
            }
        });
        return http.send(request.POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(String path, String body) throws Exception {
        return post(path, body.getBytes(StandardCharsets.UTF_8));
    }

    JsonNode call(String path, String body) throws Exception {
        return json(send(path, body).body());
    }

    /** Fields and one file in a multipart body. */
    JsonNode multipart(String path, Map<String, String> fields, String fileField, String fileName, byte[] file)
            throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Map.Entry<String, String> e : fields.entrySet()) {
            part(out, "name=\"" + e.getKey() + "\"", e.getValue().getBytes(StandardCharsets.UTF_8));
        }
        if (file != null) {
            part(out, "name=\"" + fileField + "\"; filename=\"" + fileName + "\"", file);
        }
        out.writeBytes("--sandbox--\r\n".getBytes(StandardCharsets.UTF_8));
        String before = headers.put("Content-Type", "multipart/form-data; boundary=sandbox");
        JsonNode answer = json(post(path, out.toByteArray()).body());
        headers.put("Content-Type", before);
        return answer;
    }

    private static void part(ByteArrayOutputStream out, String disposition, byte[] content) {
        String head = "--sandbox\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n";
        out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(content);
        out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }

    /** The required parameters of {@link #PRUNA} and a prompt. */
    static String video(String prompt) {
        return JSON.createObjectNode()
                .put("prompt", prompt)
                .put("duration", "5")
                .put("resolution", "720p")
                .toString();
    }

    /** Starts a video that must be accepted. */
    JsonNode run(String prompt) throws Exception {
        return accepted(call(PRUNA, video(prompt)));
    }

    static JsonNode accepted(JsonNode answer) {
        if (!answer.path("result").asBoolean()) {
            throw new AssertionError("not accepted: " + answer);
        }
        return answer;
    }

    JsonNode task(JsonNode run) throws Exception {
        return call("/Task/Detail", "{\"tasktoken\":\"" + token(run) + "\"}")
                .path("tasklist")
                .path(0);
    }

    static String id(JsonNode run) {
        return run.path("taskid").asText();
    }

    static String token(JsonNode run) {
        return run.path("socketaccesstoken").asText();
    }

    HttpResponse<byte[]> download(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
    }
}
