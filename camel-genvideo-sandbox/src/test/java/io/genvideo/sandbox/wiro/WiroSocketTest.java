/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import static io.genvideo.sandbox.wiro.WiroClient.id;
import static io.genvideo.sandbox.wiro.WiroClient.json;
import static io.genvideo.sandbox.wiro.WiroClient.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wiro's socket, with the JDK's client. */
class WiroSocketTest {
    private static final List<String> ORDER = List.of(
            "task_accept",
            "task_preprocess_start",
            "task_preprocess_end",
            "task_assign",
            "task_start",
            "task_output",
            "task_output",
            "task_output",
            "task_output",
            "task_output",
            "task_output_full",
            "task_end",
            "task_postprocess_start",
            "task_postprocess_end");

    private final TestClock clock = new TestClock();
    private Sandbox sandbox;
    private WiroClient client;
    private final List<WebSocket> sockets = new ArrayList<>();

    /** Collects what comes; {@code closed} completes when the connection is over. */
    private static final class Frames implements WebSocket.Listener {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                texts.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(null);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            closed.complete(null);
        }

        List<String> types() {
            return texts.stream().map(t -> json(t).path("type").asText()).toList();
        }
    }

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .clock(clock)
                .timeScale(1)
                .build());
        client = new WiroClient(sandbox);
    }

    @AfterEach
    void stop() {
        sockets.forEach(WebSocket::abort);
        sandbox.close();
    }

    private WebSocket open(Frames frames) {
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(sandbox.wiroSocketUri(), frames)
                .join();
        sockets.add(socket);
        return socket;
    }

    /** Connects and subscribes, and returns when the sandbox has read it. */
    private Frames subscribe(JsonNode run) {
        Frames frames = new Frames();
        long before = sandbox.wiro().subscriptions();
        open(frames)
                .sendText("{\"type\":\"task_info\",\"tasktoken\":\"" + token(run) + "\"}", true)
                .join();
        await().until(() -> sandbox.wiro().subscriptions() > before);
        return frames;
    }

    private void finish(JsonNode run) {
        clock.forward(Duration.ofMinutes(10));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> sandbox.ledger().tasks().stream()
                        .anyMatch(t -> t.taskId().equals(id(run)) && t.readyAt() != null));
    }

    private static void awaitTypes(Frames frames, List<String> types) {
        await().untilAsserted(() -> assertThat(frames.types()).isEqualTo(types));
    }

    @Test
    void sendsEachStepInTheDocumentedOrder() throws Exception {
        JsonNode run = client.run("a lake");
        Frames frames = subscribe(run);
        finish(run);
        awaitTypes(frames, ORDER);
        JsonNode first = json(frames.texts.get(0));
        assertThat(first.path("id").asText()).isEqualTo(id(run));
        assertThat(first.path("tasktoken").asText()).isEqualTo(token(run));
        assertThat(first.path("message").isNull()).isTrue();
        assertThat(first.path("result").asBoolean()).isTrue();
        JsonNode last = json(frames.texts.get(frames.texts.size() - 1));
        assertThat(last.has("pexit")).isFalse();
        String url = last.path("message").path(0).path("url").asText();
        assertThat(url)
                .isEqualTo(client.task(run).path("outputs").path(0).path("url").asText());
        assertThat(client.download(url).statusCode()).isEqualTo(200);
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void followsTheClockWithRealPercentages() throws Exception {
        JsonNode run = client.run("[[take: 125s]] a lake");
        Frames frames = subscribe(run);
        clock.forward(Duration.ofSeconds(5));
        awaitTypes(frames, ORDER.subList(0, 5));
        clock.forward(Duration.ofSeconds(20));
        awaitTypes(frames, ORDER.subList(0, 6));
        JsonNode progress = json(frames.texts.get(5)).path("message");
        assertThat(progress.path("type").asText()).isEqualTo("progressGenerate");
        assertThat(progress.path("percentage").asText()).isEqualTo("20");
        assertThat(progress.path("percentage").isTextual()).isTrue();
        assertThat(progress.path("stepTotal").asText()).isEqualTo("5");
        clock.forward(Duration.ofSeconds(40));
        awaitTypes(frames, ORDER.subList(0, 8));
        assertThat(json(frames.texts.get(7)).path("message").path("percentage").asText())
                .isEqualTo("60");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 13, 14})
    void dropsTheFirstConnectionAfterAnyFrame(int count) throws Exception {
        JsonNode run = client.run("[[socket-drop: " + count + "]] a lake");
        try (RawSocket socket = new RawSocket(sandbox.wiroSocketUri())) {
            socket.send("{\"type\":\"task_info\",\"tasktoken\":\"" + token(run) + "\"}");
            await().until(() -> sandbox.wiro().subscriptions() == 1);
            Frames again = subscribe(run);
            finish(run);
            assertThat(socket.receiveAll().stream()
                            .map(t -> json(t).path("type").asText())
                            .toList())
                    .isEqualTo(ORDER.subList(0, count));
            awaitTypes(again, ORDER);
        }
        assertThat(client.task(run).path("pexit").asText()).isEqualTo("0");
    }

    @Test
    void showsAClientThatItsConnectionIsDropped() throws Exception {
        Frames frames = subscribe(client.run("[[socket-drop: 0]] a lake"));
        await().until(frames.closed::isDone);
        assertThat(frames.texts).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void fallsSilentAndStaysOpen(int count) throws Exception {
        JsonNode run = client.run("[[socket-silent: " + count + "]] a lake");
        Frames frames = subscribe(run);
        finish(run);
        awaitTypes(frames, ORDER.subList(0, count));
        assertThat(frames.closed).isNotDone();
        assertThat(sandbox.wiro().openSockets()).isEqualTo(1);
    }

    @Test
    void sendsNothingOfThePastUnlessADirectiveSays() throws Exception {
        JsonNode plain = client.run("a lake");
        JsonNode replayed = client.run("[[socket-replay]] a lake");
        finish(plain);
        finish(replayed);
        Frames nothing = subscribe(plain);
        Frames all = subscribe(replayed);
        List<String> types = new ArrayList<>(List.of("task_queue"));
        types.addAll(ORDER);
        awaitTypes(all, types);
        assertThat(nothing.texts).isEmpty();
        Frames twice = subscribe(replayed);
        awaitTypes(twice, types);
    }

    @Test
    void repeatsFramesAndMixesInGarbageIfDirectivesSay() throws Exception {
        JsonNode run = client.run("[[socket-repeat]] [[socket-garbage]] a lake");
        Frames frames = subscribe(run);
        finish(run);
        await().until(() -> frames.texts.size() == 3 * ORDER.size());
        assertThat(frames.texts.get(0)).doesNotStartWith("{");
        assertThat(frames.texts.get(1)).isEqualTo(frames.texts.get(2));
    }

    @Test
    void sendsMessagesAsTextsIfADirectiveSays() throws Exception {
        JsonNode run = client.run("[[socket-text]] a lake");
        Frames frames = subscribe(run);
        finish(run);
        awaitTypes(frames, ORDER);
        JsonNode message = json(frames.texts.get(5)).path("message");
        assertThat(message.isTextual()).isTrue();
        assertThat(json(message.asText()).path("percentage").asText()).isEqualTo("20");
        assertThat(json(json(frames.texts.get(13)).path("message").asText()).isArray())
                .isTrue();
    }

    @Test
    void sendsAnErrorLineThatIsNotTheEnd() throws Exception {
        JsonNode run = client.run("[[error-line: low memory]] a lake");
        Frames frames = subscribe(run);
        finish(run);
        List<String> types = new ArrayList<>(ORDER);
        types.add(5, "task_error");
        awaitTypes(frames, types);
        assertThat(json(frames.texts.get(5)).path("message").asText()).isEqualTo("low memory");
    }

    @Test
    void sendsTheCancellation() throws Exception {
        JsonNode run = client.run("[[queued]] a lake");
        Frames frames = subscribe(run);
        client.call("/Task/Cancel", "{\"taskid\":\"" + id(run) + "\"}");
        awaitTypes(frames, List.of("task_cancel"));
        assertThat(json(frames.texts.get(0)).path("message").isNull()).isTrue();
    }

    @Test
    void endsAFailedTaskWithEmptyOutputs() throws Exception {
        JsonNode run = client.run("[[fail]] a lake");
        Frames frames = subscribe(run);
        finish(run);
        awaitTypes(frames, ORDER);
        assertThat(json(frames.texts.get(13)).path("message").isArray()).isTrue();
        assertThat(json(frames.texts.get(13)).path("message")).isEmpty();
    }

    @Test
    void followsSeveralTasksOnOneConnection() throws Exception {
        JsonNode one = client.run("one");
        JsonNode two = client.run("two");
        Frames frames = new Frames();
        WebSocket socket = open(frames);
        for (JsonNode run : List.of(one, two)) {
            socket.sendText("{\"type\":\"task_info\",\"tasktoken\":\"" + token(run) + "\"}", true)
                    .join();
        }
        await().until(() -> sandbox.wiro().subscriptions() == 2);
        finish(one);
        finish(two);
        await().until(() -> frames.texts.size() == 2 * ORDER.size());
        assertThat(frames.texts.stream().map(t -> json(t).path("id").asText())).contains(id(one), id(two));
    }

    @Test
    void forgetsAClientThatLeaves() throws Exception {
        JsonNode run = client.run("a lake");
        subscribe(run);
        sockets.get(0).sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        await().until(() -> sandbox.wiro().openSockets() == 0);
        finish(run);
        assertThat(client.task(run).path("pexit").asText()).isEqualTo("0");
    }

    @Test
    void refusesTheHandshakeUnderAFault() {
        sandbox.faults()
                .add(FaultRule.on("wiro", "socket", new Fault.Status(503, false))
                        .times(1));
        assertThatThrownBy(() -> open(new Frames()))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
        open(new Frames());
        await().until(() -> sandbox.wiro().openSockets() == 1);
    }

    @Test
    void endsAConnectionWhoseMessageIsTooLarge() {
        Frames frames = new Frames();
        open(frames).sendText(" ".repeat((1 << 16) + 1), true);

        await().until(frames.closed::isDone);
        await().until(() -> sandbox.wiro().openSockets() == 0);
        assertThat(sandbox.ledger().violations())
                .extracting(Ledger.Violation::what)
                .containsExactly("a message of more than 65536 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"task_info\",\"tasktoken\":\"never-issued\"}",
                "{\"type\":\"task_info\"}",
                "{\"type\":\"subscribe\",\"tasktoken\":\"x\"}",
                "hello"
            })
    void booksMessagesThatAreNoSubscription(String message) {
        Frames frames = new Frames();
        open(frames).sendText(message, true).join();
        await().until(() -> sandbox.ledger().violationCount() == 1);
        assertThat(sandbox.ledger().violations())
                .extracting(Ledger.Violation::route)
                .containsExactly("socket");
        assertThat(frames.closed).isNotDone();
    }
}
