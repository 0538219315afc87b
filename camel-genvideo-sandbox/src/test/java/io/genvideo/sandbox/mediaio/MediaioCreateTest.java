/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import static io.genvideo.sandbox.mediaio.MediaioClient.BANANA;
import static io.genvideo.sandbox.mediaio.MediaioClient.IMAGEN;
import static io.genvideo.sandbox.mediaio.MediaioClient.JSON;
import static io.genvideo.sandbox.mediaio.MediaioClient.PICTURE;
import static io.genvideo.sandbox.mediaio.MediaioClient.WAN_IMAGE;
import static io.genvideo.sandbox.mediaio.MediaioClient.WAN_TEXT;
import static io.genvideo.sandbox.mediaio.MediaioClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Media.io accepts, refuses and books. */
class MediaioCreateTest {
    private final TestClock clock = new TestClock();
    private Sandbox sandbox;
    private MediaioClient client;

    @BeforeEach
    void start() {
        start(SandboxConfig.builder());
    }

    private void start(SandboxConfig.Builder config) {
        sandbox = Sandbox.start(config.rendering(SandboxConfig.Rendering.SAMPLE)
                .clock(clock)
                .timeScale(1)
                .build());
        client = new MediaioClient(sandbox);
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

    private static List<JsonNode> generations() throws IOException {
        try (InputStream in = MediaioCreateTest.class.getResourceAsStream("mediaio_api.json")) {
            List<JsonNode> all = new ArrayList<>();
            JSON.readTree(in).forEach(all::add);
            return all.stream()
                    .filter(operation -> !operation.path("category").asText().equals("Query APIs"))
                    .toList();
        }
    }

    private static String path(JsonNode operation) {
        return URI.create(operation.path("endpoint").asText()).getPath();
    }

    /** The required fields of an operation with valid values. */
    private static ObjectNode required(JsonNode operation) {
        ObjectNode fields = JSON.createObjectNode();
        for (JsonNode field : operation.path("api_body")) {
            String name = field.path("name").asText();
            if (!field.path("required").asBoolean()) {
                continue;
            }
            if (field.path("type").asText().equals("array<string>")) {
                fields.putArray(name).add(PICTURE);
            } else {
                fields.put(name, name.equals("prompt") ? "a lake" : PICTURE);
            }
        }
        return fields;
    }

    static Stream<String> paths() throws IOException {
        return generations().stream().map(MediaioCreateTest::path);
    }

    private static JsonNode operation(String path) throws IOException {
        return generations().stream()
                .filter(o -> path(o).equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void servesTwentyTwoGenerations() throws Exception {
        assertThat(paths()).hasSize(22);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void acceptsEachOperationWithItsDefaultsAndWithEachListedValue(String path) throws Exception {
        JsonNode operation = operation(path);
        MediaioClient.id(client.create(path, required(operation)));
        int creates = 1;
        for (JsonNode field : operation.path("api_body")) {
            for (JsonNode value : field.path("enum")) {
                ObjectNode fields = required(operation);
                fields.set(field.path("name").asText(), value);
                MediaioClient.id(client.create(path, fields));
                creates++;
            }
        }
        assertThat(violations()).isEmpty();
        assertThat(sandbox.ledger().notes()).isEmpty();
        assertThat(sandbox.ledger().creates()).isEqualTo(creates);
        assertThat(sandbox.ledger().charges())
                .allSatisfy(c -> assertThat(c.model())
                        .isEqualTo(operation.path("model_code").asText()));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void refusesAnOperationWithoutOneOfItsRequiredFields(String path) throws Exception {
        JsonNode operation = operation(path);
        List<String> names = new ArrayList<>();
        required(operation).fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            ObjectNode fields = required(operation);
            fields.remove(name);
            JsonNode answer = client.create(path, fields);
            assertThat(answer.path("code").asInt()).isEqualTo(490000);
        }
        assertThat(violations()).hasSameSizeAs(names);
        assertThat(sandbox.ledger().creates()).isZero();
    }

    @Test
    void answersInItsEnvelope() throws Exception {
        HttpResponse<String> response = client.post(WAN_TEXT, "{\"data\":{\"prompt\":\"a lake\"}}");
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = json(response.body());
        assertThat(answer.properties().stream().map(e -> e.getKey()))
                .containsExactly("code", "msg", "data", "trace_id");
        assertThat(answer.path("code").isInt()).isTrue();
        assertThat(answer.path("msg").asText()).isEmpty();
        assertThat(answer.path("data").path("task_id").isTextual()).isTrue();
        assertThat(answer.path("trace_id").asText()).isNotEmpty();
        JsonNode error = client.create(WAN_TEXT, JSON.createObjectNode());
        assertThat(error.path("data").isObject()).isTrue();
        assertThat(error.path("data")).isEmpty();
        assertThat(error.path("msg").asText()).contains("prompt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"duration\":5}|duration must be a text",
                "{\"duration\":\"5\"}|duration=5 is not one of",
                "{\"duration\":\"6s\"}|duration=6s is not one of",
                "{\"generate_audio\":true}|generate_audio must be a text",
                "{\"shot_type\":null}|shot_type must be a text",
                "{\"aspect_ratio\":\"16:9\"}|unknown field aspect_ratio",
                "{\"seed\":\"1\"}|unknown field seed",
                "{\"prompt\":7}|prompt must be a text, not NUMBER",
                "{\"prompt\":\" \"}|prompt is empty",
            })
    void refusesValuesOutsideOfTheDefinition(String fields, String expected) throws Exception {
        ObjectNode all = JSON.createObjectNode().put("prompt", "a lake");
        all.setAll((ObjectNode) json(fields));
        JsonNode answer = client.create(WAN_TEXT, all);
        assertThat(answer.path("code").asInt()).isEqualTo(490000);
        assertThat(answer.path("msg").asText()).startsWith(expected);
        assertThat(violations()).singleElement().asString().contains(expected);
        assertThat(sandbox.ledger().creates()).isZero();
    }

    @Test
    void refusesAPromptThatIsTooLongAndQuotesNothingOfIt() throws Exception {
        MediaioClient.id(client.create(WAN_TEXT, "\uD83D\uDE00".repeat(1500)));
        assertThat(client.create(WAN_TEXT, "x".repeat(1501)).path("code").asInt())
                .isEqualTo(490000);
        assertThat(violations())
                .singleElement()
                .asString()
                .contains("1501 characters, at most 1500")
                .doesNotContain("xxx");
    }

    @Test
    void acceptsAndNotesAValueThatDiffersInCase() throws Exception {
        ObjectNode fields = JSON.createObjectNode().put("prompt", "a lake").put("generate_audio", "true");
        MediaioClient.id(client.create(WAN_TEXT, fields));
        assertThat(violations()).isEmpty();
        assertThat(sandbox.ledger().notes())
                .singleElement()
                .satisfies(n -> assertThat(n.what()).contains("generate_audio", "case"));
    }

    @Test
    void refusesFullHdOfTenSecondsWhereOnlySixAreAllowed() throws Exception {
        ObjectNode fields = JSON.createObjectNode()
                .put("prompt", "a lake")
                .put("image", PICTURE)
                .put("resolution", "1080P")
                .put("duration", "10s");
        String path = "/generation/minimax/i2v-minimax-v2-3";
        assertThat(client.create(path, fields).path("code").asInt()).isEqualTo(490000);
        MediaioClient.id(client.create(path, fields.put("duration", "6s")));
        assertThat(violations()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt\":\"a lake\"}",
                "{\"data\":{\"prompt\":\"a lake\"},\"model\":\"x\"}",
                "{\"data\":[]}",
                "[]",
                "",
                "{\"data\":{\"prompt\":\"a\",\"prompt\":\"b\"}}"
            })
    void refusesABodyThatIsNotWrapped(String body) throws Exception {
        assertThat(json(client.post(WAN_TEXT, body).body()).path("code").asInt())
                .isEqualTo(490000);
        assertThat(violations()).singleElement().asString().contains("{\"data\":{...}}");
    }

    @Test
    void refusesAWrappedBodyWhereNoFieldsAreSent() throws Exception {
        String id = client.created(WAN_TEXT, "a lake");
        for (String path : List.of("/user/credits", "/generation/result/" + id)) {
            for (String body : List.of("{\"data\":{}}", "", "[]")) {
                assertThat(json(client.post(path, body).body()).path("code").asInt())
                        .isEqualTo(490000);
            }
        }
        assertThat(violations()).hasSize(6).allSatisfy(v -> assertThat(v).contains("must be {}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1/a.png",
                "https://localhost/a.png",
                "ftp://example.com/a.png",
                "a.png",
                "https://",
                "data:image/png;base64,AAAA",
                "http://127.0.0.1:9000/a.png"
            })
    void refusesInputsThatTheServiceCannotReach(String url) throws Exception {
        ObjectNode fields = JSON.createObjectNode().put("prompt", "a lake").put("image", url);
        assertThat(client.create(WAN_IMAGE, fields).path("code").asInt()).isEqualTo(490000);
        assertThat(violations()).singleElement().asString().contains("image holds a URL that");
        assertThat(sandbox.ledger().creates()).isZero();
    }

    @Test
    void acceptsPrivateInputsIfItIsSetTo() throws Exception {
        stop();
        start(SandboxConfig.builder().localInputs(true));
        ObjectNode fields = JSON.createObjectNode().put("prompt", "a lake").put("image", "http://127.0.0.1:9000/a.png");
        MediaioClient.id(client.create(WAN_IMAGE, fields));
        assertThat(client.create(WAN_IMAGE, fields.put("image", "file:///a.png"))
                        .path("code")
                        .asInt())
                .isEqualTo(490000);
    }

    @Test
    void takesOneToNineImagesAsAnArray() throws Exception {
        ObjectNode fields = JSON.createObjectNode().put("prompt", "a lake");
        ArrayNode images = fields.putArray("images");
        assertThat(client.create(BANANA, fields).path("code").asInt()).isEqualTo(490000);
        for (int i = 0; i < 9; i++) {
            images.add("https://example.com/" + i + ".png");
        }
        MediaioClient.id(client.create(BANANA, fields));
        images.add(PICTURE);
        assertThat(client.create(BANANA, fields).path("code").asInt()).isEqualTo(490000);
        assertThat(client.create(BANANA, fields.put("images", PICTURE))
                        .path("code")
                        .asInt())
                .isEqualTo(490000);
        assertThat(violations()).hasSize(3).allSatisfy(v -> assertThat(v).contains("array of 1 to 9"));
    }

    @Test
    void chargesTheAccountAndShowsItsCredits() throws Exception {
        stop();
        start(SandboxConfig.builder().balance(34));
        assertThat(client.credits().path("data").path("credits").asLong()).isEqualTo(34);
        client.created(WAN_TEXT, "a lake");
        assertThat(client.credits().path("data").path("credits").asLong()).isEqualTo(4);
        assertThat(client.create(WAN_TEXT, "a lake").path("code").asInt()).isEqualTo(490505);
        client.created(IMAGEN, "a lake");
        assertThat(client.credits().path("data").path("credits").asLong()).isZero();
        assertThat(sandbox.ledger().balance(Ledger.account("key-one"))).isZero();
        assertThat(client.header("X-API-KEY", "key-two")
                        .credits()
                        .path("data")
                        .path("credits")
                        .asLong())
                .isEqualTo(34);
        assertThat(violations()).isEmpty();
    }

    @Test
    void refusesAMissingKeyAndOneThatIsNotConfigured() throws Exception {
        stop();
        start(SandboxConfig.builder().mediaioKeys(Set.of("key-one")));
        client.created(WAN_TEXT, "a lake");
        assertThat(client.header("X-API-KEY", "other")
                        .create(WAN_TEXT, "a lake")
                        .path("code")
                        .asInt())
                .isEqualTo(374004);
        assertThat(violations()).isEmpty();
        client.header("X-API-KEY", null).header("Authorization", "Bearer key-one");
        assertThat(client.credits().path("code").asInt()).isEqualTo(374004);
        assertThat(violations()).singleElement().asString().contains("X-API-KEY is missing");
        assertThat(sandbox.ledger().creates()).isEqualTo(1);
    }

    @Test
    void booksAKeyInTheUrl() throws Exception {
        client.credits();
        client.post("/user/credits?api_key=key-one", "{}");
        assertThat(violations()).singleElement().asString().contains("key in the query");
    }

    @Test
    void refusesABodyThatIsNotDeclaredAsJson() throws Exception {
        client.header("Content-Type", "text/plain");
        assertThat(client.create(WAN_TEXT, "a lake").path("code").asInt()).isEqualTo(490000);
        assertThat(violations()).singleElement().asString().contains("Content-Type");
    }

    @Test
    void refusesAnUnknownOperation() throws Exception {
        HttpResponse<String> answer =
                client.post("/generation/effects/effects-ghibli", "{\"data\":{\"prompt\":\"a lake\"}}");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(json(answer.body()).path("code").asInt()).isNotZero();
        assertThat(violations()).singleElement().asString().contains("no such operation");
    }

    @Test
    void booksACreateThatIsRepeatedAfterItsAnswerWasLost() {
        sandbox.faults()
                .add(FaultRule.on("mediaio", "create", Fault.loseAnswer()).times(1));
        assertThatThrownBy(() -> client.create(WAN_TEXT, "a lake")).isInstanceOf(IOException.class);
        clock.forward(Duration.ofSeconds(30));
        assertThat(sandbox.ledger().creates()).isEqualTo(1);
        try {
            client.created(WAN_TEXT, "a lake");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertThat(sandbox.ledger().creates()).isEqualTo(2);
        assertThat(violations()).singleElement().asString().contains("both are charged");
    }

    @ParameterizedTest
    @CsvSource({
        "[[reject: not this]],490000,not this",
        "[[insufficient]],490505,Insufficient credits",
        "[[code: 374004]],374004,Not authenticated",
        "[[code: 500123]],500123,Service error"
    })
    void answersTheErrorThatADirectiveNames(String prompt, int code, String message) throws Exception {
        JsonNode answer = client.create(WAN_TEXT, prompt + " a lake");
        assertThat(answer.path("code").asInt()).isEqualTo(code);
        assertThat(answer.path("msg").asText()).isEqualTo(message);
        assertThat(sandbox.ledger().creates()).isZero();
        assertThat(violations()).isEmpty();
    }

    @Test
    void injectsFaultsInItsOwnEnvelope() throws Exception {
        sandbox.faults()
                .add(FaultRule.on("mediaio", "create", new Fault.Unauthorized()).times(1));
        assertThat(client.create(WAN_TEXT, "a lake").path("code").asInt()).isEqualTo(374004);
        sandbox.faults()
                .add(FaultRule.on("mediaio", "create", new Fault.Envelope("490505", "", 0))
                        .times(1));
        assertThat(client.create(WAN_TEXT, "a lake").path("code").asInt()).isEqualTo(490505);
        sandbox.faults()
                .add(FaultRule.on("mediaio", "create", new Fault.EmptyData()).times(1));
        JsonNode empty = client.create(WAN_TEXT, "a lake");
        assertThat(empty.path("code").asInt(-1)).isZero();
        assertThat(empty.path("data")).isEmpty();
        assertThat(sandbox.ledger().injected()).hasSize(3);
    }

    @Test
    void givesErrorsTheStatusOfTheirKindIfItIsSetTo() throws Exception {
        stop();
        start(SandboxConfig.builder().matchingHttpStatus(true));
        assertThat(client.post(WAN_TEXT, "{}").statusCode()).isEqualTo(400);
        assertThat(client.header("X-API-KEY", null).post(WAN_TEXT, "{}").statusCode())
                .isEqualTo(401);
    }
}
