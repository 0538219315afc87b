/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import static io.genvideo.sandbox.nemo.NemoClient.json;
import static io.genvideo.sandbox.nemo.NemoClient.message;
import static io.genvideo.sandbox.nemo.NemoClient.newRenderId;
import static org.awaitility.Awaitility.await;

import io.genvideo.sandbox.ContractRules;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Multipart;
import io.genvideo.sandbox.NemoSettings;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import io.genvideo.sandbox.TestMedia;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Each row is one breach of a request that is right otherwise. */
class NemoRulesTest extends ContractRules {
    private static final Duration LONG = Duration.ofMinutes(30);
    private static final String TOKENS = "/api/auth/anonymous-token";
    private static final String CREDITS = "/api/credits/balance/simple";
    private static final String SESSIONS = "/api/tasks/me/with-session/nemo_agent";
    private static final String RENDERS = "/api/render/proxy/lambda";
    private static final String OTHER = "nmv_usr_other";

    private final TestClock clock = new TestClock();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
            .rendering(SandboxConfig.Rendering.SAMPLE)
            .clock(clock)
            .timeScale(1)
            .balance(1_000)
            .nemo(NemoSettings.DEFAULT
                    .withTokens(Set.of("nmv_usr_test", OTHER))
                    .withSilentShare(0)
                    .withAnonymousExport(false))
            .build());
    private final Map<String, Breach> breaches = new LinkedHashMap<>();

    NemoRulesTest() {
        super("nemo");
        routes();
        envelopes();
        tokens();
        attribution();
        sessions();
        messages();
        repetitions();
        uploads();
        states();
        exports();
        drafts();
        polls();
        codes();
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

    private NemoClient client() {
        return new NemoClient(sandbox);
    }

    private NemoClient chatClient() {
        return client().header("Accept", "text/event-stream");
    }

    private static String code(int status, String body) {
        var json = json(body);
        boolean render = json.has("taskId") || json.path("success").asBoolean();
        if (status == 200 && (render || json.path("code").asInt(-1) == 0)) {
            return "accepted";
        }
        String code = json.path("code").asText();
        return status == 200 || code.equals(Integer.toString(status)) ? code : status + " " + code;
    }

    private static String code(HttpResponse<String> response) {
        boolean stream = response.headers()
                .firstValue("Content-Type")
                .filter("text/event-stream"::equals)
                .isPresent();
        return stream ? "accepted" : code(response.statusCode(), response.body());
    }

    /** The response to a message, without its stream. */
    private static String opened(HttpResponse<InputStream> response) throws Exception {
        try (InputStream body = response.body()) {
            boolean stream = response.headers()
                    .firstValue("Content-Type")
                    .filter("text/event-stream"::equals)
                    .isPresent();
            return stream
                    ? "accepted"
                    : code(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Sends a message and lets its work end. */
    private String worked(NemoClient client, String session, String text) throws Exception {
        HttpResponse<InputStream> response = client.open(session, text);
        int number = sandbox.ledger().creates() - 1;
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            clock.forward(Duration.ofMinutes(1));
            return sandbox.ledger().tasks().get(number).readyAt() != null;
        });
        NemoClient.read(response);
        return session;
    }

    private String worked(String text) throws Exception {
        return worked(client(), client().session(), text);
    }

    private String raw(String method, String path, String headers, String body) throws Exception {
        String request = method + " /nemo" + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "X-Skill-Source: x\r\nX-Skill-Version: 1\r\nX-Skill-Platform: cursor\r\n" + headers
                + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body;
        String response = raw(sandbox.port(), request.getBytes(StandardCharsets.US_ASCII));
        String content = response.substring(response.indexOf("\r\n\r\n") + 4);
        return code(Integer.parseInt(response.substring(9, 12)), content);
    }

    private void get(String id, String path, String header, String value) {
        breaches.put(id, () -> () -> code(client().header(header, value).get(path)));
    }

    private void routes() {
        get("route-unknown", "/api/v1/generate", "X-Skill-Platform", "cursor");
        breaches.put("method-wrong", () -> () -> code(client().post(CREDITS, "{}")));
        String authorization = "Authorization: Bearer nmv_usr_test\r\n";
        breaches.put("user-agent-missing", () -> () -> raw("GET", CREDITS, authorization, ""));
        breaches.put(
                "key-twice", () -> () -> raw("GET", CREDITS, authorization + authorization + "User-Agent: x\r\n", ""));
        breaches.put(
                "media-credentials",
                () -> () -> status(http.send(
                        HttpRequest.newBuilder(URI.create(sandbox.uri() + "/media/out/x.mp4"))
                                .header("Authorization", "Bearer nmv_usr_test")
                                .build(),
                        BodyHandlers.ofString())));
    }

    private void session(String id, String body) {
        breaches.put(id, () -> () -> code(client().post(SESSIONS, body.replace('\'', '"'))));
    }

    private void envelopes() {
        session("body-not-json", "nothing");
        session("body-list", "['x']");
        session("body-duplicate-name", "{'task_name':'a','task_name':'b'}");
        session("body-trailing", "{'task_name':'a'} x");
    }

    private void tokens() {
        breaches.put("client-id-missing", () -> () -> code(client().anonymousToken(null)));
        breaches.put("client-id-long", () -> () -> code(client().anonymousToken("x".repeat(201))));
        breaches.put("token-second", () -> {
            client().anonymousToken("one");
            clock.forward(Duration.ofDays(6));
            return () -> code(client().anonymousToken("one"));
        });
        breaches.put("token-address", () -> {
            for (int i = 0; i < 10; i++) {
                client().anonymousToken("client " + i);
            }
            return () -> code(client().anonymousToken("client 10"));
        });
        breaches.put(
                "token-authorization",
                () -> () -> raw(
                        "POST", TOKENS, "X-Client-Id: a\r\nUser-Agent: x\r\nAuthorization: Bearer nmv_usr_x\r\n", ""));
        breaches.put("token-body", () -> () -> raw("POST", TOKENS, "X-Client-Id: a\r\nUser-Agent: x\r\n", "{}"));
        get("key-missing", CREDITS, "Authorization", null);
        get("key-scheme", CREDITS, "Authorization", "nmv_usr_test");
        get("key-prefix", CREDITS, "Authorization", "Bearer sk_test");
        get("key-unknown", CREDITS, "Authorization", "Bearer nmv_usr_revoked");
        get("key-in-query", CREDITS + "?token=nmv_usr_test", "X-Skill-Platform", "cursor");
        breaches.put("claim-body", () -> () -> code(client().post("/api/auth/claim-token", "{}")));
        breaches.put("claim-unknown", () -> {
            String session = client().session();
            String body = "{\"task_id\":\"task_x\",\"session_id\":\"" + session + "\"}";
            return () -> code(client().post("/api/auth/claim-token", body));
        });
    }

    private void attribution() {
        get("attribution-source", CREDITS, "X-Skill-Source", null);
        get("attribution-version", CREDITS, "X-Skill-Version", null);
        get("attribution-platform", CREDITS, "X-Skill-Platform", " ");
        get("attribution-platform-unknown", CREDITS, "X-Skill-Platform", "vscode");
        breaches.put("attribution-export", () -> {
            String session = worked("a lake");
            String draft = client().draft(session);
            return () -> code(client().header("X-Skill-Source", null).render(newRenderId(), session, draft));
        });
    }

    private void sessions() {
        session("session-name", "{'language':'en'}");
        session("session-extra", "{'task_name':'a','user_id':'me'}");
        session("session-language", "{'task_name':'a','language':'English'}");
        breaches.put(
                "session-content-type",
                () -> () ->
                        code(client().header("Content-Type", "text/plain").post(SESSIONS, "{\"task_name\":\"a\"}")));
        breaches.put(
                "session-unknown",
                () -> () -> code(chatClient().post("/run_sse", message("5529798706024415232", "a lake"))));
        breaches.put("session-rounded", () -> {
            String id = client().session();
            String rounded = new java.math.BigDecimal(Double.parseDouble(id)).toPlainString();
            return () -> code(chatClient().post("/run_sse", message(rounded, "a lake")));
        });
        breaches.put("session-other-account", () -> {
            String id = client().session();
            return () -> opened(client().token(OTHER).open(id, "a lake"));
        });
    }

    /** A message in which something is replaced. */
    private void chat(String id, String what, String by) {
        breaches.put(id, () -> {
            String body = message(client().session(), "a lake");
            String changed = body.replace(what.replace('\'', '"'), by.replace('\'', '"'));
            if (changed.equals(body)) {
                throw new AssertionError(id + " changes nothing");
            }
            return () -> {
                HttpResponse<InputStream> response = chatClient().stream("/run_sse", changed);
                return opened(response);
            };
        });
    }

    private void messages() {
        chat("chat-app", "'nemo_agent'", "'other_agent'");
        chat("chat-user", "'me'", "'anon_abc123'");
        chat("chat-camel-case", "session_id", "sessionId");
        chat("chat-unknown-field", "{'app_name'", "{'streaming':true,'app_name'");
        chat("chat-text", "'new_message':{'parts':[{'text':'a lake'}]}", "'message':'a lake'");
        chat("chat-no-part", "[{'text':'a lake'}]", "[]");
        chat("chat-part", "{'text':'a lake'}", "{'text':'a lake','inline_data':{}}");
        chat("chat-blank", "a lake", " ");
        chat("chat-role", "{'parts'", "{'role':'user','parts'");
        breaches.put("chat-session-number", () -> {
            String id = client().session();
            String body = message(id, "a lake").replace("\"" + id + "\"", id);
            return () -> code(chatClient().post("/run_sse", body));
        });
        breaches.put("chat-accept", () -> {
            String body = message(client().session(), "a lake");
            return () -> opened(client().stream("/run_sse", body));
        });
        breaches.put("chat-content-type", () -> {
            String body = message(client().session(), "a lake");
            return () -> code(chatClient().header("Content-Type", "text/plain").post("/run_sse", body));
        });
        breaches.put("chat-too-large", () -> {
            String body = message(client().session(), "x".repeat(1 << 20));
            return () -> code(chatClient().post("/run_sse", body));
        });
        breaches.put("chat-export", () -> {
            String session = worked("a lake");
            return () -> opened(client().open(session, "Export the video"));
        });
    }

    private void repetitions() {
        breaches.put("chat-concurrent", () -> {
            String session = client().session();
            opened(client().open(session, "a lake"));
            return () -> opened(client().open(session, "a boat on it"));
        });
        breaches.put("chat-repeated", () -> {
            String session = worked("a lake");
            return () -> opened(client().open(session, "a lake"));
        });
        breaches.put("chat-repeated-after-drop", () -> {
            String session = worked("a lake [[drop: 1]]");
            client().state(session);
            return () -> opened(client().open(session, "a lake [[drop: 1]]"));
        });
        breaches.put("state-too-soon", () -> {
            String session = client().session();
            NemoClient.read(client().open(session, "a lake [[drop: 1]]"));
            client().state(session);
            clock.forward(Duration.ofSeconds(20));
            return () -> code(client().get("/api/state/nemo_agent/me/" + session + "/latest"));
        });
        repeated("create-repeated", Fault.garbage());
        repeated("retry-after", Fault.rateLimit(Duration.ofSeconds(20)));
    }

    private void repeated(String id, Fault fault) {
        breaches.put(id, () -> {
            sandbox.faults().add(FaultRule.on("nemo", "create", fault).times(1));
            client().post("/run_sse", message(client().session(), "a lake"));
            String session = client().session();
            clock.forward(Duration.ofSeconds(2));
            return () -> opened(client().open(session, "a lake"));
        });
    }

    private void file(String id, String field, String name, byte[] content) {
        breaches.put(id, () -> {
            String session = client().session();
            Multipart form = new Multipart().file(field, name, "application/octet-stream", content);
            return () -> code(client().upload(session, form));
        });
    }

    private void urls(String id, String body) {
        breaches.put(id, () -> {
            String path = "/api/upload-video/nemo_agent/me/" + client().session();
            return () -> code(client().post(path, body.replace('\'', '"')));
        });
    }

    private void uploads() {
        byte[] png = TestMedia.png(8, 8);
        file("upload-field", "file", "a.png", png);
        file("upload-empty", "files", "a.png", new byte[0]);
        file("upload-type", "files", "a.bmp", png);
        file("upload-other-kind", "files", "a.mp4", png);
        file("upload-not-media", "files", "a.png", TestMedia.page());
        file("upload-large", "files", "a.png", Arrays.copyOf(png, (20 << 20) + 1));
        breaches.put("upload-text", () -> {
            String session = client().session();
            return () -> code(client().upload(session, new Multipart().text("files", "a.png")));
        });
        breaches.put("upload-many", () -> {
            String session = client().session();
            Multipart form = new Multipart();
            for (int i = 0; i < 21; i++) {
                form.file("files", "a.png", "image/png", png);
            }
            return () -> code(client().upload(session, form));
        });
        breaches.put("upload-session", () -> () -> code(client().uploadPicture("5529798706024415232")));
        breaches.put("upload-content-type", () -> {
            String path = "/api/upload-video/nemo_agent/me/" + client().session();
            return () -> code(client().header("Content-Type", "image/png").post(path, "x"));
        });
        breaches.put("upload-form-unreadable", () -> {
            String path = "/api/upload-video/nemo_agent/me/" + client().session();
            return () -> code(client().header("Content-Type", "multipart/form-data; boundary=x")
                    .post(path, "--x\r\nno"));
        });
        urls("upload-url-source", "{'urls':['https://example.com/a.png']}");
        urls("upload-url-none", "{'urls':[],'source_type':'url'}");
        urls("upload-url-not-http", "{'urls':['ftp://example.com/a.png'],'source_type':'url'}");
        urls("upload-url-private", "{'urls':['http://10.0.0.1/a.png'],'source_type':'url'}");
        urls("upload-url-gone", "{'urls':['" + sandbox.uri() + "/media/in/nemo/x.png'],'source_type':'url'}");
        urls("upload-url-type", "{'urls':['https://example.com/a.exe'],'source_type':'url'}");
    }

    private void states() {
        breaches.put("state-path", () -> {
            String session = client().session();
            return () -> code(client().get("/api/state/nemo_agent/me/" + session));
        });
        breaches.put(
                "state-unknown", () -> () -> code(client().get("/api/state/nemo_agent/me/5529798706024415232/latest")));
    }

    /** An export in which something is replaced. */
    private void export(String id, String what, String by) {
        breaches.put(id, () -> {
            String session = worked("a lake");
            String body = NemoClient.export("render_1", session, client().draft(session));
            String changed = body.replace(what.replace('\'', '"'), by.replace('\'', '"'));
            if (changed.equals(body)) {
                throw new AssertionError(id + " changes nothing");
            }
            return () -> code(client().post(RENDERS, changed));
        });
    }

    private void exports() {
        export("export-snake-case", "'sessionId'", "'session_id'");
        export("export-unknown-field", "{'id':'render_1'", "{'user_id':'me','id':'render_1'");
        export("export-id", "render_1", "render 1");
        export("export-id-number", "'render_1'", "7");
        export("export-id-prefix", "render_1", "1");
        export("export-output", "{'format':'mp4','quality':'high'}", "'mp4'");
        export("export-output-field", "'quality':'high'", "'width':1080");
        export("export-output-other", "'high'", "'low'");
        breaches.put("export-not-json", () -> () -> code(client().post(RENDERS, "nothing")));
        breaches.put("export-too-large", () -> () -> code(client().post(RENDERS, " ".repeat((4 << 20) + 1))));
        breaches.put(
                "export-content-type",
                () -> () -> code(client().header("Content-Type", "text/plain").post(RENDERS, "{}")));
        breaches.put("export-session", () -> () -> code(client().render(newRenderId(), "5529798706024415232", "{}")));
        breaches.put("export-twice", () -> {
            String session = worked("a lake");
            String id = client().rendered(session);
            String draft = client().draft(session);
            return () -> code(client().render(id, session, draft));
        });
        breaches.put("export-anonymous", () -> {
            String token = json(client().anonymousToken("one").body())
                    .path("data")
                    .path("token")
                    .asText();
            NemoClient anonymous = client().token(token);
            String session = worked(anonymous, anonymous.session(), "a lake");
            String draft = anonymous.draft(session);
            return () -> code(anonymous.render(newRenderId(), session, draft));
        });
    }

    private void draft(String id, String text, String what, String by) {
        breaches.put(id, () -> {
            String session = worked(text);
            String draft = client().draft(session);
            String changed = draft.replace(what, by);
            if (changed.equals(draft) && !what.isEmpty()) {
                throw new AssertionError(id + " changes nothing");
            }
            return () -> code(client().render(newRenderId(), session, changed));
        });
    }

    private void drafts() {
        draft("draft-spaces", "a lake", ", ", ",");
        draft("draft-zeros", "a lake", "1.50", "1.5");
        draft("draft-escapes", "a lake \u6e56", "\\/", "/");
        draft("draft-changed", "a lake", "\"a lake\"", "\"another lake\"");
        draft("draft-empty", "a lake [[no-draft]]", "", "");
        breaches.put("draft-text", () -> {
            String session = worked("a lake");
            String draft = NemoClient.JSON
                    .getNodeFactory()
                    .textNode(client().draft(session))
                    .toString();
            return () -> code(client().render(newRenderId(), session, draft));
        });
        breaches.put("draft-other-session", () -> {
            String draft = client().draft(worked("a lake"));
            String session = worked("a lake");
            return () -> code(client().render(newRenderId(), session, draft));
        });
        breaches.put("draft-older", () -> {
            String session = worked("a lake");
            String draft = client().draft(session);
            worked(client(), session, "a boat on it");
            return () -> code(client().render(newRenderId(), session, draft));
        });
    }

    private void render(String id, String token, String suffix, boolean post) {
        breaches.put(id, () -> {
            String render = token.isEmpty() ? "never" : client().rendered(worked("a lake"));
            NemoClient client = token.isEmpty() ? client() : client().token(token);
            String path = RENDERS + "/" + render + suffix;
            return () -> code(post ? client.post(path, "") : client.get(path));
        });
    }

    private void polls() {
        render("export-poll-unknown", "", "", false);
        render("export-poll-other-account", OTHER, "", false);
        render("export-cancel-unknown", "", "/cancel", true);
        breaches.put("export-download-unknown", () -> () -> code(client().get("/api/render/proxy/never/download")));
        breaches.put("export-download-early", () -> {
            String render = client().rendered(worked("a lake"));
            return () -> code(client().get("/api/render/proxy/" + render + "/download"));
        });
        breaches.put("export-poll-too-soon", () -> {
            String render = client().rendered(worked("a lake"));
            client().detail(render);
            clock.forward(Duration.ofSeconds(5));
            return () -> code(client().get(RENDERS + "/" + render));
        });
        breaches.put("export-poll-after-end", () -> {
            String render = ended();
            client().detail(render);
            clock.forward(LONG);
            return () -> code(client().get(RENDERS + "/" + render));
        });
        breaches.put("export-cancel-ended", () -> {
            String render = ended();
            return () -> code(client().post(RENDERS + "/" + render + "/cancel", ""));
        });
    }

    private String ended() throws Exception {
        String render = client().rendered(worked("a lake"));
        await().until(() -> {
            clock.forward(Duration.ofMinutes(1));
            return client().get("/api/render/proxy/" + render + "/download").statusCode() == 200;
        });
        return render;
    }

    private void codes() {
        breaches.put("credits-short", () -> {
            for (int i = 0; i < 10; i++) {
                opened(client().open(client().session(), "lake " + i));
            }
            String session = client().session();
            return () -> opened(client().open(session, "one more"));
        });
        breaches.put("token-expired", () -> {
            String session = client().session();
            opened(client().open(session, "a lake [[expire-token]]"));
            return () -> code(client().get(CREDITS));
        });
    }
}
