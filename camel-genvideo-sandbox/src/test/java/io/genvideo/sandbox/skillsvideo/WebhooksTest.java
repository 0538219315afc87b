/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.KLING;
import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhooksTest {
    private record Received(String id, long timestamp, String signature, byte[] body) {
        private String type() {
            return json(new String(body, StandardCharsets.UTF_8)).path("type").asText();
        }
    }

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final TestClock clock = new TestClock();
    private HttpServer receiver;
    private volatile int answer = 204;
    private Sandbox sandbox;
    private SkillsvideoClient client;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(threads);
        receiver.createContext("/hook", this::receive);
        receiver.start();
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .clock(clock)
                .webhookUrl(
                        URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook"))
                .build());
        client = new SkillsvideoClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
        receiver.stop(0);
        threads.shutdownNow();
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        received.add(new Received(
                exchange.getRequestHeaders().getFirst("webhook-id"),
                Long.parseLong(exchange.getRequestHeaders().getFirst("webhook-timestamp")),
                exchange.getRequestHeaders().getFirst("webhook-signature"),
                body));
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    private List<String> types() {
        return received.stream().map(Received::type).toList();
    }

    private void awaitCount(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> received.size() >= count);
    }

    @Test
    void theSignatureIsThatOfTheContract() {
        WebhookSigner signer = new WebhookSigner(SandboxConfig.DEFAULT_WEBHOOK_SECRET);
        byte[] body = "{\"type\":\"task.completed\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(signer.sign("msg_1", 1_734_513_807, body))
                .isEqualTo("v1,/uFjLXQqiYMQjMa9diUODt8ALGcoW+n80XiJl5RkHaQ=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whsec_", "secret", "whsec_!!"})
    void aWrongSecretIsRefused(String secret) {
        assertThatThrownBy(() -> new WebhookSigner(secret)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SandboxConfig.builder().webhookSecret(secret).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "x,task.completed,succeeded,COMPLETED",
        "[[fail]],task.failed,failed,FAILED",
        "[[canceled]],task.canceled,canceled,CANCELED"
    })
    void eachStateIsOneSignedEvent(String prompt, String type, String state, String status) throws Exception {
        String id = client.created(KLING, prompt);
        awaitCount(3);
        assertThat(types()).containsExactly("task.created", "task.started", type);
        assertThat(new HashSet<>(received.stream().map(Received::id).toList())).hasSize(3);
        WebhookSigner signer = new WebhookSigner(SandboxConfig.DEFAULT_WEBHOOK_SECRET);
        for (Received r : received) {
            assertThat(r.timestamp()).isEqualTo(clock.instant().getEpochSecond());
            assertThat(r.signature()).isEqualTo(signer.sign(r.id(), r.timestamp(), r.body()));
        }
        JsonNode prediction =
                json(new String(received.get(2).body(), StandardCharsets.UTF_8)).path("prediction");
        assertThat(prediction.path("id").asText()).isEqualTo(id);
        assertThat(prediction.path("state").asText()).isEqualTo(state);
        assertThat(prediction.path("status").asText()).isEqualTo(status);
        assertThat(prediction.path("data")).isEqualTo(client.detail(id).path("data"));
    }

    @Test
    void whatIsNotTakenComesAgain() throws Exception {
        answer = 500;
        client.created(KLING, "[[take: 60m]] x");
        await().until(() -> created() == 1);
        answer = 204;
        clock.forward(Duration.ofSeconds(1));
        awaitCount(2);
        assertThat(received.get(0).id()).isEqualTo(received.get(1).id());
        assertThat(received.get(0).signature()).isNotEqualTo(received.get(1).signature());
        await().until(() -> created() == 2);
        assertThat(sandbox.skillsvideo().webhooks().deliveries())
                .extracting(Webhooks.Delivery::attempt, Webhooks.Delivery::status)
                .containsExactly(tuple(1, 500), tuple(2, 204));
    }

    @Test
    void itGivesUpInTheEnd() throws Exception {
        answer = 404;
        client.created(KLING, "[[take: 60m]] x");
        for (int i = 1; i <= 6; i++) {
            int attempts = i;
            await().until(() -> created() == attempts);
            clock.forward(Duration.ofSeconds(16));
        }
        clock.forward(Duration.ofMinutes(10));
        assertThat(created()).isEqualTo(6);
    }

    private long created() {
        return sandbox.skillsvideo().webhooks().deliveries().stream()
                .filter(d -> d.type().equals("task.created"))
                .count();
    }

    @Test
    void eventsCanComeTwiceMixedUpOrNotAtAll() throws Exception {
        sandbox.skillsvideo().webhooks().duplicates(true);
        client.created(KLING, "x");
        awaitCount(6);
        assertThat(new HashSet<>(received.stream().map(Received::id).toList())).hasSize(3);
        received.clear();
        sandbox.skillsvideo().webhooks().duplicates(false);
        sandbox.skillsvideo().webhooks().unordered(true);
        for (int i = 0; i < 20; i++) {
            client.created(KLING, "x");
        }
        await().until(() ->
                sandbox.ledger().tasks().stream().allMatch(t -> t.state().equals("SUCCEEDED")));
        for (int i = 0; i < 300; i++) {
            clock.forward(Duration.ofMillis(1));
        }
        awaitCount(60);
        assertThat(types()).containsOnly("task.created", "task.started", "task.completed");
        received.clear();
        sandbox.skillsvideo().webhooks().target(null, SandboxConfig.DEFAULT_WEBHOOK_SECRET);
        String id = client.created(KLING, "x");
        await().until(() -> client.detail(id).path("status").asText().equals("COMPLETED"));
        assertThat(received).isEmpty();
    }
}
