/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.KLING;
import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.json;
import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.prompt;
import static org.awaitility.Awaitility.await;

import io.genvideo.sandbox.ContractRules;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Multipart;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import io.genvideo.sandbox.TestMedia;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Each row is one breach of a request that is right otherwise. */
class SkillsvideoRulesTest extends ContractRules {
    private static final String OPEN = "vidu/q3";
    private static final String VEO = "google/veo-3.1";
    private static final Duration LONG = Duration.ofMinutes(30);

    private final TestClock clock = new TestClock();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
            .rendering(SandboxConfig.Rendering.SAMPLE)
            .clock(clock)
            .timeScale(1)
            .balance(200)
            .skillsvideoKeys(Set.of("sk_test", "sk_other"))
            .gatedModels(Set.of("luma/ray-2"))
            .build());
    private final Map<String, Breach> breaches = new LinkedHashMap<>();

    SkillsvideoRulesTest() {
        super("skillsvideo");
        headers();
        routes();
        bodies();
        fields();
        media();
        forms();
        tasks();
        errors();
    }

    @AfterEach
    void reset() {
        sandbox.reset();
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

    private static String code(HttpResponse<String> response) {
        if (response.statusCode() == 200 || !response.body().startsWith("{")) {
            return status(response);
        }
        String code = json(response.body()).path("code").asText().replace("VIDEO_GENERATION_", "");
        return response.statusCode() + " " + code;
    }

    private SkillsvideoClient client() {
        return new SkillsvideoClient(sandbox);
    }

    private void get(String id, String path, String... header) {
        breaches.put(
                id,
                () -> () -> code((header.length == 0
                                ? client()
                                : client().header(header[0], header.length < 2 ? null : header[1]))
                        .get(path)));
    }

    private void headers() {
        get("key-missing", "/credits", "Authorization");
        get("key-scheme", "/credits", "Authorization", "sk_test");
        get("key-unknown", "/credits", "Authorization", "Bearer sk_revoked");
        breaches.put(
                "key-twice",
                () -> () -> rawCredits(
                        "Authorization: Bearer sk_test\r\nAuthorization: Bearer sk_test\r\nUser-Agent: x\r\n"));
        get("key-in-query", "/credits?workspace=sk_test");
        get("accept", "/credits", "Accept", "*/*");
        breaches.put("accept-stream", () -> () -> {
            HttpRequest request = client().request("/generation/sse/" + KLING, "*/*")
                    .POST(BodyPublishers.ofString(prompt("[[take: 0s]] x")))
                    .build();
            // the stream ends after its first frames only when the clock moves: its head is the response
            return status(http.send(request, BodyHandlers.ofInputStream()));
        });
        breaches.put(
                "user-agent-missing",
                () -> () -> rawCredits("Authorization: Bearer sk_test\r\nAccept: application/json\r\n"));
        breaches.put(
                "media-credentials",
                () -> () -> status(http.send(
                        HttpRequest.newBuilder(URI.create(sandbox.uri() + "/media/out/x.mp4"))
                                .header("Authorization", "Bearer sk_test")
                                .build(),
                        BodyHandlers.ofString())));
        create("plan", "luma/ray-2", "{'prompt':'x'}");
    }

    private String rawCredits(String headers) throws Exception {
        String request =
                "GET /skillsvideo/api/v1/credits HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n";
        String response = raw(sandbox.port(), request.getBytes(StandardCharsets.US_ASCII));
        String status = response.substring(9, 12);
        String body = response.substring(response.indexOf("\r\n\r\n") + 4);
        return status.equals("200")
                ? "accepted"
                : status + " " + json(body).path("code").asText().replace("VIDEO_GENERATION_", "");
    }

    private void routes() {
        get("route-unknown", "/models");
        get("subscribe", "/predictions/gen_1/subscribe");
        breaches.put("cancel", () -> {
            String id = client().created(KLING, "x");
            return () -> code(http.send(
                    client().request("/generation/" + id, "application/json")
                            .DELETE()
                            .build(),
                    BodyHandlers.ofString()));
        });
        create("model-unknown", "openai/sora-3", "{'prompt':'x'}");
        create("model-cut", "kling-ai/v3", "{'prompt':'x'}");
        get("running-limit", "/generations/running?limit=101");
        get("running-query", "/generations/running?page=1");
    }

    private void create(String id, String model, String body) {
        breaches.put(id, () -> () -> code(client().create(model, body.replace('\'', '"'))));
    }

    private void create(String id, String contentType, Charset charset, String body) {
        breaches.put(id, () -> {
            HttpRequest request = client().request("/generation/" + KLING, "application/json")
                    .setHeader("Content-Type", contentType)
                    .POST(BodyPublishers.ofByteArray(body.getBytes(charset)))
                    .build();
            return () -> code(http.send(request, BodyHandlers.ofString()));
        });
    }

    private void bodies() {
        String json = "application/json";
        create("content-type", "text/plain", StandardCharsets.UTF_8, prompt("x"));
        create("form-unreadable", "multipart/form-data", StandardCharsets.UTF_8, prompt("x"));
        create("body-utf16", json, StandardCharsets.UTF_16, prompt("x"));
        create("body-byte-order-mark", json, StandardCharsets.UTF_8, "\uFEFF" + prompt("x"));
        create("body-too-large", json, StandardCharsets.UTF_8, " ".repeat((1 << 20) + 1));
        create("body-not-json", KLING, "nothing");
        create("body-list", KLING, "[]");
        create("body-duplicate-name", KLING, "{'prompt':'x','prompt':'y'}");
    }

    private void fields() {
        create("field-missing", KLING, "{}");
        create("field-unknown", KLING, "{'prompt':'x','seed':1}");
        create("field-type", KLING, "{'prompt':'x','duration':'5'}");
        create("field-fraction", KLING, "{'prompt':'x','duration':5.0}");
        create("field-boolean", KLING, "{'prompt':'x','generate_audio':'true'}");
        create("field-null", KLING, "{'prompt':'x','negative_prompt':null}");
        create("field-low", KLING, "{'prompt':'x','duration':2}");
        create("field-high", KLING, "{'prompt':'x','duration':16}");
        create("field-option", KLING, "{'prompt':'x','quality':'PRO'}");
        create("count-zero", KLING, "{'prompt':'x','n':0}");
        create("count-large", KLING, "{'prompt':'x','n':11}");
        create("count-fraction", OPEN, "{'prompt':'x','n':1.5}");
        create("duration-endless", OPEN, "{'prompt':'x','duration':1e400}");
        create("prompt-blank", OPEN, "{'prompt':' '}");
        create("nothing-to-do", OPEN, "{}");
    }

    private void media() {
        create("media-not-http", KLING, "{'prompt':'x','image_url':'file:///etc/passwd'}");
        create("media-private", KLING, "{'prompt':'x','image_url':'http://192.168.1.1/a.png'}");
        create("media-one", KLING, "{'prompt':'x','image_url':['https://example.com/1']}");
        create("media-list", VEO, "{'prompt':'x','reference_image_urls':'https://example.com/1'}");
        create("media-gone", KLING, "{'prompt':'x','image_url':'" + sandbox.uri() + "/media/in/x.png'}");
    }

    private void form(String id, Supplier<Multipart> form) {
        breaches.put(id, () -> () -> code(client().multipart(KLING, form.get())));
    }

    private static Multipart withFile(String fileName, String type, byte[] bytes) {
        return new Multipart().text("prompt", "x").file("image_url", fileName, type, bytes);
    }

    private void forms() {
        byte[] png = TestMedia.png(2, 2);
        form("file-not-media", () -> withFile("a.png", "image/png", TestMedia.page()));
        form("file-other-kind", () -> withFile("a.png", "image/png", TestMedia.mp4()));
        form("file-content-type", () -> withFile("a.mp4", "video/mp4", TestMedia.mp4()));
        form("file-empty", () -> withFile("a.png", "image/png", new byte[0]));
        form("file-for-text", () -> new Multipart().file("prompt", "a.png", "image/png", png));
        form("form-repeated", () -> withFile("a.png", "image/png", png).text("image_url", "https://example.com/1"));
        form("form-number", () -> new Multipart().text("prompt", "x").text("duration", "4.5"));
    }

    private String poll(SkillsvideoClient client, String id) throws Exception {
        return code(client.get("/generation/" + id));
    }

    private void tasks() {
        get("detail-unknown", "/generation/gen_1");
        breaches.put("detail-other-account", () -> {
            String id = client().created(KLING, "x");
            return () -> poll(client().header("Authorization", "Bearer sk_other"), id);
        });
        breaches.put("detail-too-soon", () -> {
            String id = client().created(KLING, "x");
            poll(client(), id);
            clock.forward(Duration.ofMillis(100));
            return () -> poll(client(), id);
        });
        breaches.put("detail-after-end", () -> {
            String id = client().created(KLING, "x");
            clock.forward(LONG);
            await().until(() -> sandbox.ledger().tasks().get(0).readyAt() != null);
            for (int i = 0; i < 5; i++) {
                poll(client(), id);
                clock.forward(LONG);
            }
            return () -> poll(client(), id);
        });
    }

    private void repeated(String id, String route, Fault fault, String path) {
        breaches.put(id, () -> {
            sandbox.faults().add(FaultRule.on("skillsvideo", route, fault).times(1));
            HttpRequest request = client().request(
                            path + KLING, path.endsWith("/sse/") ? "text/event-stream" : "application/json")
                    .POST(BodyPublishers.ofString(prompt("a lake")))
                    .build();
            http.send(request, BodyHandlers.ofInputStream()).body().close();
            clock.forward(Duration.ofSeconds(2));
            return () -> status(http.send(request, BodyHandlers.ofInputStream()));
        });
    }

    private void errors() {
        repeated("create-repeated", "create", Fault.garbage(), "/generation/");
        repeated("stream-repeated", "create-sse", Fault.garbage(), "/generation/sse/");
        repeated("retry-after", "create", Fault.rateLimit(Duration.ofSeconds(20)), "/generation/");
        create("credits-short", KLING, "{'prompt':'x','duration':15,'n':10}");
    }
}
