/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import static io.genvideo.sandbox.wiro.WiroClient.IMAGE;
import static io.genvideo.sandbox.wiro.WiroClient.PRUNA;
import static io.genvideo.sandbox.wiro.WiroClient.json;
import static io.genvideo.sandbox.wiro.WiroClient.video;
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
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Wiro's Run accepts, refuses and books. */
class WiroRunTest {
    private final TestClock clock = new TestClock();
    private Sandbox sandbox;
    private WiroClient client;

    @BeforeEach
    void start() {
        start(SandboxConfig.builder());
    }

    private void start(SandboxConfig.Builder config) {
        sandbox = Sandbox.start(config.rendering(SandboxConfig.Rendering.SAMPLE)
                .clock(clock)
                .timeScale(1)
                .build());
        client = new WiroClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private List<String> violations() {
        return sandbox.ledger().violations().stream()
                .map(Ledger.Violation::what)
                .toList();
    }

    private static int code(JsonNode answer) {
        return answer.path("errors").path(0).path("code").asInt(-1);
    }

    private static String message(JsonNode answer) {
        return answer.path("errors").path(0).path("message").asText();
    }

    private static String fixture(String name) throws IOException {
        try (InputStream in = WiroRunTest.class.getResourceAsStream(name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersFlatWithADecimalIdAndATokenOfThirtyCharacters() throws Exception {
        HttpResponse<String> response = client.send(PRUNA, video("a lake"));
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = json(response.body());
        assertThat(answer.properties().stream().map(e -> e.getKey()))
                .containsExactlyInAnyOrder("errors", "taskid", "socketaccesstoken", "result");
        assertThat(answer.path("taskid").isTextual()).isTrue();
        assertThat(answer.path("taskid").asText()).matches("\\d+");
        assertThat(answer.path("socketaccesstoken").asText()).matches("[A-Za-z0-9]{30}");
        assertThat(answer.path("errors")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "flux2_pro,black-forest-labs/flux-2-pro",
        "kling_v3,klingai/kling-v3",
        "nano_banana_pro,google/nano-banana-pro",
        "sora2_pro,openai/sora-2-pro"
    })
    void acceptsTheRequestsOfTheVendorsOwnClient(String fixture, String model) throws Exception {
        WiroClient.accepted(client.call("/Run/" + model, fixture(fixture)));
        assertThat(violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/Run/alibaba/wan%202.6",
                "/Run/Alibaba/WAN%202.6",
                "/Run/alibaba/wan-2-6",
                "/Run/lightricks/%20ltx-2.3"
            })
    void acceptsRawAndCleanSlugsWithoutRegardToCase(String path) throws Exception {
        String body = "{\"prompt\":\"a lake\",\"mode\":\"std\",\"duration\":\"5\",\"resolution\":\"1080P\"}";
        JsonNode answer = client.call(path, path.contains("ltx") ? "{\"prompt\":\"a lake\"}" : body);
        if (path.contains("ltx")) {
            WiroClient.accepted(answer);
            assertThat(sandbox.ledger().charges().get(0).model()).isEqualTo("lightricks/ ltx-2.3");
        } else {
            // the model is found, whatever its own options are
            assertThat(message(answer)).isNotEqualTo("slug-owner-project-not-exist");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/Run/nobody/nothing", "/Run/alibaba/wan+2.6", "/Run/alibaba", "/Run/"})
    void refusesUnknownModels(String path) throws Exception {
        HttpResponse<String> response = client.send(path, "{\"prompt\":\"a lake\"}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(code(json(response.body()))).isEqualTo(1);
        assertThat(message(json(response.body()))).isEqualTo("slug-owner-project-not-exist");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/Run/openai/sora-2|{\"prompt\":\"a\"}|Request parameter [seconds] required",
                "/Run/microsoft/Trellis-2|{}|Request files [inputImage] required",
                "/Run/klingai/kling-v3|{\"mode\":\"std\",\"duration\":\"x\",\"ratio\":\"16:9\",\"sound\":\"on\"}"
                        + "|Request parameter [duration] must be integer or float",
                "/Run/klingai/kling-v3|{\"mode\":\"std\",\"duration\":\"16\",\"ratio\":\"16:9\",\"sound\":\"on\"}"
                        + "|Request parameter [duration] must be between 3 and 15",
                "/Run/klingai/kling-v3|{\"mode\":\"best\",\"duration\":\"5\",\"ratio\":\"16:9\",\"sound\":\"on\"}"
                        + "|Request parameters are invalid.",
                "/Run/google/nano-banana-pro|{\"prompt\":\"a\",\"inputImage\":[\"http://10.0.0.1/a.png\"]}"
                        + "|Request parameters are invalid.",
                "/Run/google/nano-banana-pro|{\"prompt\":\"a\",\"inputImage\":[7]}|Request parameters are invalid.",
                "/Run/google/nano-banana-pro|{\"prompt\":{\"a\":1}}|Request parameters are invalid.",
                "/Run/google/nano-banana-pro|{\"prompt\":\"a\",\"callbackUrl\":\"nowhere\"}"
                        + "|Request parameters are invalid."
            })
    void refusesParametersWithTheMessagesOfTheContract(String path, String body, String expected) throws Exception {
        JsonNode answer = client.call(path, body);
        assertThat(answer.path("result").asBoolean(true)).isFalse();
        assertThat(code(answer)).isZero();
        assertThat(message(answer)).isEqualTo(expected);
        assertThat(violations()).hasSize(1);
        assertThat(sandbox.ledger().creates()).isZero();
    }

    @Test
    void acceptsAndNotesParametersThatTheModelDoesNotHave() throws Exception {
        String body = "{\"prompt\":\"a\",\"inputImageFirstUrl\":\"https://example.com/a.png\",\"strength\":\"2\"}";
        WiroClient.accepted(client.call("/Run/google/nano-banana-pro", body));
        assertThat(violations()).isEmpty();
        assertThat(sandbox.ledger().notes())
                .extracting(Ledger.Note::what)
                .containsExactly("a parameter that the model does not have: strength");
    }

    @Test
    void takesFilesInAMultipartBody() throws Exception {
        byte[] picture = "any bytes".getBytes(StandardCharsets.UTF_8);
        JsonNode run = WiroClient.accepted(client.multipart(
                "/Run/microsoft/Trellis-2", Map.of("inputImageUrl", "", "seed", "1"), "inputImage", "a.png", picture));
        String url = client.task(run).path("parameters").path("inputImage").asText();
        assertThat(client.download(url).body()).isEqualTo(picture);
        assertThat(violations()).isEmpty();
    }

    @Test
    void takesTheUrlOfAFileInAMultipartBody() throws Exception {
        Map<String, String> fields = Map.of("inputImageUrl", WiroClient.PICTURE, "inputImage", "");
        WiroClient.accepted(client.multipart("/Run/microsoft/Trellis-2", fields, "", "", null));
        assertThat(violations()).isEmpty();
    }

    @Test
    void refusesAnEmptyFileAndOneThatDoesNotExist() throws Exception {
        JsonNode empty = client.multipart("/Run/microsoft/Trellis-2", Map.of(), "inputImage", "a.png", new byte[0]);
        assertThat(message(empty)).isEqualTo("Request parameters are invalid.");
        String gone = sandbox.uri() + "/media/in/wiro/gone.png";
        client.call("/Run/microsoft/Trellis-2", "{\"inputImage\":\"" + gone + "\"}");
        assertThat(violations().get(0)).contains("is empty");
        assertThat(violations().get(1)).contains("does not exist on this server");
        assertThat(sandbox.ledger().creates()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data", "text/plain", "application/json"})
    void refusesABodyThatIsNotWhatItIsDeclaredAs(String type) throws Exception {
        client.header("Content-Type", type);
        JsonNode answer = client.call(PRUNA, "'{\"prompt\":\"a\",}'");
        assertThat(code(answer)).isZero();
        assertThat(message(answer)).isEqualTo("Request parameters are invalid.");
        assertThat(violations()).hasSize(1);
    }

    @Test
    void acceptsAndNotesAUrlEncodedBody() throws Exception {
        client.header("Content-Type", "application/x-www-form-urlencoded");
        WiroClient.accepted(client.call(PRUNA, "prompt=a+lake&duration=5&resolution=720p"));
        assertThat(sandbox.ledger().charges().get(0).promptHash()).isEqualTo(Ledger.hash("a lake"));
        assertThat(sandbox.ledger().notes()).hasSize(1);
    }

    @Test
    void limitsTheTasksThatAreOpenByTheBalance() throws Exception {
        stop();
        start(SandboxConfig.builder().balance(20_400));
        JsonNode first = client.run("a lake");
        JsonNode busy = client.call(PRUNA, video("another"));
        assertThat(code(busy)).isEqualTo(96);
        assertThat(message(busy))
                .isEqualTo(
                        "You have reached your concurrent task limit. With your current balance of $19.90, you can run"
                                + " up to 1 tasks at the same time. Add funds to increase your limit.");
        assertThat(client.call("/Task/Cancel", "{\"taskid\":\"" + WiroClient.id(first) + "\"}")
                        .path("result")
                        .asBoolean())
                .isTrue();
        client.run("another");
        assertThat(sandbox.ledger().creates()).isEqualTo(2);
        assertThat(violations()).isEmpty();
    }

    @Test
    void refusesRunsWithoutBalance() throws Exception {
        stop();
        start(SandboxConfig.builder().balance(499));
        JsonNode answer = client.call(PRUNA, video("a lake"));
        assertThat(code(answer)).isEqualTo(97);
        assertThat(message(answer)).isEqualTo("Insufficient balance");
        assertThat(sandbox.ledger().creates()).isZero();
    }

    @Test
    void billsOnlyTasksThatSucceed() throws Exception {
        stop();
        start(SandboxConfig.builder().balance(100_000));
        String account = Ledger.account("key-one");
        client.run("[[fail]] a lake");
        assertThat(sandbox.ledger().balance(account)).isEqualTo(99_500);
        clock.forward(Duration.ofMinutes(10));
        assertThat(sandbox.ledger().tasks()).hasSize(1);
        assertThat(sandbox.ledger().balance(account)).isEqualTo(100_000);
        assertThat(sandbox.ledger().creates()).isEqualTo(1);
    }

    @Test
    void givesNothingBackForATaskThatAResetHasForgotten() throws Exception {
        client.run("[[fail]] [[take: 10s]] a lake");
        sandbox.reset();
        JsonNode next = client.run("[[take: 20s]] another");
        long balance = sandbox.ledger().balance(Ledger.account("key-one"));
        clock.forward(Duration.ofSeconds(20));
        await().until(() -> client.task(next).path("status").asText().equals("task_postprocess_end"));
        assertThat(sandbox.ledger().balance(Ledger.account("key-one"))).isEqualTo(balance);
    }

    @ParameterizedTest
    @CsvSource({
        "[[reject: not this]],0,not this",
        "[[insufficient]],97,Insufficient balance",
        "[[subscription]],98,sign in to run this model",
        "[[code: 42]],42,Service error"
    })
    void answersTheErrorThatADirectiveNames(String prompt, int code, String message) throws Exception {
        HttpResponse<String> response = client.send(PRUNA, video(prompt));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(code(json(response.body()))).isEqualTo(code);
        assertThat(message(json(response.body()))).isEqualTo(message);
        assertThat(sandbox.ledger().creates()).isZero();
    }

    @Test
    void answersThatItIsBusyIfADirectiveSays() throws Exception {
        assertThat(code(client.call(PRUNA, video("[[busy]] a lake")))).isEqualTo(96);
    }

    @Test
    void refusesGatedModels() throws Exception {
        stop();
        start(SandboxConfig.builder().gatedModels(Set.of("pruna/p-video")));
        assertThat(code(client.call(PRUNA, video("a lake")))).isEqualTo(98);
    }

    @Test
    void booksARunThatIsRepeatedAfterItsAnswerWasLost() throws Exception {
        sandbox.faults().add(FaultRule.on("wiro", "create", Fault.loseAnswer()).times(1));
        assertThatThrownBy(() -> client.run("a lake")).isInstanceOf(IOException.class);
        client.run("a lake");
        assertThat(sandbox.ledger().creates()).isEqualTo(2);
        assertThat(violations()).singleElement().asString().contains("both are charged");
    }

    @Test
    void answersUnknownPathsAndFaultsInItsOwnWords() throws Exception {
        HttpResponse<String> unknown = client.send("/Task/Nothing", "{}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(message(json(unknown.body()))).isEqualTo("Error parsing url.");
        sandbox.faults()
                .add(FaultRule.on("wiro", "create", new Fault.Unauthorized()).times(1));
        assertThat(client.send(IMAGE, "{\"prompt\":\"a\"}").statusCode()).isEqualTo(401);
        sandbox.faults()
                .add(FaultRule.on("wiro", "create", new Fault.Envelope("96", "full", 0))
                        .times(1));
        JsonNode full = client.call(IMAGE, "{\"prompt\":\"a\"}");
        assertThat(code(full)).isEqualTo(96);
        assertThat(message(full)).isEqualTo("full");
        sandbox.faults()
                .add(FaultRule.on("wiro", "create", new Fault.EmptyData()).times(1));
        JsonNode empty = client.call(IMAGE, "{\"prompt\":\"a\"}");
        assertThat(empty.path("result").asBoolean()).isTrue();
        assertThat(empty.has("taskid")).isFalse();
    }
}
