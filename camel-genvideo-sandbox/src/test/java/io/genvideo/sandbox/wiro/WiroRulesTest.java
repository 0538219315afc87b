/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import static io.genvideo.sandbox.wiro.WiroClient.PRUNA;
import static io.genvideo.sandbox.wiro.WiroClient.hmac;
import static io.genvideo.sandbox.wiro.WiroClient.id;
import static io.genvideo.sandbox.wiro.WiroClient.json;
import static io.genvideo.sandbox.wiro.WiroClient.video;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.ContractRules;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Each row is one breach of a request that is right otherwise. */
class WiroRulesTest extends ContractRules {
    private static final Duration LONG = Duration.ofMinutes(30);
    private static final String LIST = "/Tool/List";
    private static final String LIST_BODY = "{\"start\":\"0\",\"limit\":\"1\"}";
    private static final String TRELLIS = "/Run/microsoft/Trellis-2";
    private static final String NANO = "/Run/google/nano-banana-pro";
    private static final String KLING = "/Run/klingai/kling-v3";

    private final TestClock clock = new TestClock();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
            .rendering(SandboxConfig.Rendering.SAMPLE)
            .clock(clock)
            .timeScale(1)
            .balance(2_400)
            .wiroProjects(Map.of("key-one", "", "key-two", "", "api", "secret"))
            .gatedModels(Set.of("openai/sora-2"))
            .build());
    private final Map<String, Breach> breaches = new LinkedHashMap<>();

    WiroRulesTest() {
        super("wiro");
        credentials();
        signatures();
        bodies();
        runs();
        errors();
        tasks();
        sockets();
        files();
        models();
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

    private static String code(int status, String body) {
        JsonNode json = json(body);
        if (json.path("result").asBoolean()) {
            return "accepted";
        }
        String code = json.path("errors").path(0).path("code").asText();
        return status == 200 ? code : status + " " + code;
    }

    private static String code(HttpResponse<String> response) {
        return code(response.statusCode(), response.body());
    }

    private static String code(JsonNode body) {
        return code(200, body.toString());
    }

    private WiroClient client() {
        return new WiroClient(sandbox);
    }

    private void call(String id, String path, String body) {
        breaches.put(id, () -> () -> code(client().send(path, body.replace('\'', '"'))));
    }

    private String raw(String method, String headers) throws Exception {
        String request = method + " /wiro/v1/Tool/Explore HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: 2\r\n" + headers + "\r\n{}";
        String response = raw(sandbox.port(), request.getBytes(StandardCharsets.US_ASCII));
        return code(Integer.parseInt(response.substring(9, 12)), response.substring(response.indexOf("\r\n\r\n") + 4));
    }

    private void credentials() {
        breaches.put("method-wrong", () -> () -> raw("GET", "x-api-key: key-one\r\nUser-Agent: x\r\n"));
        breaches.put("user-agent-missing", () -> () -> raw("POST", "x-api-key: key-one\r\n"));
        breaches.put(
                "media-credentials",
                () -> () -> status(http.send(
                        HttpRequest.newBuilder(URI.create(sandbox.uri() + "/media/out/x.mp4"))
                                .header("x-api-key", "key-one")
                                .build(),
                        BodyHandlers.ofString())));
        breaches.put(
                "key-missing",
                () -> () -> code(client().header("x-api-key", null).send(LIST, LIST_BODY)));
        breaches.put(
                "key-unknown",
                () -> () -> code(client().header("x-api-key", "revoked").send(LIST, LIST_BODY)));
        breaches.put(
                "key-twice", () -> () -> raw("POST", "x-api-key: key-one\r\nx-api-key: key-one\r\nUser-Agent: x\r\n"));
        breaches.put("key-in-query", () -> {
            client().send(LIST, LIST_BODY);
            return () -> code(client().send(LIST + "?key=key-one", LIST_BODY));
        });
    }

    private void signature(String id, String signature) {
        breaches.put(
                id,
                () -> () -> code(client().header("x-api-key", "api")
                        .header("x-nonce", "7")
                        .header("x-signature", signature)
                        .send(LIST, LIST_BODY)));
    }

    private void signatures() {
        signature("signature-missing", null);
        signature("signature-wrong", "0000");
        try {
            signature("signature-swapped", hmac("secret", "api7"));
            signature("signature-nonce-first", hmac("api", "7secret"));
            signature("signature-line-feed", hmac("api", "secret7\n"));
            signature("signature-upper-case", hmac("api", "secret7").toUpperCase(Locale.ROOT));
            signature("signature-openssl", "(stdin)= " + hmac("api", "secret7"));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        breaches.put(
                "signature-needless",
                () -> () -> code(client().signed("key-one", "x", "7").send(LIST, LIST_BODY)));
        breaches.put("nonce-used", () -> {
            client().signed("api", "secret", "7").send("/Tool/Explore", "{}");
            return () -> code(client().signed("api", "secret", "7").send(LIST, LIST_BODY));
        });
        breaches.put("nonce-falling", () -> {
            client().signed("api", "secret", "7").send("/Tool/Explore", "{}");
            clock.forward(Duration.ofSeconds(6));
            return () -> code(client().signed("api", "secret", "6").send(LIST, LIST_BODY));
        });
    }

    private void body(String id, String contentType, byte[] body) {
        breaches.put(
                id,
                () -> () -> code(client().header("Content-Type", contentType).post(PRUNA, body)));
    }

    private void bodies() {
        byte[] video = video("a lake").getBytes(StandardCharsets.UTF_8);
        body("content-type", "text/plain", video);
        body("form-without-boundary", "multipart/form-data", video);
        body("form-unreadable", "multipart/form-data; boundary=x", "--x\r\nnothing".getBytes(StandardCharsets.UTF_8));
        body(
                "url-encoded",
                "application/x-www-form-urlencoded",
                "prompt=a&duration=5&resolution=720p".getBytes(StandardCharsets.UTF_8));
        body("body-utf16", "application/json", video("a lake").getBytes(StandardCharsets.UTF_16));
        body("body-too-large", "application/json", " ".repeat((1 << 20) + 1).getBytes(StandardCharsets.UTF_8));
        call("body-not-json", PRUNA, "nothing");
        call("body-list", PRUNA, "[]");
        call("body-duplicate-name", PRUNA, "{'prompt':'x','prompt':'y'}");
    }

    private void runs() {
        call("model-unknown", "/Run/nobody/nothing", "{'prompt':'x'}");
        call("model-plus", "/Run/alibaba/wan+2.6", "{'prompt':'x'}");
        call("parameter-unknown", NANO, "{'prompt':'x','strength':'1'}");
        call("parameter-number", NANO, "{'prompt':7}");
        call("input-not-http", NANO, "{'prompt':'x','inputImage':['file:///etc/passwd']}");
        call("input-private", NANO, "{'prompt':'x','inputImage':['http://10.0.0.1/a.png']}");
        call("input-gone", NANO, "{'prompt':'x','inputImage':['" + sandbox.uri() + "/media/in/wiro/x.png']}");
        call("input-type", NANO, "{'prompt':'x','inputImage':[7]}");
        breaches.put(
                "file-empty",
                () -> () -> code(client().multipart(TRELLIS, Map.of(), "inputImage", "a.png", new byte[0])));
        repeated("create-repeated", Fault.garbage());
        call("callback-url", NANO, "{'prompt':'x','callbackUrl':'nowhere'}");
        breaches.put("callback-elsewhere", () -> {
            String body = "{\"prompt\":\"[[queued]] x\",\"callbackUrl\":\"https://example.com/hook\"}";
            String task = id(WiroClient.accepted(client().call(NANO, body)));
            return () -> code(client().call("/Task/Cancel", "{\"taskid\":\"" + task + "\"}"));
        });
    }

    private void repeated(String id, Fault fault) {
        breaches.put(id, () -> {
            sandbox.faults().add(FaultRule.on("wiro", "create", fault).times(1));
            client().send(NANO, "{\"prompt\":\"[[queued]] x\"}");
            sandbox.ledger().tasks().forEach(t -> cancel(t));
            clock.forward(Duration.ofSeconds(2));
            return () -> code(client().send(NANO, "{\"prompt\":\"[[queued]] x\"}"));
        });
    }

    /** The account may have one open task only. */
    private void cancel(Ledger.TaskView task) {
        try {
            client().call("/Task/Cancel", "{\"taskid\":\"" + task.taskId() + "\"}");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void errors() {
        call("parameter-missing", PRUNA, "{'prompt':'x'}");
        call("file-missing", TRELLIS, "{}");
        call("number-text", KLING, "{'mode':'std','duration':'x','ratio':'16:9','sound':'on'}");
        call("number-out-of-bounds", KLING, "{'mode':'std','duration':'16','ratio':'16:9','sound':'on'}");
        call("option-unlisted", KLING, "{'mode':'best','duration':'5','ratio':'16:9','sound':'on'}");
        call("sign-in", "/Run/openai/sora-2", "{'prompt':'x','seconds':'8'}");
        breaches.put("concurrency", () -> {
            client().run("[[queued]] x");
            return () -> code(client().call(PRUNA, video("x")));
        });
        breaches.put("balance", () -> {
            for (int i = 0; i < 4; i++) {
                client().run("[[take: 0s]] " + i);
                await().until(() -> sandbox.ledger().tasks().stream().allMatch(t -> t.readyAt() != null));
            }
            return () -> code(client().call(PRUNA, video("x")));
        });
        call("route-unknown", "/Wallet/List", "{}");
        repeated("retry-after", Fault.rateLimit(Duration.ofSeconds(20)));
    }

    private static String about(JsonNode run) {
        return "{\"taskid\":\"" + id(run) + "\"}";
    }

    private void tasks() {
        call("detail-nothing", "/Task/Detail", "{}");
        call("detail-unknown", "/Task/Detail", "{'taskid':'1'}");
        call("cancel-unknown", "/Task/Cancel", "{'taskid':'1'}");
        call("kill-unknown", "/Task/Kill", "{'socketaccesstoken':'x'}");
        breaches.put("detail-other-account", () -> {
            JsonNode run = client().run("x");
            return () -> code(client().header("x-api-key", "key-two").call("/Task/Detail", about(run)));
        });
        breaches.put("cancel-running", () -> {
            JsonNode run = client().run("x");
            clock.forward(Duration.ofSeconds(30));
            return () -> code(client().call("/Task/Cancel", about(run)));
        });
        breaches.put("kill-ended", () -> {
            JsonNode run = client().run("[[queued]] x");
            client().call("/Task/Cancel", about(run));
            return () -> code(client().call("/Task/Kill", about(run)));
        });
        breaches.put("delete-open", () -> {
            JsonNode run = client().run("x");
            return () -> code(client().call("/Task/InputOutputDelete", about(run)));
        });
        call("task-list-limits", "/Task/List", "{'start':'-1','limit':'20'}");
        breaches.put("detail-too-soon", () -> {
            JsonNode run = client().run("x");
            client().task(run);
            clock.forward(Duration.ofMillis(100));
            return () -> code(client().call("/Task/Detail", about(run)));
        });
        breaches.put("detail-after-end", () -> {
            JsonNode run = client().run("x");
            clock.forward(LONG);
            await().until(() -> sandbox.ledger().tasks().get(0).readyAt() != null);
            client().task(run);
            clock.forward(LONG);
            return () -> code(client().call("/Task/Detail", about(run)));
        });
    }

    private WebSocket connect(String... header) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (header.length > 0) {
            builder.header(header[0], header[1]);
        }
        return builder.buildAsync(sandbox.wiroSocketUri(), new WebSocket.Listener() {})
                .join();
    }

    /** Sends one message; the socket answers nothing. */
    private void message(String id, String message) {
        breaches.put(id, () -> () -> {
            WebSocket socket = connect();
            socket.sendText(message.replace('\'', '"'), true).join();
            await().until(() -> sandbox.ledger().violationCount() > 0);
            socket.abort();
            return "accepted";
        });
    }

    private void sockets() {
        breaches.put(
                "socket-no-handshake",
                () -> () -> code(http.send(
                        HttpRequest.newBuilder(URI.create(sandbox.uri() + "/wiro-socket/v1"))
                                .build(),
                        BodyHandlers.ofString())));
        breaches.put("socket-key", () -> () -> {
            connect("x-api-key", "key-one").abort();
            return "accepted";
        });
        message("socket-message", "{'type':'subscribe','tasktoken':'x'}");
        message("socket-large", " ".repeat((1 << 16) + 1));
        message("socket-token", "{'type':'task_info','tasktoken':'never-issued'}");
    }

    private void upload(String id, String field, String name, byte[] content) {
        breaches.put(id, () -> () -> code(client().multipart("/File/Upload", Map.of(), field, name, content)));
    }

    private void files() {
        byte[] any = "any bytes".getBytes(StandardCharsets.UTF_8);
        call("upload-json", "/File/Upload", "{}");
        upload("upload-no-file", "other", "a.png", any);
        upload("upload-type", "file", "a.exe", any);
        upload("upload-empty", "file", "a.png", new byte[0]);
        call("folder-name", "/File/FolderCreate", "{}");
    }

    private void models() {
        call("tool-list-limits", LIST, "{'start':'0','limit':'0'}");
        call("tool-list-numbers", LIST, "{'start':0,'limit':1}");
        call("tool-list-sort", LIST, "{'start':'0','limit':'1','sort':'price'}");
        call("tool-unknown", "/Tool/Detail", "{'slugowner':'a','slugproject':'b'}");
    }
}
