/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Sandbox;
import java.io.IOException;
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
public final class ImaClient {
    public static final ObjectMapper JSON = new ObjectMapper();
    public static final String PICTURE = "https://example.invalid/a.jpg";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final URI base;
    private final Map<String, String> headers = new LinkedHashMap<>();

    public ImaClient(Sandbox sandbox) {
        base = sandbox.imaUri();
        headers.put("Authorization", "Bearer ima_test");
        headers.put("Content-Type", "application/json");
        headers.put("x-app-source", "ima_skills");
        headers.put("x_app_language", "en");
    }

    /** Sets a header, or leaves it out if the value is null. */
    public ImaClient header(String name, String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
        return this;
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return post(path, body.getBytes(StandardCharsets.UTF_8));
    }

    public HttpResponse<String> post(String path, byte[] body) throws IOException, InterruptedException {
        return http.send(request(path).POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        headers.forEach(request::header);
        return request;
    }

    public JsonNode list(String taskType) throws IOException, InterruptedException {
        return JSON.readTree(get("/open/v1/product/list?app=ima&platform=web&category=" + taskType)
                .body());
    }

    public JsonNode create(JsonNode body) throws IOException, InterruptedException {
        return JSON.readTree(post("/open/v1/tasks/create", body.toString()).body());
    }

    /** Creates the default task of a model; its id. */
    public String created(String taskType, String leafId, String prompt) throws IOException, InterruptedException {
        JsonNode answer = create(body(taskType, leafId, prompt));
        if (answer.path("data").path("id").asText().isEmpty()) {
            throw new AssertionError("not created: " + answer);
        }
        return answer.path("data").path("id").asText();
    }

    public ObjectNode body(String taskType, String leafId, String prompt) throws IOException, InterruptedException {
        for (JsonNode leaf : leaves(list(taskType).path("data"))) {
            if (leaf.path("id").asText().equals(leafId)) {
                return body(taskType, leaf, prompt, inputs(taskType));
            }
        }
        throw new AssertionError("no " + leafId);
    }

    public JsonNode detail(String id) throws IOException, InterruptedException {
        return JSON.readTree(
                post("/open/v1/tasks/detail", "{\"task_id\":\"" + id + "\"}").body());
    }

    public static List<JsonNode> leaves(JsonNode nodes) {
        List<JsonNode> leaves = new ArrayList<>();
        for (JsonNode node : nodes) {
            if (node.path("type").asText().equals("3")) {
                leaves.add(node);
            }
            leaves.addAll(leaves(node.path("children")));
        }
        return leaves;
    }

    public static List<String> inputs(String taskType) {
        return switch (taskType) {
            case "text_to_video" -> List.of();
            case "first_last_frame_to_video" -> List.of(PICTURE, "https://example.invalid/b.jpg");
            default -> List.of(PICTURE);
        };
    }

    /** The body that a client sends if the user says nothing but the prompt (contract, sections 3.2 to 3.4 and 6). */
    public static ObjectNode body(String taskType, JsonNode leaf, String prompt, List<String> inputs) {
        ObjectNode inner = JSON.createObjectNode();
        for (JsonNode field : leaf.path("form_config")) {
            JsonNode value = field.path("value");
            if (field.path("is_ui_virtual").asBoolean()) {
                ObjectNode ui = JSON.createObjectNode();
                field.path("ui_params").forEach(p -> ui.set(p.path("field").asText(), p.path("value")));
                for (JsonNode rule : field.path("value_mapping").path("mapping_rules")) {
                    if (rule.path("source_values").equals(ui)) {
                        value = rule.path("target_value");
                    }
                }
            }
            if (!value.isNull()) {
                inner.set(field.path("field").asText(), value);
            }
        }
        JsonNode rule = null;
        for (JsonNode candidate : leaf.path("credit_rules")) {
            boolean all = true;
            for (Map.Entry<String, JsonNode> e : candidate.path("attributes").properties()) {
                all &= e.getValue().equals(inner.path(e.getKey()));
            }
            rule = all && rule == null ? candidate : rule;
        }
        if (rule == null) {
            throw new AssertionError("no rule for " + inner);
        }
        ArrayNode urls = JSON.valueToTree(inputs);
        inner.put("prompt", prompt).put("n", 1).set("input_images", urls.deepCopy());
        inner.putObject("cast")
                .put("points", rule.path("points").asInt())
                .put("attribute_id", rule.path("attribute_id").asInt());
        ObjectNode outer = JSON.createObjectNode();
        outer.put("attribute_id", rule.path("attribute_id").asInt())
                .put("model_id", leaf.path("model_id").asText())
                .put("model_name", leaf.path("name").asText())
                .put("model_version", leaf.path("id").asText())
                .put("app", "ima")
                .put("platform", "web")
                .put("category", taskType)
                .put("credit", rule.path("points").asInt())
                .set("parameters", inner);
        ObjectNode body = JSON.createObjectNode().put("task_type", taskType).put("enable_multi_model", false);
        body.set("src_img_url", urls);
        body.putArray("parameters").add(outer);
        return body;
    }
}
