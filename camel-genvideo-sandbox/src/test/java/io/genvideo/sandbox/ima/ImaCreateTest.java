/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
