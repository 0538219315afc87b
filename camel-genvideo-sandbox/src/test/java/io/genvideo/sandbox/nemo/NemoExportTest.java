/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import static io.genvideo.sandbox.nemo.NemoClient.json;
import static io.genvideo.sandbox.nemo.NemoClient.newRenderId;
import static io.genvideo.sandbox.nemo.NemoClient.url;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.NemoSettings;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports and their faults; what a session's last message says holds for its exports. */
@Timeout(60)
class NemoExportTest {
    private static final String RENDERS = "/api/render/proxy/lambda";

    private static Sandbox sandbox;
    private final NemoClient client = new NemoClient(sandbox);

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .nemo(NemoSettings.DEFAULT.withSilentShare(0))
                .build());
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @AfterEach
    void reset() {
        sandbox.reset();
    }

    private String session(String text) throws Exception {
        String session = client.session();
        client.chat(session, text);
        return session;
    }

    private JsonNode ended(String render) {
        return await().until(
                        () -> client.detail(render),
                        d -> !d.path("status").asText().matches("pending|processing"));
    }

    private JsonNode body(String render) throws Exception {
        return json(client.get(RENDERS + "/" + render).body());
    }

    @Test
    void isCreatedAsPending() throws Exception {
        String session = session("a lake [[render-shape: a]]");
        String id = newRenderId();

        JsonNode created =
                json(client.render(id, session, client.draft(session)).body());

        assertThat(created)
                .isEqualTo(json(
                        "{\"success\":true,\"data\":{\"id\":\"" + id + "\",\"status\":\"pending\",\"progress\":5}}"));
    }

    @Test
    void shapeAHasItsFieldsAtTheTop() throws Exception {
        String render = client.rendered(session("a lake, 7s [[render-shape: a]]"));
        ended(render);

        JsonNode body = body(render);

        assertThat(body.fieldNames()).toIterable().containsExactly("taskId", "status", "progress", "output");
        assertThat(body.path("taskId").asText()).isEqualTo(render);
        assertThat(body.at("/output/duration").asInt()).isEqualTo(7);
        assertThat(client.download(body.at("/output/url").asText()).body())
                .hasSize(body.at("/output/size").asInt());
    }

    @Test
    void shapeBHasItsFieldsInData() throws Exception {
        String render = client.rendered(session("a lake [[render-shape: b]]"));
        ended(render);

        JsonNode body = body(render);

        assertThat(body.fieldNames()).toIterable().containsExactly("success", "data");
        assertThat(body.path("data").fieldNames())
                .toIterable()
                .containsExactly("id", "status", "progress", "outputUrl", "createdAt", "completedAt");
    }

    @Test
    void theShapesTakeTurnsUnlessOneIsChosen() throws Exception {
        String session = session("a lake");

        boolean first = body(client.rendered(session)).has("data");
        boolean second = body(client.rendered(session)).has("data");

        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void anIdIsTakenOnce() throws Exception {
        String session = session("a lake");
        String id = client.rendered(session);

        HttpResponse<String> again = client.render(id, session, client.draft(session));

        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(json(again.body()).path("success").asBoolean(true)).isFalse();
    }

    @Test
    void theFirstIdCanBeCalledADuplicate() throws Exception {
        String session = session("a lake [[render-duplicate]]");

        HttpResponse<String> first = client.render(newRenderId(), session, client.draft(session));
        HttpResponse<String> second = client.render(newRenderId(), session, client.draft(session));

        assertThat(first.statusCode()).isEqualTo(409);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(sandbox.ledger().notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void theFirstExportsCanFail(String shape) throws Exception {
        String session = session("a lake [[render-fail: 2]] [[render-shape: " + shape + "]]");

        JsonNode first = ended(client.rendered(session));
        JsonNode second = ended(client.rendered(session));
        JsonNode third = ended(client.rendered(session));

        assertThat(first.path("status").asText()).isEqualTo("failed");
        assertThat(first.path(shape.equals("a") ? "error" : "message").asText()).isEqualTo("The render failed");
        assertThat(second.path("status").asText()).isEqualTo("failed");
        assertThat(third.path("status").asText()).isEqualTo("completed");
    }

    @Test
    void anExportCanBeStuckAndThenCancelled() throws Exception {
        String render = client.rendered(session("a lake [[render-stuck]] [[render-shape: b]]"));

        String before = client.detail(render).path("status").asText();
        JsonNode cancelled =
                json(client.post(RENDERS + "/" + render + "/cancel", "").body());

        assertThat(before).isEqualTo("processing");
        assertThat(cancelled.at("/data/status").asText()).isEqualTo("cancelled");
        assertThat(client.detail(render).path("status").asText()).isEqualTo("cancelled");
    }

    @Test
    void theUrlCanBeLate() throws Exception {
        String render = client.rendered(session("a lake [[no-url]]"));
        JsonNode ended = ended(render);

        await().until(() -> !url(client.detail(render)).isEmpty());

        assertThat(url(ended)).isEmpty();
        assertThat(client.download(url(client.detail(render))).statusCode()).isEqualTo(200);
    }

    @Test
    void aPlanCanBeMissing() throws Exception {
        String session = session("a lake [[export-plan]]");

        HttpResponse<String> response = client.render(newRenderId(), session, client.draft(session));

        assertThat(response.statusCode()).isEqualTo(402);
        assertThat(json(response.body()).path("code").asInt()).isEqualTo(402);
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void anEarlierDraftIsRenderedAsItWas() throws Exception {
        String session = session("a lake, 3s");
        String draft = client.draft(session);
        client.chat(session, "make it 8s");
        String id = newRenderId();
        client.render(id, session, draft);
        ended(id);

        JsonNode body = body(id);

        int seconds = body.has("data") ? 3 : body.at("/output/duration").asInt();
        assertThat(seconds).isEqualTo(3);
    }

    @Test
    void theDraftHasWhatAParserWouldChange() throws Exception {
        String draft = client.draft(session("a lake \u6e56"));

        assertThat(NemoClient.JSON.readTree(draft).toString()).isNotEqualTo(draft);
        assertThat(draft).contains("1.50").contains("\\u6E56").contains("\\/").contains(", ");
    }

    @Test
    void theLedgerShowsTheExportedVideo() throws Exception {
        String render = client.rendered(session("a lake"));
        ended(render);

        assertThat(sandbox.ledger().tasks().get(0).mediaPaths())
                .containsExactly(url(client.detail(render)).replaceFirst("^http://[^/]*", ""));
    }
}
