/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.camel.GenvideoConstants;
import io.genvideo.model.CostLimitExceededException;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Ledger;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the snippets of docs/genvideo.md do, as the text beside them says. Those of one example have the comment {@code <!--
 * example: name -->} and do the same in each language.
 */
class ExamplesTest {
    private static final String PAGE = "docs/genvideo.md";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private SandboxMain context;

    @BeforeEach
    void create() {
        context = new SandboxMain(folder);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    private void start(String part) throws Exception {
        Snippet snippet = Snippet.all()
                .filter(s -> s.page().equals(PAGE) && s.text().contains(part) && s.kind() == Snippet.Kind.YAML_ROUTE)
                .findFirst()
                .orElseThrow();
        context.add(snippet).start();
    }

    static Stream<Snippet> examples() throws IOException {
        return Snippet.all().filter(s -> !s.example().isEmpty());
    }

    @Test
    void everyExampleIsInThreeLanguages() throws IOException {
        Map<String, List<String>> languages = examples()
                .collect(Collectors.groupingBy(
                        Snippet::example, Collectors.mapping(Snippet::language, Collectors.toList())));

        assertThat(languages)
                .hasSizeGreaterThan(9)
                .allSatisfy((name, found) -> assertThat(found).as(name).containsExactly("yaml", "xml", "java"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void doesWhatItsTextSays(Snippet example) throws Exception {
        context.add(example);
        switch (example.example()) {
            case "text to video" -> {
                succeeds("direct:in", "a lake", Map.of(Exchange.FILE_NAME, "lake.txt"));
                assertThat(folder.resolve("videos/lake.mp4")).isNotEmptyFile();
                assertCharged(1);
            }
            case "picture to video" -> {
                Path picture = Files.createDirectories(folder.resolve("inbox")).resolve("photo.png");
                ImageIO.write(new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
                context.start();
                await().atMost(PATIENCE).until(() -> Files.isRegularFile(folder.resolve("outbox/photo.mp4")));
                assertCharged(1);
            }
            case "headers" -> {
                Map<String, Object> affordable = Map.of("model", "wan2.6-t2v", "limit", 1000);
                assertThat(succeeds("direct:in", "a lake", affordable).getHeader(GenvideoConstants.MODEL_USED))
                        .isEqualTo("wan2.6-t2v");
                Exchange refused = context.send("direct:in", "a lake", Map.of("model", "wan2.6-t2v", "limit", 0.5));
                assertThat(refused.getException()).isInstanceOf(CostLimitExceededException.class);
                assertCharged(1);
                assertThat(context.charges().get(0).promptHash()).isEqualTo(Ledger.hash("a lake, seen from the air"));
            }
            case "chain" -> {
                Message done = succeeds("direct:in", "a lake", Map.of());
                assertThat(done.getBody(GenerationTask.class).operation().path())
                        .isEqualTo("image_to_video");
                assertCharged(2);
            }
            case "submit and consume" -> {
                Files.createDirectories(folder.resolve("outbox"));
                Message accepted = succeeds("direct:in", "a lake", Map.of(Exchange.FILE_NAME, "lake.txt"));
                assertThat(accepted.getBody(GenerationTask.class).status().isTerminal())
                        .isFalse();
                await().atMost(PATIENCE).until(() -> Files.isRegularFile(folder.resolve("outbox/lake.mp4")));
                assertCharged(1);
            }
            case "key" -> {
                Map<String, Object> request = Map.of("requestId", "request 7");
                assertThat(succeeds("direct:in", "a lake", request).getHeader(GenvideoConstants.REPLAYED))
                        .isEqualTo(false);
                assertThat(succeeds("direct:in", "a lake", request).getHeader(GenvideoConstants.REPLAYED))
                        .isEqualTo(true);
                assertCharged(1);
            }
            case "progress" -> {
                succeeds("direct:in", "a lake", Map.of());
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(context.completed())
                                .anyMatch(e ->
                                        e.getFromEndpoint().getEndpointUri().equals("direct://progress")));
            }
            case "by id" -> {
                context.start();
                Object id = context.send("genvideo:ima/text_to_video?waitForResult=false", "a lake", Map.of())
                        .getMessage()
                        .getHeader(GenvideoConstants.TASK_ID);
                Exchange status = context.send("direct:status", id, Map.of());
                assertThat(status.getException()).isNull();
                assertThat(status.getMessage().getBody(TaskStatus.class)).isNotNull();
                assertThat(context.send("direct:result", id, Map.of()).getException())
                        .isNull();
                assertThat(folder.resolve("videos").resolve(id + ".mp4")).isNotEmptyFile();
                assertCharged(1);
            }
            case "failure" -> {
                Message done = succeeds("direct:in", "a lake [[fail: too dark]]", Map.of());
                assertThat(done.getBody(String.class)).isNotBlank().doesNotContain("Exception");
            }
            case "credits" -> {
                context.start();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(context.completed())
                                .anyMatch(e -> e.getMessage().getHeader(GenvideoConstants.CREDITS) != null));
            }
            default ->
                throw new AssertionError(example + ": no test says what the example '" + example.example() + "' does");
        }
    }

    private Message succeeds(String endpoint, Object body, Map<String, Object> headers) {
        if (context.camel() == null) {
            context.start();
        }
        Exchange done = context.send(endpoint, body, headers);
        assertThat(done.getException()).isNull();
        return done.getMessage();
    }

    private void assertCharged(int times) {
        assertThat(context.charges()).hasSize(times);
        assertThat(context.violations()).isZero();
    }

    @Test
    void consumesLateResults() throws Exception {
        start("download: true\n      steps:\n        - to: file:outbox");
        Files.createDirectories(folder.resolve("outbox"));

        context.send(
                "genvideo:ima/text_to_video?waitForResult=false", "a lake", Map.of(Exchange.FILE_NAME, "lake.txt"));

        await().atMost(PATIENCE)
                .until(() -> Files.isRegularFile(folder.resolve("outbox").resolve("lake.mp4")));
    }

    @Test
    void settlesUncertainTask() throws Exception {
        start("constant: adopt");

        Exchange done = context.send("direct:in", null, Map.of("record", "none", "task", "task_1"));

        assertThat(done.getException()).hasMessageContaining("'none'");
    }

    private HttpResponse<String> post(String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + context.port() + "/videos"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void makesVideosOfRequestsOfRestCalls() throws Exception {
        start("platform-http:/videos");

        HttpResponse<String> done =
                post("{\"prompt\":\"a lake\",\"model\":\"wan2.6-t2v\",\"options\":{\"duration\":10}}");

        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(new ObjectMapper()
                        .readValue(done.body(), GenerationTask.class)
                        .status())
                .isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(context.charges()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'promt':'a lake'}|Unrecognized field \"promt\"",
                "{'prompt':'a lake','options':{'duration':'long'}}|[\"duration\"]",
                "{'prompt':'a lake','options':{'duration':7}}|duration=7 is not allowed",
                "{'prompt':'a lake','operation':'image_to_video'}|image_to_video",
                "{'prompt':'a lake','maxCredits':0.5}|above the limit of 0.5",
                "{'prompt':'a lake','inputs':[{'role':'hero','url':'https://a.example'}]}|there is no role 'hero'",
                "{'model':'wan2.6-t2v'}|prompt is missing",
                "{'prompt':|Unexpected end-of-input"
            })
    void respondsToWrongRestCallWith400(String json, String message) throws Exception {
        start("platform-http:/videos");

        HttpResponse<String> refused = post(json.replace('\'', '"'));

        assertThat(refused.body()).contains(message);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(context.charges()).isEmpty();
    }

    @Test
    void receivesWebhooksOfService() throws Exception {
        start("webhook:genvideo:skillsvideo/tasks");
        URI hook = URI.create("http://127.0.0.1:" + context.port() + "/hooks/skillsvideo");
        context.sandbox().skillsvideo().webhooks().target(hook, SandboxMain.WEBHOOK_SECRET);

        // Polled far too late to be what ends the task
        Exchange sent = context.send(
                "genvideo:skillsvideo/text_to_video?model=google/veo-3.1&waitForResult=false&updates=poll&pollInterval=10m",
                "a lake",
                Map.of());

        assertThat(sent.getException()).isNull();
        String taskId = sent.getMessage().getHeader(GenvideoConstants.TASK_ID, String.class);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(context.completed())
                        .filteredOn(e -> e.getFromEndpoint().getEndpointUri().equals("genvideo://skillsvideo/tasks"))
                        .extracting(e ->
                                e.getMessage().getBody(GenerationTask.class).handle())
                        .containsExactly(taskId));
    }
}
