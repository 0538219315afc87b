/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.ima.ImaClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    private static final String CREATE = "/open/v1/tasks/create";
    private final TestClock clock = new TestClock();
    private Sandbox sandbox;
    private ImaClient client;
    private String body;

    @BeforeEach
    void start() throws Exception {
        sandbox = start(7);
        client = new ImaClient(sandbox);
        body = client.body("text_to_video", "wan2.6-t2v", "a quiet lake").toString();
    }

    private Sandbox start(long seed) {
        return Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .clock(clock)
                .seed(seed)
                .build());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private void once(Fault fault) {
        sandbox.faults().add(FaultRule.on("ima", "create", fault).times(1));
    }

    private HttpResponse<String> create() throws Exception {
        return client.post(CREATE, body);
    }

    private int code(HttpResponse<String> answer) throws IOException {
        return ImaClient.JSON.readTree(answer.body()).path("code").asInt(-1);
    }

    @Test
    void aLostAnswerIsChargedAndRelated() throws Exception {
        once(Fault.loseAnswer());
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);
        assertThat(sandbox.ledger().charges()).hasSize(1);
        assertThat(sandbox.ledger().injected()).singleElement().satisfies(i -> {
            assertThat(i.kind()).isEqualTo("LOSE_ANSWER");
            assertThat(i.subject()).isEqualTo(sandbox.ledger().charges().get(0).taskId());
        });
        assertThat(code(create())).isZero();
    }

    @Test
    void aResetComesBeforeAnything() throws Exception {
        once(Fault.resetBefore());
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);
        assertThat(sandbox.ledger().charges()).isEmpty();
    }

    @Test
    void aBarePageIsNoEnvelope() throws Exception {
        once(Fault.status(503));
        HttpResponse<String> answer = create();
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).startsWith("<html>");
        assertThat(sandbox.ledger().charges()).isEmpty();
        once(Fault.statusAfterProcessing(504));
        assertThat(create().statusCode()).isEqualTo(504);
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }

    @Test
    void envelopesLimitsAndWrongKeysAreTheServicesOwn() throws Exception {
        once(Fault.envelope(500, "too complex"));
        assertThat(code(create())).isEqualTo(500);
        once(Fault.envelope(503, "busy", 503));
        assertThat(create().statusCode()).isEqualTo(503);
        once(Fault.rateLimit(Duration.ofSeconds(3)));
        HttpResponse<String> limited = create();
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).hasValue("3");
        assertThat(code(limited)).isEqualTo(429);
        once(new Fault.RateLimit(Duration.ofSeconds(1), false));
        assertThat(create().body()).startsWith("<html>");
        once(Fault.unauthorized());
        assertThat(code(create())).isEqualTo(401);
        assertThat(sandbox.ledger().charges()).isEmpty();
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void brokenBodiesHideAPaidTask() throws Exception {
        once(Fault.garbage());
        assertThat(create().body()).doesNotContain("code");
        once(Fault.truncate());
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);
        once(Fault.emptyData());
        JsonNode empty = ImaClient.JSON.readTree(create().body());
        assertThat(empty.path("code").asInt()).isZero();
        assertThat(empty.path("data").has("id")).isFalse();
        assertThat(sandbox.ledger().charges()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void aRedirectPointsAtTheSameUrlOrElsewhere(int status) throws Exception {
        once(Fault.redirect(status));
        HttpResponse<String> same = create();
        assertThat(same.statusCode()).isEqualTo(status);
        assertThat(same.headers().firstValue("Location")).hasValue(sandbox.imaUri() + CREATE);
        once(new Fault.Redirect(status, "/elsewhere"));
        assertThat(create().headers().firstValue("Location")).hasValue("/elsewhere");
        assertThat(sandbox.ledger().charges()).isEmpty();
    }

    @Test
    void anAnswerCanStallOrTrickle() throws Exception {
        once(Fault.stall(Duration.ofMillis(300)));
        long start = System.nanoTime();
        assertThat(code(create())).isZero();
        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofMillis(280).toNanos());
        once(Fault.slowBody(Duration.ofMillis(400)));
        start = System.nanoTime();
        assertThat(code(create())).isZero();
        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofMillis(350).toNanos());
        assertThat(sandbox.ledger().charges()).hasSize(2);
    }

    @Test
    void downIsDownForEveryoneButTheHarness() throws Exception {
        sandbox.faults().down(Duration.ofSeconds(60));
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> client.list("text_to_video")).isInstanceOf(IOException.class);
        assertThat(own("GET", "/sandbox/ledger", "").statusCode()).isEqualTo(200);
        clock.forward(Duration.ofSeconds(61));
        assertThat(code(create())).isZero();
        sandbox.faults().add(FaultRule.on("*", "*", Fault.down()));
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);
        sandbox.faults().clear();
        assertThat(code(create())).isZero();
    }

    @Test
    void aWindowOpensAndCloses() throws Exception {
        sandbox.faults()
                .add(FaultRule.on("ima", "create", Fault.status(502))
                        .startingAfter(Duration.ofSeconds(5))
                        .lasting(Duration.ofSeconds(5)));
        assertThat(create().statusCode()).isEqualTo(200);
        clock.forward(Duration.ofSeconds(5));
        assertThat(create().statusCode()).isEqualTo(502);
        clock.forward(Duration.ofSeconds(5));
        assertThat(create().statusCode()).isEqualTo(200);
        assertThat(sandbox.faults().rules()).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameFaults() throws Exception {
        List<Integer> first = statuses(3);
        assertThat(first).contains(200, 503).isEqualTo(statuses(3)).isNotEqualTo(statuses(4));
    }

    private List<Integer> statuses(long seed) throws Exception {
        try (Sandbox other = start(seed)) {
            other.faults().add(FaultRule.on("ima", "detail", Fault.status(503)).withProbability(0.4));
            ImaClient asking = new ImaClient(other);
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                statuses.add(asking.post("/open/v1/tasks/detail", "{\"task_id\":\"x\"}")
                        .statusCode());
            }
            return statuses;
        }
    }

    private HttpResponse<String> own(String method, String path, String json) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(sandbox.uri() + path))
                                .version(HttpClient.Version.HTTP_1_1)
                                .method(method, BodyPublishers.ofString(json))
                                .build(),
                        BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"LOSE_ANSWER\"}",
                "{\"kind\":\"RESET_BEFORE\",\"probability\":0.5}",
                "{\"kind\":\"STATUS\",\"status\":504,\"processed\":true}",
                "{\"kind\":\"ENVELOPE\",\"code\":500,\"message\":\"m\",\"status\":500}",
                "{\"kind\":\"RATE_LIMIT\",\"delayMs\":2000,\"envelope\":false}",
                "{\"kind\":\"GARBAGE\",\"maxCount\":3}",
                "{\"kind\":\"TRUNCATE\"}",
                "{\"kind\":\"STALL\",\"delayMs\":5}",
                "{\"kind\":\"SLOW_BODY\",\"delayMs\":5}",
                "{\"kind\":\"REDIRECT\",\"status\":308,\"location\":\"/x\"}",
                "{\"kind\":\"DOWN\",\"lastsMs\":1000}",
                "{\"kind\":\"UNAUTHORIZED\",\"startsAfterMs\":10}",
                "{\"kind\":\"ENVELOPE\",\"code\":\"CONTENT_REJECTED\"}",
                "{\"kind\":\"STREAM_DROP\",\"frames\":-1,\"end\":\"RESET\"}",
                "{\"kind\":\"STREAM_SILENCE\",\"frames\":2}",
                "{\"kind\":\"STREAM_SPLIT\",\"pieces\":4,\"delayMs\":5}",
                "{\"kind\":\"STREAM_CRLF\"}",
                "{\"kind\":\"STREAM_HEARTBEAT\",\"delayMs\":500}",
                "{\"kind\":\"STREAM_GARBAGE\",\"frames\":0}",
                "{\"kind\":\"EMPTY_DATA\",\"service\":\"ima\",\"route\":\"create\"}"
            })
    void rulesGoInAndOutAsJson(String json) throws Exception {
        HttpResponse<String> posted = own("POST", "/sandbox/faults", "[" + json + "]");
        assertThat(posted.statusCode()).isEqualTo(200);
        JsonNode given = ImaClient.JSON.readTree(json);
        JsonNode rule = ImaClient.JSON
                .readTree(own("GET", "/sandbox/faults", "").body())
                .get(0);
        given.properties().forEach(e -> assertThat(rule.path(e.getKey())).isEqualTo(e.getValue()));
        assertThat(own("DELETE", "/sandbox/faults", "").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"kind\":\"X\"}",
                "{\"kind\":\"DOWN\",\"foo\":1}",
                "{\"kind\":\"STREAM_DROP\",\"end\":\"x\"}",
                "3"
            })
    void wrongRulesAreRefused(String json) throws Exception {
        assertThat(own("POST", "/sandbox/faults", json).statusCode()).isEqualTo(400);
        assertThat(sandbox.faults().rules()).isEmpty();
    }

    @Test
    void servesTheLedger() throws Exception {
        create();
        client.post(CREATE, "{}");
        JsonNode ledger =
                ImaClient.JSON.readTree(own("GET", "/sandbox/ledger", "").body());
        assertThat(ledger.path("creates").asInt()).isEqualTo(1);
        assertThat(ledger.path("requests").path("ima/create").asInt()).isEqualTo(2);
        assertThat(ledger.path("charges").get(0).path("points").asInt()).isEqualTo(40);
        assertThat(ledger.path("charges").get(0).path("time").asText()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(ledger.path("violations")).isNotEmpty();
        assertThat(ledger.path("tasks")).hasSize(1);
        assertThat(ledger.path("balances").path(Ledger.account("ima_test")).asLong())
                .isEqualTo(999_960);
        assertThat(own("GET", "/nowhere", "").statusCode()).isEqualTo(404);
    }
}
