/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.camel.GenvideoConstants;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What snippets of docs/genvideo.md do that are more than one endpoint, as the text beside them says. */
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

    @Test
    void makesVideoOfVideoOfPreviousStep() throws Exception {
        start("the same scene by night");

        Exchange done = context.send("direct:in", "a lake", Map.of());

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(GenerationTask.class).operation().path())
                .isEqualTo("image_to_video");
        assertThat(context.charges()).hasSize(2);
        assertThat(context.violations()).isZero();
    }

    @Test
    void consumesLateResults() throws Exception {
        start("uri: genvideo:ima/tasks");
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
