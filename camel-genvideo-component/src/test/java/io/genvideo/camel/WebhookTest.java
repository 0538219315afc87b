/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxConfig.Rendering;
import io.genvideo.sandbox.skillsvideo.WebhookSigner;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.test.AvailablePortFinder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service sends, over real sockets: only what it has signed counts, and only as a reason to poll. */
class WebhookTest {
    private static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    /** Without a webhook the task is polled only after the test is over. */
    private static final String PATIENT = "model=google/veo-3.1&updates=poll&pollInterval=10m";

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final GenvideoComponent component = new GenvideoComponent(camel);
    private final Queue<GenerationTask> routed = new ConcurrentLinkedQueue<>();
    private final int port = AvailablePortFinder.getNextAvailable();
    private final URI hook = URI.create("http://127.0.0.1:" + port + "/hook");
    private final HttpClient http = HttpClient.newHttpClient();
    private Sandbox sandbox;
    private ProducerTemplate template;
    private volatile boolean failing;

    @BeforeEach
    void start() throws Exception {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ofMillis(500))
                .rendering(Rendering.SAMPLE)
                .build());
        GenvideoAccount account = new GenvideoAccount();
        account.setApiKey("sk_test");
        account.setBaseUrl(sandbox.skillsvideoUri().toString());
        component.getAccounts().put("skillsvideo", account);
        component.setWebhookVerifyToken(SECRET);
        camel.addComponent("genvideo", component);
        camel.addRoutes(route("tasks", "&delay=600000"));
        camel.start();
        template = camel.createProducerTemplate();
    }

    private RouteBuilder route(String operation, String options) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                restConfiguration().component("undertow").host("127.0.0.1").port(port);
                from("webhook:genvideo:skillsvideo/" + operation + "?webhookPath=/hook&webhookAutoRegister=false"
                                + options)
                        .process(e -> {
                            if (failing) {
                                throw new IllegalStateException("not now");
                            }
                            routed.add(e.getMessage().getBody(GenerationTask.class));
                        });
            }
        };
    }

    @AfterEach
    void stop() {
        camel.stop();
        sandbox.close();
    }

    private void serviceSends() {
        sandbox.skillsvideo().webhooks().target(hook, SECRET);
    }

    private CompletableFuture<Exchange> generate(String options) {
        return template.asyncSend(
                "genvideo:skillsvideo/text_to_video?" + PATIENT + options,
                e -> e.getMessage().setBody("a lake"));
    }

    private long polls() {
        return sandbox.ledger().requests().getOrDefault("skillsvideo/detail", 0L);
    }

    private int post(String id, long timestamp, String signature, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(hook)
                .header("webhook-id", id)
                .header("webhook-timestamp", String.valueOf(timestamp))
                .header("webhook-signature", signature)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().map()).doesNotContainKey("webhook-signature");
        return answer.statusCode();
    }

    private static String sign(String secret, String id, long timestamp, String body) {
        return new WebhookSigner(secret).sign(id, timestamp, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aSignedRequestResumesTheWaitingExchange() throws Exception {
        serviceSends();
        Exchange done = generate("").get(20, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(GenerationTask.class).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(routed).as("an exchange has it").isEmpty();
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }

    @Test
    void aTaskWithoutAWaitingExchangeIsRoutedOnce() {
        serviceSends();
        sandbox.skillsvideo().webhooks().duplicates(true);
        generate("&waitForResult=false").join();
        await().atMost(Duration.ofSeconds(20)).until(() -> !routed.isEmpty());
        assertThat(routed).singleElement().satisfies(t -> {
            assertThat(t.status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(t.media()).isNotEmpty();
        });
    }

    @Test
    void anOutcomeWhoseRouteFailedIsRoutedAgain() throws Exception {
        camel.getRouteController().stopAllRoutes();
        camel.removeRoute(camel.getRoutes().get(0).getId());
        camel.addRoutes(route("tasks", "&delay=200"));
        failing = true;
        generate("&waitForResult=false").join();
        serviceSends();
        component
                .runtime()
                .engine()
                .hint("skillsvideo", sandbox.ledger().charges().get(0).taskId());
        await().atMost(Duration.ofSeconds(20)).until(() -> component.getOpenTasks() == 0);
        failing = false;
        await().atMost(Duration.ofSeconds(20)).until(() -> !routed.isEmpty());
    }

    @Test
    void forgedAndOutdatedRequestsAreRefusedWithoutEffect() throws Exception {
        generate("&waitForResult=false").join();
        String task = sandbox.ledger().charges().get(0).taskId();
        String body = "{\"type\":\"task.completed\",\"prediction\":{\"id\":\"" + task + "\"}}";
        long now = Instant.now().getEpochSecond();
        String other =
                "whsec_" + java.util.Base64.getEncoder().encodeToString("another".getBytes(StandardCharsets.UTF_8));
        long before = polls();

        assertThat(post("m1", now, "v1,AAAA", body)).isEqualTo(401);
        assertThat(post("m2", now, sign(other, "m2", now, body), body)).isEqualTo(401);
        assertThat(post("m3", now, sign(SECRET, "m3", now, body), body + " ")).isEqualTo(401);
        assertThat(post("m4", now, sign(SECRET, "m5", now, body), body)).isEqualTo(401);
        long stale = now - 301;
        assertThat(post("m6", stale, sign(SECRET, "m6", stale, body), body)).isEqualTo(401);
        long future = now + 400;
        assertThat(post("m7", future, sign(SECRET, "m7", future, body), body)).isEqualTo(401);
        assertThat(polls()).isEqualTo(before);

        assertThat(post("m8", now, sign(SECRET, "m8", now, body), body)).isEqualTo(200);
        await().atMost(Duration.ofSeconds(10)).until(() -> polls() > before);
    }

    @Test
    void aRepeatedRequestHasNoEffect() throws Exception {
        generate("&waitForResult=false").join();
        String task = sandbox.ledger().charges().get(0).taskId();
        String body = "{\"prediction\":{\"id\":\"" + task + "\"}}";
        long now = Instant.now().getEpochSecond();
        String signature = sign(SECRET, "m1", now, body);
        assertThat(post("m1", now, signature, body)).isEqualTo(200);
        await().atMost(Duration.ofSeconds(10)).until(() -> polls() == 1);

        for (int i = 0; i < 5; i++) {
            assertThat(post("m1", now, signature, body)).isEqualTo(200);
        }
        // comes after what the replays would have caused, on the same thread
        assertThat(post("m2", now, sign(SECRET, "m2", now, body), body)).isEqualTo(200);
        await().atMost(Duration.ofSeconds(10)).until(() -> polls() >= 2);
        assertThat(polls()).isEqualTo(2);
    }

    @Test
    void aRequestThatIsTooLargeIsRefused() throws Exception {
        assertThat(post("m1", 1, "v1,AAAA", "x".repeat((1 << 20) + 1))).isEqualTo(413);
    }

    @Test
    void aRequestAboutAnUnknownTaskHasNoEffect() throws Exception {
        String body = "{\"prediction\":{\"id\":\"gen_of_somebody_else\"}}";
        long now = Instant.now().getEpochSecond();
        assertThat(post("m1", now, sign(SECRET, "m1", now, body), body)).isEqualTo(200);
        assertThat(routed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whsec_", "no base64"})
    void aRouteWithoutItsSecretDoesNotStart(String secret) throws Exception {
        camel.getRouteController().stopAllRoutes();
        component.setWebhookVerifyToken(secret);
        assertThatThrownBy(() -> camel.getRouteController().startAllRoutes())
                .hasStackTraceContaining("webhookVerifyToken");
    }
}
