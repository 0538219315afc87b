/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import static io.genvideo.sandbox.mediaio.MediaioClient.BANANA;
import static io.genvideo.sandbox.mediaio.MediaioClient.IMAGEN;
import static io.genvideo.sandbox.mediaio.MediaioClient.WAN_IMAGE;
import static io.genvideo.sandbox.mediaio.MediaioClient.WAN_TEXT;
import static io.genvideo.sandbox.mediaio.MediaioClient.json;
import static org.awaitility.Awaitility.await;

import io.genvideo.sandbox.ContractRules;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import io.genvideo.sandbox.TestMedia;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Each row is one breach of a request that is right otherwise. */
class MediaioRulesTest extends ContractRules {
    private static final Duration LONG = Duration.ofMinutes(30);
    private static final String LAKE = "{'data':{'prompt':'a lake'}}";
    private static final int TEN_MEGABYTES = 10 << 20;

    private final TestClock clock = new TestClock();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
            .rendering(SandboxConfig.Rendering.SAMPLE)
            .clock(clock)
            .timeScale(1)
            .balance(89)
            .mediaioKeys(Set.of("key-one", "key-two"))
            .build());
    private final Map<String, Breach> breaches = new LinkedHashMap<>();

    MediaioRulesTest() {
        super("mediaio");
        headers();
        bodies();
        fields();
        inputs();
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

    private static String code(String body) {
        int code = json(body).path("code").asInt(-1);
        return code == 0 ? "accepted" : Integer.toString(code);
    }

    private MediaioClient client() {
        return new MediaioClient(sandbox);
    }

    private void credits(String id, String header, String value) {
        breaches.put(
                id,
                () -> () -> code(client().header(header, value)
                        .post("/user/credits", "{}")
                        .body()));
    }

    private void post(String id, String path, String body) {
        breaches.put(
                id,
                () -> () -> code(client().post(path, body.replace('\'', '"')).body()));
    }

    private String raw(String method, String headers) throws Exception {
        String request = method + " /mediaio/user/credits HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: 2\r\n" + headers + "\r\n{}";
        String response = raw(sandbox.port(), request.getBytes(StandardCharsets.US_ASCII));
        return code(response.substring(response.indexOf("\r\n\r\n") + 4));
    }

    private void headers() {
        credits("key-missing", "X-API-KEY", null);
        credits("key-unknown", "X-API-KEY", "revoked");
        breaches.put(
                "key-twice", () -> () -> raw("POST", "X-API-KEY: key-one\r\nX-API-KEY: key-one\r\nUser-Agent: x\r\n"));
        breaches.put("key-in-query", () -> {
            client().credits();
            return () ->
                    code(client().post("/user/credits?api_key=key-one", "{}").body());
        });
        credits("authorization", "Authorization", "Bearer key-one");
        credits("content-type", "Content-Type", "text/plain");
        breaches.put("user-agent-missing", () -> () -> raw("POST", "X-API-KEY: key-one\r\n"));
        breaches.put("method-wrong", () -> () -> raw("GET", "X-API-KEY: key-one\r\nUser-Agent: x\r\n"));
        breaches.put(
                "media-credentials",
                () -> () -> status(http.send(
                        HttpRequest.newBuilder(URI.create(sandbox.uri() + "/media/out/x.mp4"))
                                .header("X-API-KEY", "key-one")
                                .build(),
                        BodyHandlers.ofString())));
        post("route-unknown", "/user/balance", "{}");
        post("operation-unknown", "/generation/wan/t2v-wan-v9", LAKE);
        post("effects", "/generation/effects/effects-ghibli", LAKE);
    }

    private void bytes(String id, Charset charset, String body) {
        breaches.put(id, () -> {
            HttpRequest request = HttpRequest.newBuilder(URI.create(sandbox.mediaioUri() + WAN_TEXT))
                    .header("X-API-KEY", "key-one")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body.replace('\'', '"').getBytes(charset)))
                    .build();
            return () -> code(http.send(request, BodyHandlers.ofString()).body());
        });
    }

    private void bodies() {
        post("body-not-wrapped", WAN_TEXT, "{'prompt':'a lake'}");
        post("body-beside-data", WAN_TEXT, "{'data':{'prompt':'a lake'},'model':'wan'}");
        post("body-not-json", WAN_TEXT, "nothing");
        post("body-duplicate-name", WAN_TEXT, "{'data':{'prompt':'x','prompt':'y'}}");
        bytes("body-utf16", StandardCharsets.UTF_16, LAKE);
        bytes("body-byte-order-mark", StandardCharsets.UTF_8, "\uFEFF" + LAKE);
        bytes("body-too-large", StandardCharsets.UTF_8, " ".repeat((1 << 20) + 1));
        post("credits-body", "/user/credits", "{'data':{}}");
        breaches.put("result-body", () -> {
            String id = client().created(WAN_TEXT, "x");
            return () -> code(
                    client().post("/generation/result/" + id, "{\"data\":{}}").body());
        });
    }

    private void text(String id, String fields) {
        post(id, WAN_TEXT, "{'data':{'prompt':'a lake'," + fields + "}}");
    }

    private void fields() {
        post("field-missing", WAN_TEXT, "{'data':{}}");
        text("field-unknown", "'seed':'1'");
        text("field-of-another", "'aspect_ratio':'16:9'");
        text("value-unlisted", "'duration':'6s'");
        text("value-without-unit", "'duration':'5'");
        text("value-number", "'duration':5");
        text("value-boolean", "'generate_audio':true");
        text("value-null", "'size':null");
        text("value-case", "'generate_audio':'true'");
        post("prompt-blank", WAN_TEXT, "{'data':{'prompt':' '}}");
        post("prompt-long", WAN_TEXT, "{'data':{'prompt':'" + "x".repeat(1501) + "'}}");
        post("images-text", BANANA, "{'data':{'prompt':'x','images':'https://example.com/a.png'}}");
        post("images-none", BANANA, "{'data':{'prompt':'x','images':[]}}");
        String ten = String.join(",", Collections.nCopies(10, "'https://example.com/a.png'"));
        post("images-many", BANANA, "{'data':{'prompt':'x','images':[" + ten + "]}}");
        post(
                "hailuo-full-hd",
                "/generation/minimax/i2v-minimax-v2-3",
                "{'data':{'prompt':'x','image':'https://example.com/a.png','resolution':'1080P','duration':'10s'}}");
    }

    private String image(String url) throws Exception {
        String body = "{'data':{'prompt':'x','image':'" + url + "'}}";
        return code(client().post(WAN_IMAGE, body.replace('\'', '"')).body());
    }

    private void upload(String id, byte[] content) {
        breaches.put(id, () -> {
            String url = sandbox.uri() + "/media/objects/" + id;
            client().put(url, "image/png", content);
            return () -> image(url);
        });
    }

    private void inputs() {
        breaches.put("input-not-http", () -> () -> image("file:///etc/passwd"));
        breaches.put("input-private", () -> () -> image("https://192.168.1.1/a.png"));
        breaches.put("input-gone", () -> () -> image(sandbox.uri() + "/media/objects/nothing.png"));
        upload("input-not-media", TestMedia.page());
        upload("input-other-kind", TestMedia.mp4());
        upload("input-pixels", TestMedia.png(299, 400));
        upload("input-damaged", Arrays.copyOf(TestMedia.png(400, 400), 20));
        upload("input-ratio", TestMedia.png(300, 900));
        upload("input-large", Arrays.copyOf(TestMedia.png(400, 400), TEN_MEGABYTES + 1));
    }

    private String poll(MediaioClient client, String id) throws Exception {
        return code(client.result(id).toString());
    }

    private void tasks() {
        breaches.put("result-unknown", () -> () -> poll(client(), "task-1"));
        breaches.put("result-not-replaced", () -> () -> poll(client(), "%7Btask_id%7D"));
        breaches.put("result-other-account", () -> {
            String id = client().created(WAN_TEXT, "x");
            return () -> poll(client().header("X-API-KEY", "key-two"), id);
        });
        breaches.put("result-too-soon", () -> {
            String id = client().created(WAN_TEXT, "x");
            poll(client(), id);
            clock.forward(Duration.ofMillis(100));
            return () -> poll(client(), id);
        });
        breaches.put("result-after-end", () -> {
            String id = client().created(WAN_TEXT, "x");
            clock.forward(LONG);
            await().until(() -> sandbox.ledger().tasks().get(0).readyAt() != null);
            poll(client(), id);
            clock.forward(LONG);
            return () -> poll(client(), id);
        });
    }

    private void repeated(String id, Fault fault) {
        breaches.put(id, () -> {
            sandbox.faults().add(FaultRule.on("mediaio", "create", fault).times(1));
            client().post(IMAGEN, LAKE.replace('\'', '"'));
            clock.forward(Duration.ofSeconds(2));
            return () -> code(client().post(IMAGEN, LAKE.replace('\'', '"')).body());
        });
    }

    private void errors() {
        repeated("create-repeated", Fault.garbage());
        repeated("retry-after", Fault.rateLimit(Duration.ofSeconds(20)));
        text("credits-short", "'duration':'15s'");
    }
}
