/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import static io.genvideo.sandbox.wiro.WiroClient.IMAGE;
import static io.genvideo.sandbox.wiro.WiroClient.JSON;
import static io.genvideo.sandbox.wiro.WiroClient.id;
import static io.genvideo.sandbox.wiro.WiroClient.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.jcodec.api.FrameGrab;
import org.jcodec.common.io.NIOUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The states and results of Wiro's tasks, and what stops them; files and models. */
class WiroTaskTest {
    private final TestClock clock = new TestClock();
    private Sandbox sandbox;
    private WiroClient client;

    @BeforeEach
    void start() {
        start(SandboxConfig.builder().rendering(SandboxConfig.Rendering.SAMPLE));
    }

    private void start(SandboxConfig.Builder config) {
        sandbox = Sandbox.start(config.clock(clock).timeScale(1).build());
        client = new WiroClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private Ledger.TaskView view(JsonNode run) {
        return sandbox.ledger().tasks().stream()
                .filter(t -> t.taskId().equals(id(run)))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode finished(JsonNode run) throws Exception {
        clock.forward(Duration.ofMinutes(10));
        await().atMost(Duration.ofMinutes(1)).until(() -> view(run).readyAt() != null);
        return client.task(run);
    }

    private List<String> violations() {
        return sandbox.ledger().violations().stream()
                .map(Ledger.Violation::what)
                .toList();
    }

    private JsonNode call(String path, JsonNode run) throws Exception {
        return client.call(path, "{\"taskid\":\"" + id(run) + "\"}");
    }

    private static String message(JsonNode answer) {
        return answer.path("errors").path(0).path("message").asText();
    }

    @Test
    void goesThroughTheStatesOfTheContract() throws Exception {
        JsonNode run = client.run("a quiet lake");
        JsonNode queued = client.task(run);
        assertThat(queued.path("status").asText()).isEqualTo("task_queue");
        assertThat(queued.has("pexit")).isFalse();
        assertThat(queued.path("starttime").asText()).isEqualTo("0");
        assertThat(queued.path("outputs")).isEmpty();
        clock.forward(Duration.ofSeconds(6));
        assertThat(client.task(run).path("status").asText()).isEqualTo("task_start");
        clock.forward(Duration.ofSeconds(40));
        assertThat(client.task(run).path("status").asText()).isEqualTo("task_output");
        JsonNode done = finished(run);
        assertThat(done.path("status").asText()).isEqualTo("task_postprocess_end");
        assertThat(done.path("pexit").asText()).isEqualTo("0");
        JsonNode output = done.path("outputs").path(0);
        assertThat(output.path("contenttype").asText()).isEqualTo("video/mp4");
        assertThat(output.path("name").asText()).isEqualTo("0.mp4");
        byte[] file = client.download(output.path("url").asText()).body();
        assertThat(output.path("size").asText()).isEqualTo(Integer.toString(file.length));
        assertThat(view(run).state()).isEqualTo("SUCCEEDED");
        assertThat(violations()).isEmpty();
    }

    @Test
    void showsNumbersAsTexts() throws Exception {
        JsonNode run = client.run("a lake");
        JsonNode answer = client.call("/Task/Detail", "{\"taskid\":\"" + id(run) + "\"}");
        assertThat(answer.path("total").asText()).isEqualTo("1");
        assertThat(answer.path("total").isTextual()).isTrue();
        JsonNode done = finished(run);
        for (String name : List.of("id", "createtime", "starttime", "elapsedseconds", "totalcost", "size", "pexit")) {
            assertThat(done.path(name).isTextual()).as(name).isTrue();
        }
        assertThat(done.path("totalcost").asText()).isEqualTo("0.500000000000");
        assertThat(done.path("elapsedseconds").asText()).matches("\\d+\\.\\d{4}");
        assertThat(done.path("socketaccesstoken").asText()).isEqualTo(token(run));
        assertThat(done.path("modelslugproject").asText()).isEqualTo("p-video");
        assertThat(done.path("parameters").path("prompt").asText()).isEqualTo("a lake");
    }

    @Test
    void endsAsAVideoThatCanBeDecoded(@TempDir Path dir) throws Exception {
        stop();
        start(SandboxConfig.builder().maxDimension(160).frameRate(4).useFfmpeg(SandboxConfig.Ffmpeg.NEVER));
        JsonNode done = finished(client.run("a quiet lake"));
        byte[] bytes = client.download(done.path("outputs").path(0).path("url").asText())
                .body();
        Path file = Files.write(dir.resolve("video.mp4"), bytes);
        try (var channel = NIOUtils.readableChannel(file.toFile())) {
            FrameGrab grab = FrameGrab.createFrameGrab(channel);
            assertThat(grab.getVideoTrack().getMeta().getTotalDuration()).isEqualTo(5.0);
            assertThat(grab.getNativeFrame()).isNotNull();
        }
    }

    @Test
    void endsAsAsManyDifferentPicturesAsSamples() throws Exception {
        JsonNode run = WiroClient.accepted(client.call(IMAGE, "{\"prompt\":\"a lake\",\"samples\":\"3\"}"));
        JsonNode outputs = finished(run).path("outputs");
        assertThat(outputs).hasSize(3);
        Set<String> contents = new HashSet<>();
        for (JsonNode output : outputs) {
            byte[] bytes = client.download(output.path("url").asText()).body();
            assertThat(ImageIO.read(new ByteArrayInputStream(bytes))).isNotNull();
            contents.add(Ledger.hash(new String(bytes, StandardCharsets.ISO_8859_1)));
        }
        assertThat(contents).hasSize(3);
    }

    @Test
    void answersALanguageModelWithRawContent() throws Exception {
        JsonNode run = WiroClient.accepted(client.call("/Run/google/gemini-3-flash", "{\"prompt\":\"why\"}"));
        JsonNode output = finished(run).path("outputs").path(0);
        assertThat(output.path("contenttype").asText()).isEqualTo("raw");
        assertThat(output.path("content").path("raw").asText()).contains("why");
        assertThat(output.path("content").path("answer")).hasSize(1);
    }

    @Test
    void completesAFailureWithItsExitCode() throws Exception {
        JsonNode done = finished(client.run("[[fail: too dark]] a lake"));
        assertThat(done.path("status").asText()).isEqualTo("task_postprocess_end");
        assertThat(done.path("pexit").asText()).isEqualTo("1");
        assertThat(done.path("totalcost").asText()).isEqualTo("0");
        assertThat(done.path("outputs")).isEmpty();
        assertThat(done.path("debugerror").asText()).isEqualTo("too dark");
    }

    @Test
    void failsBeforeItsExecutionIfADirectiveSays() throws Exception {
        JsonNode run = client.run("[[task-error: Output folder creation failed]] a lake");
        clock.forward(Duration.ofSeconds(6));
        JsonNode done = client.task(run);
        assertThat(done.path("status").asText()).isEqualTo("task_error");
        assertThat(done.path("debugerror").asText()).isEqualTo("Output folder creation failed");
        assertThat(view(run).state()).isEqualTo("FAILED");
    }

    @Test
    void showsAnErrorLineOnTheSocketOnly() throws Exception {
        JsonNode run = client.run("[[error-line: warning]] a lake");
        clock.forward(Duration.ofSeconds(6));
        assertThat(client.task(run).path("status").asText()).isEqualTo("task_start");
        assertThat(finished(run).path("pexit").asText()).isEqualTo("0");
    }

    @Test
    void hasNeitherExitCodeNorCostInOlderAnswers() throws Exception {
        JsonNode succeeded = finished(client.run("[[old-status]] a lake"));
        assertThat(succeeded.path("status").asText()).isEqualTo("task_postprocess_end");
        assertThat(succeeded.has("pexit")).isFalse();
        assertThat(succeeded.has("totalcost")).isFalse();
        assertThat(succeeded.path("outputs")).hasSize(1);
        JsonNode failed = finished(client.run("[[old-status]] [[fail]] a lake"));
        assertThat(failed.has("pexit")).isFalse();
        assertThat(failed.path("outputs")).isEmpty();
    }

    @Test
    void showsParametersAsATextIfADirectiveSays() throws Exception {
        JsonNode parameters =
                client.task(client.run("[[text-parameters]] a lake")).path("parameters");
        assertThat(parameters.isTextual()).isTrue();
        assertThat(JSON.readTree(parameters.asText()).path("duration").asText()).isEqualTo("5");
    }

    @Test
    void showsNoOutputsInTheFirstThreeQueriesIfADirectiveSays() throws Exception {
        JsonNode run = client.run("[[no-url]] a lake");
        for (JsonNode done = finished(run); view(run).polls() <= 3; done = client.task(run)) {
            assertThat(done.path("pexit").asText()).isEqualTo("0");
            assertThat(done.path("outputs")).isEmpty();
        }
        assertThat(client.task(run).path("outputs")).hasSize(1);
    }

    @Test
    void cancelsATaskInTheQueueAndBillsNothing() throws Exception {
        JsonNode run = client.run("[[queued]] a lake");
        clock.forward(Duration.ofDays(1));
        assertThat(client.task(run).path("status").asText()).isEqualTo("task_queue");
        JsonNode answer = call("/Task/Cancel", run);
        assertThat(answer.path("result").asBoolean()).isTrue();
        assertThat(answer.path("tasklist").path(0).path("status").asText()).isEqualTo("task_cancel");
        assertThat(client.task(run).path("canceltime").asText()).isNotEqualTo("0");
        assertThat(view(run).state()).isEqualTo("CANCELED");
        assertThat(sandbox.ledger().balance(Ledger.account("key-one"))).isEqualTo(1_000_000);
        assertThat(message(call("/Task/Cancel", run))).isEqualTo("Task is not in a cancellable state.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"taskid", "tasktoken", "socketaccesstoken"})
    void killsARunningTaskByEachOfItsNames(String name) throws Exception {
        JsonNode run = client.run("a lake");
        clock.forward(Duration.ofSeconds(30));
        assertThat(message(call("/Task/Cancel", run))).isEqualTo("Task is not in a cancellable state.");
        String value = name.equals("taskid") ? id(run) : token(run);
        JsonNode answer = client.multipart("/Task/Kill", Map.of(name, value), "", "", null);
        assertThat(answer.path("tasklist").path(0).path("status").asText()).isEqualTo("task_cancel");
        assertThat(client.task(run).path("status").asText()).isEqualTo("task_cancel");
        assertThat(sandbox.ledger().balance(Ledger.account("key-one"))).isEqualTo(1_000_000);
        assertThat(violations()).isEmpty();
    }

    @Test
    void letsAKillLoseItsRaceIfADirectiveSays() throws Exception {
        JsonNode run = client.run("[[kill-lost]] a lake");
        clock.forward(Duration.ofSeconds(30));
        assertThat(call("/Task/Kill", run).path("result").asBoolean()).isTrue();
        assertThat(finished(run).path("pexit").asText()).isEqualTo("0");
        assertThat(sandbox.ledger().balance(Ledger.account("key-one"))).isEqualTo(999_500);
    }

    @Test
    void refusesAKillIfADirectiveSaysAndAfterTheEnd() throws Exception {
        JsonNode run = client.run("[[kill-refused: busy]] a lake");
        assertThat(message(call("/Task/Kill", run))).isEqualTo("Task could not be killed: busy");
        finished(run);
        assertThat(message(call("/Task/Kill", run))).isEqualTo("Task could not be killed: the task has ended");
    }

    @Test
    void isCanceledByItselfIfADirectiveSays() throws Exception {
        assertThat(finished(client.run("[[canceled]] a lake")).path("status").asText())
                .isEqualTo("task_cancel");
    }

    @Test
    void neverEndsIfADirectiveSays() throws Exception {
        JsonNode run = client.run("[[stuck]] a lake");
        clock.forward(Duration.ofDays(1));
        assertThat(client.task(run).path("status").asText()).isEqualTo("task_output");
        call("/Task/Kill", run);
        assertThat(client.task(run).path("status").asText()).isEqualTo("task_cancel");
    }

    @Test
    void booksQueriesOfTasksThatWereNeverIssuedOrAreOthers() throws Exception {
        JsonNode run = client.run("a lake");
        assertThat(message(client.call("/Task/Detail", "{\"taskid\":\"1\"}"))).isEqualTo("There is no task yet.");
        assertThat(message(client.call("/Task/Detail", "{}"))).isEqualTo("taskid or socketaccesstoken is required");
        client.header("x-api-key", "key-two");
        assertThat(message(call("/Task/Detail", run))).isEqualTo("There is no task yet.");
        assertThat(violations())
                .containsExactly(
                        "a task that was never issued",
                        "no taskid, tasktoken or socketaccesstoken",
                        "a task of another account");
    }

    @Test
    void notesQueriesBelowTheFloorAndAfterTheEnd() throws Exception {
        JsonNode run = client.run("a lake");
        client.task(run);
        clock.forward(Duration.ofSeconds(1));
        client.task(run);
        finished(run);
        client.task(run);
        assertThat(sandbox.ledger().notes())
                .extracting(Ledger.Note::what, Ledger.Note::count)
                .containsExactly(
                        tuple("polled sooner than the service's own clients do", 1L),
                        tuple("polled after the end of the task was shown", 1L));
    }

    @Test
    void listsTheTasksOfAnAccountTheLatestFirst() throws Exception {
        JsonNode first = client.run("one");
        JsonNode second = client.run("two");
        String body = "{\"type\":\"model\",\"sort\":\"id\",\"order\":\"DESC\",\"start\":\"0\",\"limit\":\"1\"}";
        JsonNode answer = client.call("/Task/List", body);
        assertThat(answer.path("total").asText()).isEqualTo("2");
        assertThat(answer.path("tasklist").findValuesAsText("id")).containsExactly(id(second));
        JsonNode rest = client.call("/Task/List", "{\"start\":\"1\",\"limit\":\"20\"}");
        assertThat(rest.path("tasklist").findValuesAsText("id")).containsExactly(id(first));
        client.header("x-api-key", "key-two");
        assertThat(client.call("/Task/List", body).path("tasklist")).isEmpty();
    }

    @Test
    void deletesTheOutputsOfATaskThatHasEnded() throws Exception {
        JsonNode run = client.run("a lake");
        String body = "{\"tasktoken\":\"" + token(run) + "\"}";
        assertThat(client.call("/Task/InputOutputDelete", body).path("result").asBoolean(true))
                .isFalse();
        assertThat(finished(run).path("outputs")).hasSize(1);
        for (int i = 0; i < 2; i++) {
            assertThat(client.call("/Task/InputOutputDelete", body)
                            .path("result")
                            .asBoolean())
                    .isTrue();
        }
        assertThat(client.task(run).path("outputs")).isEmpty();
        assertThat(violations()).hasSize(1);
    }

    @Test
    void takesAFileAndItsUrlAsAnInput() throws Exception {
        byte[] bytes = "any bytes".getBytes(StandardCharsets.UTF_8);
        JsonNode file = client.multipart("/File/Upload", Map.of("folderid", "1"), "file", "a b.png", bytes)
                .path("list")
                .path(0);
        assertThat(file.path("name").asText()).isEqualTo("a b.png");
        assertThat(file.path("size").asText()).isEqualTo("9");
        String url = file.path("url").asText();
        assertThat(client.download(url).body()).isEqualTo(bytes);
        String body = "{\"prompt\":\"a\",\"inputImage\":[\"" + url + "\"]}";
        JsonNode run = WiroClient.accepted(client.call("/Run/google/nano-banana-pro", body));
        assertThat(view(run).inputPaths()).hasSize(1);
        assertThat(violations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a \\\"b\\\".png,a \"b\".png", "a\\\\b.png,a\\b.png", "a\\b.png,a\\b.png"})
    void readsEscapesInAFileName(String sent, String name) throws Exception {
        JsonNode file = client.multipart("/File/Upload", Map.of(), "file", sent, new byte[] {1});
        assertThat(file.path("list").path(0).path("name").asText()).isEqualTo(name);
        assertThat(violations()).isEmpty();
    }

    @Test
    void refusesUploadsThatAreNoDocumentedFile() throws Exception {
        byte[] bytes = "any bytes".getBytes(StandardCharsets.UTF_8);
        assertThat(message(client.multipart("/File/Upload", Map.of(), "other", "a.png", bytes)))
                .isEqualTo("Request files [file] required");
        assertThat(message(client.multipart("/File/Upload", Map.of(), "file", "a.exe", bytes)))
                .isEqualTo("Request parameters are invalid.");
        assertThat(message(client.multipart("/File/Upload", Map.of(), "file", "a.png", new byte[0])))
                .isEqualTo("Request parameters are invalid.");
        assertThat(message(client.call("/File/Upload", "{}"))).isEqualTo("Request parameters are invalid.");
        assertThat(violations()).hasSize(4);
        JsonNode folder = client.call("/File/FolderCreate", "{\"name\":\"inbox\"}");
        assertThat(folder.path("list").path(0).path("name").asText()).isEqualTo("inbox");
    }

    @Test
    void listsAndDescribesModels() throws Exception {
        JsonNode list = client.call(
                "/Tool/List",
                "{\"start\":\"0\",\"limit\":\"2\",\"search\":\"kling\",\"categories\":[\"video\"],\"sort\":\"relevance\","
                        + "\"hideworkflows\":true,\"summary\":true}");
        assertThat(Integer.parseInt(list.path("total").asText())).isGreaterThan(2);
        assertThat(list.path("tool")).hasSize(2);
        assertThat(list.path("tool").path(0).path("cleanslugproject").asText()).contains("kling");
        assertThat(client.call("/Tool/List", "{\"start\":\"0\",\"limit\":\"20\",\"slugowner\":\"pruna\"}")
                        .path("tool")
                        .findValuesAsText("slugowner"))
                .isNotEmpty()
                .containsOnly("pruna");
        JsonNode kling = client.call("/Tool/Detail", "{\"slugowner\":\"klingai\",\"slugproject\":\"kling-v3\"}")
                .path("tool")
                .path(0);
        JsonNode items = kling.path("parameters").path(0).path("items");
        assertThat(items.findValuesAsText("id")).contains("mode", "duration", "inputImage", "prompt");
        for (JsonNode item : items) {
            if (item.path("id").asText().equals("mode")) {
                assertThat(item.path("type").asText()).isEqualTo("select");
                assertThat(item.path("required").asBoolean()).isTrue();
                assertThat(item.path("options").findValuesAsText("value")).containsExactly("std", "pro");
            } else if (item.path("id").asText().equals("duration")) {
                assertThat(item.path("type").asText()).isEqualTo("range");
                assertThat(item.path("min").asInt()).isEqualTo(3);
                assertThat(item.path("max").asInt()).isEqualTo(15);
            }
        }
        assertThat(client.call("/Tool/Explore", "{}").path("explore")).hasSize(3);
        assertThat(message(client.call("/Tool/Detail", "{\"slugowner\":\"a\",\"slugproject\":\"b\"}")))
                .isEqualTo("slug-owner-project-not-exist");
        assertThat(violations()).isEmpty();
        client.call("/Tool/List", "{\"start\":\"-1\",\"limit\":\"20\"}");
        client.call("/Tool/List", "{\"start\":\"0\",\"limit\":\"20\",\"sort\":\"price\"}");
        assertThat(violations()).hasSize(2);
    }
}
