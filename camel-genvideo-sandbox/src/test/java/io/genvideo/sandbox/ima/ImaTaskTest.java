/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImaTaskTest {
    private static final String T2V = "text_to_video";
    private static final String WAN = "wan2.6-t2v";
    private final TestClock clock = new TestClock();
    private Sandbox sandbox;
    private ImaClient client;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .clock(clock)
                .timeScale(1)
                .build());
        client = new ImaClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private Ledger.TaskView view(String id) {
        return sandbox.ledger().tasks().stream()
                .filter(t -> t.taskId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Moves the clock to the end of a task and waits for its rendering. */
    private void finish(String id) {
        clock.forward(Duration.ofMinutes(10));
        await().atMost(Duration.ofMinutes(1)).until(() -> view(id).readyAt() != null);
    }

    private JsonNode medium(String id) throws Exception {
        return client.detail(id).path("data").path("medias").path(0);
    }

    @Test
    void aTaskGoesThroughTheStatesOfTheContract() throws Exception {
        String id = client.created(T2V, WAN, "a quiet lake");
        assertThat(client.detail(id).path("data").path("medias")).isEmpty();
        assertThat(medium(id).path("status").asText()).isEqualTo("pending");
        clock.forward(Duration.ofSeconds(6));
        List<JsonNode> unfinished = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            JsonNode m = medium(id);
            assertThat(m.path("status").asText()).isEqualTo("processing");
            assertThat(m.path("url").isNull()).isTrue();
            unfinished.add(m.path("resource_status"));
        }
        assertThat(unfinished).anyMatch(JsonNode::isNull).anyMatch(n -> n.isInt() && n.asInt() == 0);
        finish(id);
        JsonNode between = medium(id);
        assertThat(between.path("resource_status").asInt()).isEqualTo(1);
        assertThat(between.path("status").asText()).isEqualTo("processing");
        assertThat(between.path("url").isNull()).isTrue();
        JsonNode done = medium(id);
        assertThat(done.path("resource_status").asInt()).isEqualTo(1);
        assertThat(done.path("status").asText()).isEqualTo("success");
        assertThat(done.path("url").asText())
                .startsWith(sandbox.uri() + "/media/out/")
                .endsWith(".mp4");
        assertThat(done.path("cover").asText())
                .isEqualTo(done.path("cover_url").asText())
                .endsWith(".jpg");
        assertThat(done.path("duration_str").asText()).isEqualTo("5s");
        assertThat(done.path("format").asText()).isEqualTo("mp4");
        assertThat(done.path("width").asInt()).isPositive();
        assertThat(sandbox.ledger().violations()).isEmpty();
        assertThat(sandbox.ledger().requests()).containsEntry("ima/create", 1L).containsEntry("ima/detail", 8L);
    }

    @Test
    void passesEachPollOnAlsoOneWhoseResponseIsLost() throws Exception {
        List<Ledger.Poll> polls = new ArrayList<>();
        sandbox.ledger().onPoll(polls::add);
        String id = client.created(T2V, WAN, "a quiet lake");
        client.detail(id);
        finish(id);
        client.detail(id);
        sandbox.faults().add(FaultRule.on("ima", "detail", Fault.loseAnswer()).times(1));
        assertThatThrownBy(() -> client.detail(id)).isInstanceOf(IOException.class);
        client.detail(id);

        assertThat(polls).extracting(Ledger.Poll::taskId).containsOnly(id);
        assertThat(polls).extracting(Ledger.Poll::ended).containsExactly(false, false, false, true);
        assertThat(sandbox.ledger().injected())
                .singleElement()
                .satisfies(fault -> assertThat(fault.subject()).isEqualTo(id));
    }

    @Test
    void aFaultOfADownloadNamesTheMedium() throws Exception {
        String id = client.created(T2V, WAN, "a quiet lake");
        finish(id);
        client.detail(id);
        String path = view(id).mediaPaths().get(0);
        sandbox.faults().add(FaultRule.on("ima", "media", Fault.status(503)).times(1));
        HttpRequest download =
                HttpRequest.newBuilder(sandbox.uri().resolve(path)).build();
        assertThat(HttpClient.newHttpClient()
                        .send(download, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(503);
        assertThat(sandbox.ledger().injected())
                .singleElement()
                .satisfies(fault -> assertThat(fault.subject()).isEqualTo(path));
    }

    @Test
    void itTakesAsLongAsTheServiceAnnounces() throws Exception {
        String id = client.created(T2V, WAN, "a quiet lake");
        Ledger.TaskView task = view(id);
        assertThat(Duration.between(task.createdAt(), task.dueAt()))
                .isBetween(Duration.ofSeconds(288), Duration.ofSeconds(432));
    }

    @Test
    void eachMediumHasItsOwnUrl() throws Exception {
        ObjectNode body = client.body(T2V, WAN, "a quiet lake");
        ((ObjectNode) body.path("parameters").get(0).path("parameters")).put("n", 3);
        String id = client.create(body).path("data").path("id").asText();
        finish(id);
        client.detail(id);
        List<String> urls = client.detail(id).path("data").path("medias").findValuesAsText("url");
        assertThat(urls).hasSize(3).doesNotHaveDuplicates();
        assertThat(view(id).mediaPaths()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "[[fail]],2,failed,Generation failed",
        "[[fail: out of paint]] sky,2,failed,out of paint",
        "sky [[deleted]],3,processing,''",
        "sky [[canceled]],3,processing,''",
        "[[failed-after]],1,failed,''"
    })
    void directivesDecideTheEnd(String prompt, int resource, String status, String error) throws Exception {
        String id = client.created(T2V, WAN, prompt);
        finish(id);
        JsonNode m = medium(id);
        assertThat(m.path("resource_status").asInt()).isEqualTo(resource);
        assertThat(m.path("status").asText()).isEqualTo(status);
        assertThat(m.path("error_msg").asText()).isEqualTo(error);
        assertThat(view(id).state()).isEqualTo(resource == 3 ? "DELETED" : "FAILED");
    }

    @Test
    void failureCanBeSaidInTheStatusOnly() throws Exception {
        String id = client.created(T2V, WAN, "[[failed-status]]");
        finish(id);
        JsonNode m = medium(id);
        assertThat(m.path("resource_status").asInt(0)).isZero();
        assertThat(m.path("status").asText()).isEqualTo("failed");
    }

    @Test
    void aUrlCanComeLateOrOnlyWatermarked() throws Exception {
        String late = client.created(T2V, WAN, "[[no-url]] [[take: 2s]]");
        String marked = client.created(T2V, WAN, "[[watermark-only]]");
        finish(late);
        finish(marked);
        for (int i = 0; i < 3; i++) {
            JsonNode m = medium(late);
            assertThat(m.path("status").asText()).isEqualTo("success");
            assertThat(m.path("url").isNull()).isTrue();
        }
        assertThat(medium(late).path("url").asText()).isNotEmpty();
        JsonNode m = medium(marked);
        assertThat(m.path("url").isNull()).isTrue();
        assertThat(m.path("watermark_url").asText()).isNotEmpty();
    }

    @Test
    void aTaskCanBeStuckAndCanHaveItsOwnTime() throws Exception {
        String stuck = client.created(T2V, WAN, "[[stuck]]");
        String quick = client.created(T2V, WAN, "[[take: 2s]] sky");
        clock.forward(Duration.ofSeconds(2));
        await().atMost(Duration.ofMinutes(1)).until(() -> view(quick).readyAt() != null);
        clock.forward(Duration.ofDays(1));
        assertThat(view(stuck).state()).isEqualTo("PROCESSING");
        assertThat(medium(stuck).path("status").asText()).isEqualTo("processing");
    }

    @ParameterizedTest
    @CsvSource({"[[reject]],400", "[[reject: no cats]],400", "[[insufficient]],4008", "[[subscription]],4014"})
    void directivesRefuseTheCreate(String prompt, int code) throws Exception {
        JsonNode answer = client.create(client.body(T2V, WAN, prompt));
        assertThat(answer.path("code").asInt()).isEqualTo(code);
        assertThat(sandbox.ledger().charges()).isEmpty();
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void anUnknownTaskIsNotFound() throws Exception {
        assertThat(client.detail("task_unknown").path("code").asInt()).isEqualTo(404);
        assertThat(sandbox.ledger().violations())
                .singleElement()
                .satisfies(v -> assertThat(v.what()).contains("never issued"));
        JsonNode created = client.create(client.body(T2V, WAN, "x")).path("data");
        assertThat(client.detail(created.path("biz_id").asText()).path("code").asInt())
                .isEqualTo(404);
        assertThat(sandbox.ledger().violations())
                .last()
                .satisfies(v -> assertThat(v.what()).contains("biz_id"));
        client.header("Authorization", "Bearer ima_stranger");
        assertThat(client.detail(created.path("id").asText()).path("code").asInt())
                .isEqualTo(404);
        assertThat(sandbox.ledger().violations())
                .last()
                .satisfies(v -> assertThat(v.what()).contains("another account"));
    }

    @Test
    void aThousandInstantTasksShareOneRendering() throws Exception {
        try (Sandbox instant = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .build())) {
            ImaClient many = new ImaClient(instant);
            ObjectNode body = many.body(T2V, WAN, "x");
            for (int i = 0; i < 1000; i++) {
                ((ObjectNode) body.path("parameters").get(0).path("parameters")).put("prompt", "number " + i);
                assertThat(many.create(body).path("code").asInt()).isZero();
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> instant.ledger().tasks().stream()
                            .allMatch(t -> t.state().equals("SUCCEEDED")));
            assertThat(instant.ledger().creates()).isEqualTo(1000);
        }
    }
}
