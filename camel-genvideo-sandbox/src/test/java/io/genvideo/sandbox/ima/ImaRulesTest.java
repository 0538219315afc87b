/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.ContractRules;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import io.genvideo.sandbox.TestMedia;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Each row is one breach of a request that is right otherwise. */
class ImaRulesTest extends ContractRules {
    private static final String T2V = "text_to_video";
    private static final String I2V = "image_to_video";
    private static final String R2V = "reference_image_to_video";
    private static final String WAN = "wan2.6-t2v";
    private static final String WAN_I2V = "wan2.6-i2v";
    private static final String CREATE = "/open/v1/tasks/create";
    private static final String DETAIL = "/open/v1/tasks/detail";
    private static final String VERIFY = "/open/v1/assets/verify";
    private static final String LIST = "/open/v1/product/list?app=ima&platform=web&category=text_to_video";
    private static final Duration LONG = Duration.ofMinutes(30);

    private final TestClock clock = new TestClock();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
            .rendering(SandboxConfig.Rendering.SAMPLE)
            .clock(clock)
            .timeScale(1)
            .balance(20_000)
            .imaKeys(Set.of("ima_test", "ima_other"))
            .gatedModels(Set.of("sora-2-pro"))
            .build());
    private final Map<String, Breach> breaches = new LinkedHashMap<>();

    ImaRulesTest() {
        super("ima");
        headers();
        bodies();
        list();
        models();
        parameters();
        uploads();
        inputs();
        tasks();
        errors();
    }

    @AfterEach
    void reset() {
        sandbox.reset();
        sandbox.ima().catalogue().reset();
    }

    @AfterAll
    void stop() {
        sandbox.close();
    }

    @Override
    protected Sandbox sandbox() {
        return sandbox;
    }

    @Override
    protected Map<String, Breach> breaches() {
        return breaches;
    }

    private static String code(HttpResponse<String> response) throws IOException {
        if (!response.body().startsWith("{")) {
            return status(response);
        }
        int code = ImaClient.JSON.readTree(response.body()).path("code").asInt();
        return code == 0 || code == 200 ? "accepted" : Integer.toString(code);
    }

    private ImaClient client() {
        return new ImaClient(sandbox);
    }

    private void header(String id, String name, String value) {
        breaches.put(id, () -> () -> code(client().header(name, value).get(LIST)));
    }

    private void headers() {
        header("key-missing", "Authorization", null);
        header("key-scheme", "Authorization", "ima_test");
        header("key-prefix", "Authorization", "Bearer sk_test");
        header("key-unknown", "Authorization", "Bearer ima_revoked");
        breaches.put("key-twice", () -> () -> {
            byte[] request = ("GET /ima" + LIST + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ima_test\r\n"
                            + "Authorization: Bearer ima_test\r\nUser-Agent: x\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            return raw(sandbox.port(), request).replaceFirst("(?s)^HTTP/1.1 (\\d+) .*", "$1");
        });
        breaches.put("key-in-query", () -> {
            String fdl = uploaded("image/png", TestMedia.png(2, 2));
            return () -> status(send(HttpRequest.newBuilder(URI.create(fdl + "?key=ima_test"))));
        });
        header("content-type-wrong", "Content-Type", "text/plain");
        breaches.put(
                "content-type-missing",
                () -> () -> code(client().header("Content-Type", null).post(CREATE, "{}")));
        header("content-type-missing-get", "Content-Type", null);
        header("source-missing", "x-app-source", null);
        header("source-unknown", "x-app-source", "somebody");
        header("language-missing", "x_app_language", null);
        breaches.put(
                "language-hyphens",
                () -> () -> code(client().header("x_app_language", null)
                        .header("x-app-language", "en")
                        .get(LIST)));
        header("language-unknown", "x_app_language", "de");
        breaches.put("user-agent-missing", () -> () -> {
            byte[] request = ("GET /ima" + LIST + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ima_test\r\n"
                            + "Content-Type: application/json\r\nx-app-source: ima_skills\r\nx_app_language: en\r\n"
                            + "Connection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            return raw(sandbox.port(), request).startsWith("HTTP/1.1 200 ") ? "accepted" : "refused";
        });
        breaches.put("route-unknown", () -> () -> code(client().get("/open/v1/tasks/list")));
        breaches.put("method-wrong", () -> () -> code(client().get(CREATE)));
        breaches.put(
                "media-credentials",
                () -> () -> status(send(HttpRequest.newBuilder(URI.create(sandbox.uri() + "/media/out/x.mp4"))
                        .header("Authorization", "Bearer ima_test"))));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private void body(String id, Charset charset, String body) {
        breaches.put(id, () -> () -> code(client().post(CREATE, body.getBytes(charset))));
    }

    private void bodies() {
        body("body-not-json", StandardCharsets.UTF_8, "nothing");
        body("body-trailing", StandardCharsets.UTF_8, "{\"a\":1} trailing");
        body("body-duplicate-name", StandardCharsets.UTF_8, "{\"a\":1,\"a\":2}");
        body("body-utf16", StandardCharsets.UTF_16, "{}");
        body("body-byte-order-mark", StandardCharsets.UTF_8, "\uFEFF{}");
        body("body-too-large", StandardCharsets.UTF_8, " ".repeat((1 << 20) + 1));
    }

    private void listed(String id, String query) {
        breaches.put(id, () -> () -> code(client().get("/open/v1/product/list?" + query)));
    }

    private void list() {
        listed("list-app", "platform=web&category=text_to_video");
        listed("list-platform", "app=ima&category=text_to_video");
        listed("list-category-missing", "app=ima&platform=web");
        listed("list-category-unknown", "app=ima&platform=web&category=text_to_film");
        listed("list-query-unknown", "app=ima&platform=web&category=text_to_video&page=1");
    }

    private static ObjectNode outer(ObjectNode body) {
        return (ObjectNode) body.path("parameters").get(0);
    }

    private static ObjectNode inner(ObjectNode body) {
        return (ObjectNode) outer(body).path("parameters");
    }

    private static ObjectNode cast(ObjectNode body) {
        return (ObjectNode) inner(body).path("cast");
    }

    private static void price(ObjectNode body, int attributeId, int credit) {
        outer(body).put("attribute_id", attributeId).put("credit", credit);
        cast(body).put("attribute_id", attributeId).put("points", credit);
    }

    private static void sources(ObjectNode body, String... urls) {
        ArrayNode list = ImaClient.JSON.valueToTree(urls);
        body.set("src_img_url", list);
        inner(body).set("input_images", list.deepCopy());
    }

    private void create(String id, String type, String leaf, BiConsumer<ObjectNode, ObjectNode> change) {
        breaches.put(id, () -> {
            ObjectNode body = client().body(type, leaf, "a quiet lake");
            change.accept(body, inner(body));
            return () -> code(client().post(CREATE, body.toString()));
        });
    }

    private void wan(String id, BiConsumer<ObjectNode, ObjectNode> change) {
        create(id, T2V, WAN, change);
    }

    /** A create that is right by a list that has changed since. */
    private void stale(String id, Consumer<Catalogue> change) {
        breaches.put(id, () -> {
            ObjectNode body = client().body(T2V, WAN, "a quiet lake");
            change.accept(sandbox.ima().catalogue());
            return () -> code(client().post(CREATE, body.toString()));
        });
    }

    private void models() {
        create("options-excluded", T2V, "veo-3.1-generate-preview", (b, in) -> in.put("resolution", "1080p"));
        wan("model-version", (b, in) -> outer(b).put("model_version", "wan9"));
        wan("model-id", (b, in) -> outer(b).put("model_id", "wan"));
        wan("model-name", (b, in) -> outer(b).put("model_name", "Wan"));
        stale("model-removed", c -> c.remove(T2V, WAN));
        wan("field-unknown", (b, in) -> b.put("foo", 1));
        wan("field-missing", (b, in) -> b.remove("enable_multi_model"));
        wan("outer-field-unknown", (b, in) -> outer(b).put("foo", 1));
        wan("outer-field-missing", (b, in) -> outer(b).remove("app"));
        wan("task-type", (b, in) -> b.put("task_type", "text_to_film"));
        wan("multi-model", (b, in) -> b.put("enable_multi_model", true));
        wan("parameters-count", (b, in) -> b.putArray("parameters"));
        wan("category", (b, in) -> outer(b).put("category", I2V));
        wan("app", (b, in) -> outer(b).put("app", "other"));
        wan("platform", (b, in) -> outer(b).put("platform", "ios"));
    }

    private void parameters() {
        wan("default-missing", (b, in) -> in.remove("shot_type"));
        create("default-interface-value", T2V, "ima-pro", (b, in) -> in.put("aspect_ratio", "adaptive"));
        wan("price-value-type", (b, in) -> in.put("duration", "5"));
        create("price-value-text", T2V, "kling-video-o1", (b, in) -> in.put("duration", 5));
        wan("price-value-case", (b, in) -> in.put("resolution", "1080p"));
        wan("price-no-rule", (b, in) -> in.remove("duration"));
        wan("price-other-rule", (b, in) -> price(b, 2057, 25));
        wan("prompt-missing", (b, in) -> in.remove("prompt"));
        wan("prompt-blank", (b, in) -> in.put("prompt", " "));
        wan("count-type", (b, in) -> in.put("n", "1"));
        wan("count-zero", (b, in) -> in.put("n", 0));
        wan("count-large", (b, in) -> in.put("n", 65));
        wan("cast-missing", (b, in) -> in.remove("cast"));
        wan("cast-extra", (b, in) -> cast(b).put("extra", 1));
        create("pixverse-model", T2V, "Pixverse V5", (b, in) -> in.remove("model"));
        wan("parameter-unknown", (b, in) -> in.put("speed", 7));
        wan("parameter-seed", (b, in) -> in.put("seed", 7));
        create("parameter-interface-name", T2V, "kling-video-o1", (b, in) -> in.put("quality", "720p"));
        wan("parameter-default-marker", (b, in) -> in.put("default", "enabled"));
        wan("parameter-boolean", (b, in) -> in.put("prompt_extend", "false"));
        wan("parameter-string", (b, in) -> in.putNull("negative_prompt"));
        wan("parameter-option", (b, in) -> in.put("aspect_ratio", "21:9"));
        wan("text-long", (b, in) -> in.put("negative_prompt", "x".repeat(801)));
        wan("credit-cast", (b, in) -> cast(b).put("points", 25));
        wan("attribute-cast", (b, in) -> cast(b).put("attribute_id", 2057));
    }

    private static Map<String, String> tokenQuery(String timestamp) {
        String nonce = UUID.randomUUID().toString().replace("-", "").substring(0, 21);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("appUid", "ima_test");
        query.put("appId", "webAgent");
        query.put("appKey", "32jdskjdk320eew");
        query.put("cmimToken", "ima_test");
        query.put("sign", Uploads.sign(timestamp, nonce));
        query.put("timestamp", timestamp);
        query.put("nonce", nonce);
        query.put("fService", "privite");
        query.put("fType", "picture");
        query.put("fSuffix", "png");
        query.put("fContentType", "image/png");
        return query;
    }

    private Map<String, String> tokenQuery() {
        return tokenQuery(Long.toString(clock.instant().getEpochSecond()));
    }

    private HttpRequest.Builder tokenRequest(Map<String, String> query, String more) {
        String text = query.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(
                URI.create(sandbox.imaUploadUri() + "/api/rest/oss/getuploadtoken?" + text + more));
    }

    private JsonNode grant(String type) throws Exception {
        Map<String, String> query = tokenQuery();
        query.put("fContentType", type);
        query.put("fType", type.startsWith("video/") ? "video" : "picture");
        return ImaClient.JSON.readTree(send(tokenRequest(query, "")).body()).path("data");
    }

    private HttpResponse<String> put(String url, byte[] body, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url)).headers(headers).PUT(BodyPublishers.ofByteArray(body)));
    }

    private String uploaded(String type, byte[] bytes) throws Exception {
        JsonNode grant = grant(type);
        put(grant.path("ful").asText(), bytes, "Content-Type", type);
        return grant.path("fdl").asText();
    }

    private void token(String id, String name, String value) {
        breaches.put(id, () -> {
            Map<String, String> query = tokenQuery();
            if (value == null) {
                query.remove(name);
            } else {
                query.put(name, value);
            }
            return () -> code(send(tokenRequest(query, "")));
        });
    }

    private interface Change {
        HttpResponse<String> put(String ful, byte[] png) throws Exception;
    }

    private void put(String id, Change change) {
        breaches.put(id, () -> {
            String ful = grant("image/png").path("ful").asText();
            return () -> code(change.put(ful, TestMedia.png(2, 2)));
        });
    }

    private void uploads() {
        token("token-parameter-missing", "nonce", null);
        breaches.put("token-parameter-twice", () -> () -> code(send(tokenRequest(tokenQuery(), "&nonce=again"))));
        token("token-parameter-unknown", "extra", "1");
        token("token-user", "appUid", "other");
        breaches.put("token-user-unknown", () -> {
            Map<String, String> query = tokenQuery();
            query.replaceAll((k, v) -> v.equals("ima_test") ? "ima_revoked" : v);
            return () -> code(send(tokenRequest(query, "")));
        });
        token("token-cmim", "cmimToken", "ima_other");
        token("token-app-id", "appId", "ima");
        token("token-app-key", "appKey", "wrong");
        token("token-timestamp", "timestamp", "1700000000000");
        breaches.put("token-timestamp-old", () -> () -> code(send(tokenRequest(tokenQuery("1700000000"), ""))));
        token("token-nonce", "nonce", "short");
        breaches.put("token-nonce-reused", () -> {
            Map<String, String> query = tokenQuery();
            send(tokenRequest(query, ""));
            return () -> code(send(tokenRequest(query, "")));
        });
        token("token-service", "fService", "private");
        token("token-type", "fType", "image");
        token("token-content-type", "fType", "video");
        token("token-suffix", "fSuffix", ".PNG");
        token("token-sign", "sign", "A507298202BBC85A02EC1BF8D150DD23FC023CF3");
        breaches.put("token-sign-lower-case", () -> {
            Map<String, String> query = tokenQuery();
            query.computeIfPresent("sign", (k, v) -> v.toLowerCase(Locale.ROOT));
            return () -> code(send(tokenRequest(query, "")));
        });
        breaches.put(
                "token-credentials",
                () -> () -> code(send(tokenRequest(tokenQuery(), "").header("Authorization", "Bearer ima_test"))));
        String type = "Content-Type";
        String png = "image/png";
        put("upload-not-media", (ful, bytes) -> put(ful, TestMedia.page(), type, png));
        put("upload-other-kind", (ful, bytes) -> put(ful, TestMedia.mp4(), type, png));
        put("put-query-missing", (ful, bytes) -> put(ful.replaceAll("\\?.*", ""), bytes, type, png));
        put("put-query-changed", (ful, bytes) -> put(ful.replace("Expires=", "Expires=9"), bytes, type, png));
        put("put-path-changed", (ful, bytes) -> put(ful.replace("privite", "public"), bytes, type, png));
        put("put-content-type", (ful, bytes) -> put(ful, bytes, type, "image/jpeg"));
        put("put-authorization", (ful, bytes) -> put(ful, bytes, type, png, "Authorization", "Bearer ima_test"));
        put("put-api-key", (ful, bytes) -> put(ful, bytes, type, png, "x-api-key", "ima_test"));
        put("put-empty", (ful, bytes) -> put(ful, new byte[0], type, png));
        breaches.put("put-too-large", () -> {
            URI ful = URI.create(grant(png).path("ful").asText());
            byte[] head = ("PUT " + ful.getRawPath() + "?" + ful.getRawQuery()
                            + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + png
                            + "\r\nUser-Agent: x\r\nContent-Length: 104857601\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            // a request is served when 64 KiB of its body are there
            byte[] begun = Arrays.copyOf(head, head.length + (64 << 10));
            return () -> raw(sandbox.port(), begun).replaceFirst("(?s)^HTTP/1.1 (\\d+) .*", "HTTP $1");
        });
        put("put-other-bytes", (ful, bytes) -> {
            put(ful, bytes, type, png);
            return put(ful, TestMedia.png(3, 3), type, png);
        });
    }

    private void inputs() {
        String one = "https://example.com/1";
        String two = "https://example.com/2";
        create("input-never-uploaded", I2V, WAN_I2V, (b, in) -> sources(b, sandbox.uri() + "/media/in/x.png"));
        create("inputs-not-a-list", I2V, WAN_I2V, (b, in) -> b.put("src_img_url", one));
        create(
                "inputs-not-texts",
                I2V,
                WAN_I2V,
                (b, in) -> b.putArray("src_img_url").add(1));
        create(
                "inputs-differ",
                I2V,
                WAN_I2V,
                (b, in) -> b.putArray("src_img_url").add(two));
        wan("inputs-for-text", (b, in) -> sources(b, one));
        create("inputs-none", I2V, WAN_I2V, (b, in) -> sources(b));
        create("inputs-one-frame", "first_last_frame_to_video", "kling-v2-6", (b, in) -> sources(b, one));
        create("inputs-limit", I2V, "viduq2-pro", (b, in) -> sources(b, one, two));
        create("inputs-too-many", R2V, "viduq2", (b, in) -> sources(b, one, two, one, two));
        breaches.put("inputs-kind", () -> {
            ObjectNode body = client().body(I2V, WAN_I2V, "a quiet lake");
            sources(body, uploaded("video/mp4", TestMedia.mp4()));
            return () -> code(client().post(CREATE, body.toString()));
        });
        create("inputs-not-http", I2V, WAN_I2V, (b, in) -> sources(b, "/tmp/a.png"));
        create("inputs-private", I2V, WAN_I2V, (b, in) -> sources(b, "http://10.0.0.1/a.png"));
        verify("verify-url-missing", "{}");
        verify("verify-url-private", "{\"url\":\"http://127.0.0.1:1/a.png\"}");
        verify("verify-name-long", "{\"url\":\"" + one + "\",\"name\":\"" + "x".repeat(65) + "\"}");
        verify("verify-extra", "{\"url\":\"" + one + "\",\"extra\":1}");
    }

    private void verify(String id, String body) {
        breaches.put(id, () -> () -> code(client().post(VERIFY, body)));
    }

    private void detail(String id, String body) {
        breaches.put(id, () -> () -> code(client().post(DETAIL, body)));
    }

    private String poll(ImaClient client, String id) throws Exception {
        return code(client.post(DETAIL, "{\"task_id\":\"" + id + "\"}"));
    }

    private String fault(Fault fault) throws Exception {
        ObjectNode body = client().body(T2V, WAN, "a quiet lake");
        sandbox.faults().add(FaultRule.on("ima", "create", fault).times(1));
        client().post(CREATE, body.toString());
        clock.forward(Duration.ofSeconds(2));
        return body.toString();
    }

    private void tasks() {
        detail("detail-body", "{\"id\":\"task_1\"}");
        breaches.put("detail-biz-id", () -> {
            JsonNode created = client().create(client().body(T2V, WAN, "x"));
            String bizId = created.path("data").path("biz_id").asText();
            return () -> poll(client(), bizId);
        });
        detail("detail-unknown", "{\"task_id\":\"task_1\"}");
        breaches.put("detail-other-account", () -> {
            String id = client().created(T2V, WAN, "x");
            return () -> poll(client().header("Authorization", "Bearer ima_other"), id);
        });
        breaches.put("detail-too-soon", () -> {
            String id = client().created(T2V, WAN, "x");
            poll(client(), id);
            clock.forward(Duration.ofSeconds(1));
            return () -> poll(client(), id);
        });
        breaches.put("detail-after-end", () -> {
            String id = client().created(T2V, WAN, "x");
            clock.forward(LONG);
            await().until(() -> sandbox.ledger().tasks().get(0).readyAt() != null);
            for (int i = 0; i < 5; i++) {
                poll(client(), id);
                clock.forward(LONG);
            }
            return () -> poll(client(), id);
        });
        breaches.put("create-repeated", () -> {
            String body = fault(Fault.garbage());
            return () -> code(client().post(CREATE, body));
        });
        breaches.put("retry-after", () -> {
            String body = fault(Fault.rateLimit(Duration.ofSeconds(20)));
            return () -> code(client().post(CREATE, body));
        });
    }

    private void errors() {
        create("points-short", T2V, "veo-3.1-generate-preview", (b, in) -> {
            in.put("n", 64)
                    .put("generate_audio", true)
                    .put("resolution", "1080p")
                    .put("duration", 8);
            price(b, 2004, 330);
        });
        create("plan", T2V, "sora-2-pro", (b, in) -> {});
        stale("price-changed", c -> c.setPoints(T2V, WAN, 2058, 41));
        wan("price-wrong", (b, in) -> price(b, 2058, 39));
        stale("rule-changed", c -> c.setAttributeId(T2V, WAN, 2058, 9058));
        wan("rule-missing", (b, in) -> price(b, 0, 40));
    }
}
