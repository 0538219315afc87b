/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImaCreateTest {
    private static final String T2V = "text_to_video";
    private static final String I2V = "image_to_video";
    private static final String WAN = "wan2.6-t2v";
    private static Sandbox sandbox;
    private ImaClient client;
    private int before;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .gatedModels(Set.of("sora-2-pro"))
                .build());
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void count() {
        client = new ImaClient(sandbox);
        before = sandbox.ledger().violations().size();
    }

    private List<String> newViolations() {
        List<Ledger.Violation> all = sandbox.ledger().violations();
        return all.subList(before, all.size()).stream()
                .map(Ledger.Violation::what)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> everyModelTakesItsDefaults() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (String type : Catalogue.TASK_TYPES) {
            for (JsonNode leaf : ImaClient.leaves(client.list(type).path("data"))) {
                String name = type + " " + leaf.path("id").asText();
                tests.add(DynamicTest.dynamicTest(name, () -> {
                    ObjectNode body = ImaClient.body(type, leaf, "a quiet lake", ImaClient.inputs(type));
                    JsonNode answer = client.create(body);
                    boolean gated = leaf.path("model_id").asText().equals("sora-2-pro");
                    assertThat(answer.path("code").asInt()).isEqualTo(gated ? 4014 : 0);
                    assertThat(newViolations()).isEmpty();
                }));
            }
        }
        assertThat(tests).hasSize(55);
        return tests.stream();
    }

    @Test
    void theAnswerIsThatOfTheContractAndTheChargeIsBooked() throws Exception {
        ObjectNode body = client.body(T2V, WAN, "secret prompt");
        inner(body).put("n", 3);
        int charges = sandbox.ledger().charges().size();
        JsonNode data = client.create(body).path("data");
        assertThat(data.properties().stream().map(e -> e.getKey()))
                .containsExactly("id", "biz_id", "task_type", "medias", "generate_count", "created_at", "timeout_at");
        assertThat(data.path("generate_count").asInt()).isEqualTo(3);
        assertThat(data.path("timeout_at").asLong())
                .isGreaterThan(data.path("created_at").asLong());
        Ledger.Charge charge = sandbox.ledger().charges().get(charges);
        assertThat(charge.points()).isEqualTo(120);
        assertThat(charge.taskId()).isEqualTo(data.path("id").asText());
        assertThat(charge.model()).isEqualTo(WAN);
        assertThat(charge.account()).isEqualTo(Ledger.account("ima_test"));
        assertThat(charge.promptHash()).isEqualTo(Ledger.hash("secret prompt"));
        assertThat(charge.toString()).doesNotContain("secret").doesNotContain("ima_test");
    }

    private static ObjectNode outer(ObjectNode body) {
        return (ObjectNode) body.path("parameters").get(0);
    }

    private static ObjectNode inner(ObjectNode body) {
        return (ObjectNode) outer(body).path("parameters");
    }

    private static ObjectNode cast(ObjectNode body) {
        return (ObjectNode) inner(body).path("cast");
    }

    private static void inputs(ObjectNode body, String... urls) {
        ArrayNode list = ImaClient.JSON.valueToTree(urls);
        body.set("src_img_url", list);
        inner(body).set("input_images", list.deepCopy());
    }

    private static Arguments row(
            String type, String leaf, int code, String text, BiConsumer<ObjectNode, ObjectNode> change) {
        return Arguments.of(type, leaf, code, text, change);
    }

    /** Each row breaks one rule of a body that is right otherwise. */
    static Stream<Arguments> wrongBodies() {
        return Stream.of(
                row(T2V, WAN, 400, "unknown field seed in body", (b, in) -> b.put("seed", 1)),
                row(T2V, WAN, 400, "field enable_multi_model is missing", (b, in) -> b.remove("enable_multi_model")),
                row(T2V, WAN, 400, "enable_multi_model must be false", (b, in) -> b.put("enable_multi_model", true)),
                row(T2V, WAN, 400, "unknown task_type", (b, in) -> b.put("task_type", "text_to_film")),
                row(T2V, WAN, 400, "category", (b, in) -> outer(b).put("category", I2V)),
                row(T2V, WAN, 400, "list of one object", (b, in) -> b.putArray("parameters")),
                row(T2V, WAN, 400, "unknown field foo in parameters[0]", (b, in) -> outer(b).put("foo", 1)),
                row(T2V, WAN, 400, "app must be", (b, in) -> outer(b).put("app", "other")),
                row(T2V, WAN, 400, "platform must be", (b, in) -> outer(b).put("platform", "ios")),
                row(T2V, WAN, 400, "model_version", (b, in) -> outer(b).put("model_version", "wan9")),
                row(T2V, WAN, 400, "model_name", (b, in) -> outer(b).put("model_name", "Wan")),
                row(T2V, WAN, 400, "model_id", (b, in) -> outer(b).put("model_id", "wan")),
                row(T2V, WAN, 400, "prompt is missing", (b, in) -> in.remove("prompt")),
                row(T2V, WAN, 400, "n must be", (b, in) -> in.put("n", "1")),
                row(T2V, WAN, 400, "n must be", (b, in) -> in.put("n", 65)),
                row(T2V, WAN, 400, "n must be", (b, in) -> in.put("n", 0)),
                row(T2V, WAN, 400, "cast is missing", (b, in) -> in.remove("cast")),
                row(T2V, WAN, 400, "unknown field extra in cast", (b, in) -> cast(b).put("extra", 1)),
                row(T2V, WAN, 6006, "is not cast.points", (b, in) -> cast(b).put("points", 25)),
                row(T2V, WAN, 6010, "is not cast.attribute_id", (b, in) -> cast(b).put("attribute_id", 2057)),
                row(T2V, WAN, 6009, "not in options", (b, in) -> in.put("duration", "5")),
                row(T2V, WAN, 6009, "not in options", (b, in) -> in.put("resolution", "1080p")),
                row(T2V, WAN, 400, "not in options", (b, in) -> in.put("aspect_ratio", "21:9")),
                row(T2V, "kling-video-o1", 6009, "not in options", (b, in) -> in.put("duration", 5)),
                row(T2V, WAN, 400, "must be a boolean", (b, in) -> in.put("prompt_extend", "false")),
                row(T2V, WAN, 400, "must be a string", (b, in) -> in.putNull("negative_prompt")),
                row(T2V, WAN, 400, "longer than 800", (b, in) -> in.put("negative_prompt", "x".repeat(801))),
                row(T2V, WAN, 400, "shot_type is missing", (b, in) -> in.remove("shot_type")),
                row(T2V, WAN, 400, "unknown parameter speed", (b, in) -> in.put("speed", 7)),
                row(T2V, "kling-video-o1", 400, "user interface only", (b, in) -> in.put("quality", "720p")),
                row(T2V, "ima-pro", 400, "value of the user interface", (b, in) -> in.put("aspect_ratio", "adaptive")),
                row(T2V, "Pixverse V5", 400, "err_code=400017", (b, in) -> in.remove("model")),
                row(
                        T2V,
                        "MiniMax-Hailuo-2.3",
                        400,
                        "cannot be combined",
                        (b, in) -> in.put("duration", 10).put("resolution", "1080P")),
                row(
                        T2V,
                        "veo-3.1-generate-preview",
                        400,
                        "cannot be combined",
                        (b, in) -> in.put("resolution", "1080p")),
                row(T2V, WAN, 400, "text_to_video with", (b, in) -> inputs(b, ImaClient.PICTURE)),
                row(I2V, "wan2.6-i2v", 400, "1 or more", (b, in) -> inputs(b)),
                row(
                        I2V,
                        "viduq2-pro",
                        400,
                        "exactly 1",
                        (b, in) -> inputs(b, "https://example.com/1", "https://example.com/2")),
                row(
                        "first_last_frame_to_video",
                        "kling-v2-6",
                        400,
                        "exactly 2",
                        (b, in) -> inputs(b, "https://example.com/1")),
                row(
                        "reference_image_to_video",
                        "viduq2",
                        400,
                        "1 to 3",
                        (b, in) -> inputs(
                                b,
                                "https://example.com/1",
                                "https://example.com/2",
                                "https://example.com/3",
                                "https://example.com/4")),
                row("reference_image_to_video", "Pixverse V5", 400, "1 to 3", (b, in) -> inputs(b)),
                row(
                        I2V,
                        "wan2.6-i2v",
                        400,
                        "not the same list",
                        (b, in) -> b.putArray("src_img_url").add("https://example.com/2")),
                row(I2V, "wan2.6-i2v", 400, "must be a list", (b, in) -> b.put("src_img_url", "https://example.com/2")),
                row(I2V, "wan2.6-i2v", 400, "not an http(s) URL", (b, in) -> inputs(b, "/tmp/a.png")),
                row(I2V, "wan2.6-i2v", 400, "never uploaded", (b, in) -> inputs(b, sandbox.uri() + "/media/in/x.png")),
                row(T2V, WAN, 400, "Invalid product attribute", (b, in) -> {
                    outer(b).put("attribute_id", 0);
                    cast(b).put("attribute_id", 0);
                }),
                row(T2V, WAN, 6009, "No rule matches", (b, in) -> in.remove("duration")),
                row(T2V, WAN, 6010, "does not match the calculated rule", (b, in) -> {
                    outer(b).put("attribute_id", 2057);
                    cast(b).put("attribute_id", 2057);
                }),
                row(T2V, WAN, 6006, "differs from the price", (b, in) -> {
                    outer(b).put("credit", 39);
                    cast(b).put("points", 39);
                }));
    }

    @ParameterizedTest(name = "{1}: {3}")
    @MethodSource("wrongBodies")
    void refusesAndBooks(String type, String leaf, int code, String text, BiConsumer<ObjectNode, ObjectNode> change)
            throws Exception {
        ObjectNode body = client.body(type, leaf, "a quiet lake");
        change.accept(body, inner(body));
        int charges = sandbox.ledger().creates();
        JsonNode answer = client.create(body);
        assertThat(answer.path("code").asInt()).isEqualTo(code);
        assertThat(newViolations()).anySatisfy(v -> assertThat(v).contains(text));
        assertThat(sandbox.ledger().creates()).isEqualTo(charges);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"nothing", "{\"a\":1} trailing", "{\"a\":1,\"a\":2}", "[]", "''"})
    void aBodyThatIsNoObjectIsRefused(String body) throws Exception {
        JsonNode answer = ImaClient.JSON.readTree(
                client.post("/open/v1/tasks/create", body).body());
        assertThat(answer.path("code").asInt()).isEqualTo(400);
        assertThat(newViolations()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization,,401",
        "Authorization,ima_test,401",
        "Authorization,Bearer other,401",
        "Content-Type,text/plain,400",
        "x-app-source,,400",
        "x-app-source,someone,400",
        "x_app_language,de,400"
    })
    void headersAreChecked(String name, String value, int code) throws Exception {
        client.header(name, value);
        for (String answer : List.of(
                client.get("/open/v1/product/list?app=ima&platform=web&category=text_to_video")
                        .body(),
                client.post("/open/v1/tasks/create", "{}").body(),
                client.post("/open/v1/tasks/detail", "{}").body())) {
            assertThat(ImaClient.JSON.readTree(answer).path("code").asInt()).isEqualTo(code);
        }
        assertThat(newViolations()).hasSize(3).allSatisfy(v -> assertThat(v).contains(name));
    }

    private List<String> notes() {
        return sandbox.ledger().notes().stream().map(Ledger.Note::what).toList();
    }

    @Test
    void notesAMissingLanguage() throws Exception {
        client.header("x_app_language", null).header("x-app-language", "en");

        assertThat(client.list(T2V).path("code").asInt()).isEqualTo(200);

        assertThat(newViolations()).isEmpty();
        assertThat(notes()).anySatisfy(n -> assertThat(n).contains("no x_app_language"));
    }

    @Test
    void notesAGetWithoutAContentTypeAndRefusesSuchAPost() throws Exception {
        client.header("Content-Type", null);

        assertThat(client.list(T2V).path("code").asInt()).isEqualTo(200);
        assertThat(newViolations()).isEmpty();
        assertThat(notes()).anySatisfy(n -> assertThat(n).contains("no Content-Type"));

        assertThat(client.post("/open/v1/tasks/detail", "{}").body()).contains("400");
        assertThat(newViolations()).singleElement().asString().contains("Content-Type");
    }

    @Test
    void notesASeedForAModelWithoutOne() throws Exception {
        ObjectNode body = client.body(T2V, WAN, "a quiet lake");
        inner(body).put("seed", 7);

        assertThat(client.create(body).path("code").asInt()).isZero();

        assertThat(newViolations()).isEmpty();
        assertThat(notes()).anySatisfy(n -> assertThat(n).contains("parameter seed"));
    }

    @Test
    void chineseLabelsCanBeAskedFor() throws Exception {
        assertThat(client.header("x_app_language", "zh").list(T2V).path("code").asInt())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "app=ima&platform=web,category",
        "app=ima&platform=web&category=nonsense,category",
        "platform=web&category=text_to_video,app",
        "app=ima&category=text_to_video,platform",
        "app=ima&platform=web&category=text_to_video&page=1,page"
    })
    void theListsQueryIsChecked(String query, String what) throws Exception {
        JsonNode answer = ImaClient.JSON.readTree(
                client.get("/open/v1/product/list?" + query).body());
        assertThat(answer.path("code").asInt()).isEqualTo(400);
        assertThat(newViolations()).singleElement().asString().contains(what);
    }

    @Test
    void theListCanBeFiltered() throws Exception {
        JsonNode answer = ImaClient.JSON.readTree(client.get(
                        "/open/v1/product/list?app=ima&platform=web&category=text_to_video&model_ids=ima-pro,sora-2-pro")
                .body());
        assertThat(ImaClient.leaves(answer.path("data")).stream()
                        .map(l -> l.path("model_id").asText()))
                .containsExactly("ima-pro", "sora-2-pro");
    }

    @Test
    void anUnknownRouteAndAWrongMethodAreViolations() throws Exception {
        assertThat(client.get("/open/v1/tasks/list").statusCode()).isEqualTo(404);
        assertThat(client.get("/open/v1/tasks/create").statusCode()).isEqualTo(405);
        assertThat(newViolations()).hasSize(2);
    }

    @Test
    void aStaleListIsRefusedButNoViolation() throws Exception {
        try {
            ObjectNode old = client.body(T2V, WAN, "a quiet lake");
            sandbox.ima().catalogue().setPoints(T2V, WAN, 2058, 41);
            assertThat(client.create(old).path("code").asInt()).isEqualTo(6006);
            sandbox.ima().catalogue().setAttributeId(T2V, WAN, 2058, 9058);
            JsonNode invalid = client.create(old);
            assertThat(invalid.path("code").asInt()).isEqualTo(6010);
            assertThat(invalid.path("message").asText()).isEqualTo("Invalid product attribute");
            assertThat(client.create(client.body(T2V, WAN, "x")).path("code").asInt())
                    .isZero();
            sandbox.ima().catalogue().remove(T2V, WAN);
            assertThat(client.create(old).path("code").asInt()).isEqualTo(400);
            assertThat(newViolations()).isEmpty();
            sandbox.ima().catalogue().moveFirst(T2V, "Pixverse V3.5");
            List<String> ids = sandbox.ima().catalogue().leafIds(T2V);
            assertThat(ids).doesNotContain(WAN);
            assertThat(ids.indexOf("Pixverse V3.5")).isLessThan(ids.indexOf("Pixverse V5.5"));
        } finally {
            sandbox.ima().catalogue().reset();
        }
    }

    @Test
    void pointsRunOut() throws Exception {
        try (Sandbox poor = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .balance(79)
                .matchingHttpStatus(true)
                .imaKeys(Set.of("ima_poor"))
                .build())) {
            ImaClient other = new ImaClient(poor);
            assertThat(other.post("/open/v1/tasks/create", "{}").statusCode()).isEqualTo(401);
            assertThat(poor.ledger().violations()).isEmpty();
            other.header("Authorization", "Bearer ima_poor");
            assertThat(other.create(other.body(T2V, WAN, "x")).path("code").asInt())
                    .isZero();
            assertThat(other.create(other.body(T2V, WAN, "x")).path("code").asInt())
                    .isEqualTo(4008);
            assertThat(poor.ledger().balance(Ledger.account("ima_poor"))).isEqualTo(39);
            assertThat(poor.ledger().creates()).isEqualTo(1);
            assertThat(poor.ledger().violations()).isEmpty();
        }
    }

    @Test
    void assetsAreFoundGood() throws Exception {
        JsonNode good =
                ImaClient.JSON.readTree(client.post("/open/v1/assets/verify", "{\"url\":\"https://example.com/1.png\"}")
                        .body());
        assertThat(good.path("data").path("result").path("status").asText()).isEqualTo("Active");
        JsonNode bad = ImaClient.JSON.readTree(
                client.post("/open/v1/assets/verify", "{}").body());
        assertThat(bad.path("code").asInt()).isEqualTo(400);
    }
}
