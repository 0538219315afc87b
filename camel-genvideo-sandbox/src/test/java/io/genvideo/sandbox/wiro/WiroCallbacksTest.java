/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import static io.genvideo.sandbox.wiro.WiroClient.JSON;
import static io.genvideo.sandbox.wiro.WiroClient.PRUNA;
import static io.genvideo.sandbox.wiro.WiroClient.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Wiro posts to a {@code callbackUrl}. */
class WiroCallbacksTest {
    private final TestClock clock = new TestClock();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private Sandbox sandbox;
    private WiroClient client;
    private HttpServer receiver;

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .clock(clock)
                .timeScale(1)
                .build());
        client = new WiroClient(sandbox);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
        sandbox.close();
    }

    private JsonNode run(String prompt, String callbackUrl) throws Exception {
        ObjectNode body = (ObjectNode) JSON.readTree(WiroClient.video(prompt));
        return WiroClient.accepted(
                client.call(PRUNA, body.put("callbackUrl", callbackUrl).toString()));
    }

    private JsonNode run(String prompt) throws Exception {
        return run(prompt, "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
    }

    private void finish(JsonNode run) {
        clock.forward(Duration.ofMinutes(10));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> sandbox.ledger().tasks().stream()
                        .anyMatch(t -> t.taskId().equals(id(run)) && t.readyAt() != null));
    }

    private List<JsonNode> received(int count) throws IOException {
        await().until(() -> sandbox.wiro().callbacks().deliveries().size() == count);
        assertThat(received).hasSize(count);
        return received.stream().map(WiroClient::json).toList();
    }

    @Test
    void postsTheTaskWhenItHasEnded() throws Exception {
        JsonNode run = run("a lake");
        assertThat(client.task(run).path("callbackurl").asText()).endsWith("/hook");
        finish(run);
        JsonNode body = received(1).get(0);
        assertThat(body.path("taskid").asText()).isEqualTo(id(run));
        assertThat(body.path("status").asText()).isEqualTo("task_postprocess_end");
        assertThat(body.path("outputs").path(0).path("url").asText()).startsWith(sandbox.uri() + "/media/out/");
        assertThat(sandbox.wiro().callbacks().deliveries().get(0).status()).isEqualTo(204);
    }

    @Test
    void postsFailuresAndCancellationsToo() throws Exception {
        JsonNode run = run("[[queued]] a lake");
        client.call("/Task/Cancel", "{\"taskid\":\"" + id(run) + "\"}");
        assertThat(received(1).get(0).path("status").asText()).isEqualTo("task_cancel");
    }

    @ParameterizedTest
    @CsvSource({"tasklist,/tasklist/0/id", "data,/data/id", "flat,/taskid"})
    void hasEachShapeThatReceiversGuess(String shape, String pointer) throws Exception {
        JsonNode run = run("[[callback: " + shape + "]] a lake");
        finish(run);
        assertThat(received(1).get(0).at(pointer).asText()).isEqualTo(id(run));
    }

    @Test
    void postsEarlyTwiceAndMalformedIfADirectiveSays() throws Exception {
        JsonNode run = run("[[callback: early, double]] a lake");
        assertThat(received(2))
                .allSatisfy(body -> assertThat(body.path("status").asText()).isEqualTo("task_queue"));
        finish(run);
        received(4);
        finish(run("[[callback: malformed]] a lake"));
        await().until(() -> received.size() == 5);
        assertThat(received.get(4)).isEqualTo("{\"taskid\":");
    }

    @Test
    void liesAboutATaskThatRunsIfADirectiveSays() throws Exception {
        JsonNode run = run("[[callback: lying]] [[fail]] a lake");
        JsonNode lie = received(1).get(0);
        assertThat(lie.path("pexit").asText()).isEqualTo("0");
        assertThat(lie.path("outputs")).hasSize(1);
        assertThat(client.task(run).path("status").asText()).isEqualTo("task_queue");
        finish(run);
        assertThat(received(2).get(1).path("pexit").asText()).isEqualTo("1");
    }

    @Test
    void postsNothingIfADirectiveSaysAndNothingBeyondThisMachine() throws Exception {
        finish(run("[[callback: none]] a lake"));
        finish(run("a lake", "https://example.com/hook"));
        JsonNode last = run("a lake");
        finish(last);
        assertThat(received(1).get(0).path("taskid").asText()).isEqualTo(id(last));
        assertThat(sandbox.ledger().notes())
                .singleElement()
                .satisfies(n -> assertThat(n.what()).contains("beyond this machine"));
    }
}
