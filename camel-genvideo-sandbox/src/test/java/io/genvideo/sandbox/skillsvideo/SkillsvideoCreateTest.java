/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.JSON;
import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.KLING;
import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.SEEDREAM;
import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.json;
import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Multipart;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestMedia;
import java.net.http.HttpResponse;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SkillsvideoCreateTest {
    private static final byte[] PNG = TestMedia.png(2, 2);
    private static final String OPEN = "vidu/q3";
    private static Sandbox sandbox;
    private SkillsvideoClient client;
    private int before;
    private int charges;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .gatedModels(Set.of("luma/ray-2"))
                .build());
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void count() {
        client = new SkillsvideoClient(sandbox);
        before = sandbox.ledger().violations().size();
        charges = sandbox.ledger().creates();
    }

    @AfterEach
    void healthy() {
        sandbox.faults().clear();
    }

    private List<String> newViolations() {
        List<Ledger.Violation> all = sandbox.ledger().violations();
        return all.subList(before, all.size()).stream()
                .map(Ledger.Violation::what)
                .toList();
    }

    private static void assertError(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).isEqualTo(status);
        JsonNode body = json(answer.body());
        assertThat(body.properties().stream().map(e -> e.getKey())).containsExactly("error", "code", "message");
        assertThat(body.path("error").asText()).isEqualTo(code);
        assertThat(body.path("code").asText()).isEqualTo(code);
    }

    @TestFactory
    Stream<DynamicTest> everyModelTakesAPrompt() {
        List<String> models = sandbox.skillsvideo().models();
        assertThat(models).hasSize(61);
        return models.stream()
                .map(model -> DynamicTest.dynamicTest(model, () -> {
                    HttpResponse<String> answer = client.create(model, prompt("a quiet lake"));
                    assertThat(answer.statusCode()).isEqualTo(model.equals("luma/ray-2") ? 403 : 200);
                    assertThat(newViolations()).isEmpty();
                }));
    }

    @Test
    void theAnswerIsThatOfTheContractAndTheChargeIsBooked() throws Exception {
        String body = "{\"prompt\":\"secret prompt\",\"duration\":8,\"n\":2}";
        JsonNode answer = json(client.create(KLING, body).body());
        assertThat(answer.properties().stream().map(e -> e.getKey())).containsExactly("id", "status", "input", "usage");
        assertThat(answer.path("id").asText()).startsWith("gen_");
        assertThat(answer.path("status").asText()).isEqualTo("IN_QUEUE");
        assertThat(answer.path("input")).isEqualTo(json(body));
        assertThat(answer.path("usage")).isEqualTo(json("{\"total\":40,\"subscription\":40,\"permanent\":0}"));
        Ledger.Charge charge = sandbox.ledger().charges().get(charges);
        assertThat(charge.service()).isEqualTo("skillsvideo");
        assertThat(charge.points()).isEqualTo(40);
        assertThat(charge.taskId()).isEqualTo(answer.path("id").asText());
        assertThat(charge.model()).isEqualTo(KLING);
        assertThat(charge.account()).isEqualTo(Ledger.account("sk_test"));
        assertThat(charge.promptHash()).isEqualTo(Ledger.hash("secret prompt"));
        assertThat(charge.sourceHash()).isEmpty();
        assertThat(charge.toString()).doesNotContain("secret").doesNotContain("sk_test");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "google/veo-3.1|{'prompt':'x','n':5}|n must be 1 to 4",
                "google/veo-3.1|{'prompt':'x','resolution':'4k'}|is not one of",
                "kling-ai/o3/video|{}|neither a prompt",
                SEEDREAM + "|{'prompt':'x','aspect_ratio':'5:4'}|is not one of",
                OPEN + "|{'image_url':'file:///etc/passwd'}|not an http(s) URL"
            })
    void aWrongBodyIsRefusedAndBooked(String model, String body, String what) throws Exception {
        HttpResponse<String> answer = client.create(model, body.replace('\'', '"'));
        assertError(
                answer,
                400,
                model.equals(SEEDREAM) ? "IMAGE_GENERATION_INVALID_INPUT" : "VIDEO_GENERATION_INVALID_INPUT");
        assertThat(newViolations()).anySatisfy(v -> assertThat(v).contains(what));
        assertThat(sandbox.ledger().creates()).isEqualTo(charges);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                OPEN + "|{'image_url':'https://example.com/1.png','anything':{'a':1}}|15",
                OPEN + "|{'prompt':'x','duration':4,'n':3}|30",
                "openai/sora-2-pro|{'prompt':'x'}|10",
                "openai/sora-2-pro|{'prompt':'x','seconds':12,'aspect_ratio':'16:9'}|30",
                "google/veo-3.1|{'prompt':'x','reference_image_urls':['https://example.com/1','https://example.com/2']}|20",
                "kling-ai/o3/video|{'video_url':'https://example.com/1.mp4'}|15",
                SEEDREAM + "|{'prompt':'x','n':3,'resolution':'4K'}|12"
            })
    void theRestIsTakenAndPriced(String model, String body, long credits) throws Exception {
        assertThat(client.create(model, body.replace('\'', '"')).statusCode()).isEqualTo(200);
        assertThat(newViolations()).isEmpty();
        assertThat(sandbox.ledger().charges().get(charges).points()).isEqualTo(credits);
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization,,401,UNAUTHORIZED",
        "Authorization,sk_test,401,UNAUTHORIZED",
        "Content-Type,text/plain,400,VIDEO_GENERATION_INVALID_INPUT",
        "Content-Type,multipart/form-data,400,VIDEO_GENERATION_INVALID_INPUT"
    })
    void headersAreChecked(String name, String value, int status, String code) throws Exception {
        client.header(name, value);
        assertError(client.create(KLING, prompt("x")), status, code);
        assertThat(newViolations()).isNotEmpty();
        if (!name.equals("Content-Type")) {
            for (String path : List.of("/generation/gen_1", "/generations/running", "/credits")) {
                assertError(client.get(path), status, code);
            }
            assertThat(newViolations()).hasSize(4).allSatisfy(v -> assertThat(v).contains(name));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "[[reject]],422,VIDEO_GENERATION_CONTENT_REJECTED",
        "[[insufficient]],402,VIDEO_GENERATION_INSUFFICIENT_CREDITS",
        "[[subscription]],403,FORBIDDEN"
    })
    void directivesRefuse(String prompt, int status, String code) throws Exception {
        assertError(client.create(KLING, prompt(prompt)), status, code);
        assertThat(newViolations()).isEmpty();
        assertThat(sandbox.ledger().creates()).isEqualTo(charges);
    }

    @Test
    void anUnknownModelIsNotFound() throws Exception {
        assertError(client.create("openai/sora-3", prompt("x")), 404, "NOT_FOUND");
        assertError(client.create("kling-ai/v3", prompt("x")), 404, "NOT_FOUND");
        assertThat(newViolations()).isEmpty();
        assertError(client.get("/generation/gen_unknown"), 404, "NOT_FOUND");
        assertThat(newViolations()).singleElement().asString().contains("never issued");
        assertError(client.get("/predictions/gen_1/subscribe"), 404, "NOT_FOUND");
        assertThat(newViolations()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_INPUT,400,VIDEO_GENERATION_INVALID_INPUT",
        "UNSUPPORTED_MODEL,400,VIDEO_GENERATION_UNSUPPORTED_MODEL",
        "INSUFFICIENT_CREDITS,402,VIDEO_GENERATION_INSUFFICIENT_CREDITS",
        "CONTENT_REJECTED,422,VIDEO_GENERATION_CONTENT_REJECTED",
        "RATE_LIMITED,429,VIDEO_GENERATION_RATE_LIMITED",
        "FAILED,502,VIDEO_GENERATION_FAILED",
        "PROVIDER_UNAVAILABLE,503,VIDEO_GENERATION_PROVIDER_UNAVAILABLE",
        "TIMEOUT,504,VIDEO_GENERATION_TIMEOUT",
        "TTS_GENERATION_TIMEOUT,504,TTS_GENERATION_TIMEOUT",
        "403,403,FORBIDDEN",
        "429,429,VIDEO_GENERATION_RATE_LIMITED",
        "500,500,INTERNAL_ERROR",
        "SOMETHING_NEW,500,SOMETHING_NEW"
    })
    void faultsSpeakTheServicesCodes(String code, int status, String full) throws Exception {
        sandbox.faults().add(FaultRule.on("skillsvideo", "create", Fault.envelope(code, "sorry")));
        assertError(client.create(KLING, prompt("x")), status, full);
        if (full.startsWith("VIDEO_")) {
            assertError(client.create(SEEDREAM, prompt("x")), status, full.replace("VIDEO_", "IMAGE_"));
        }
        assertThat(sandbox.ledger().creates()).isEqualTo(charges);
    }

    @Test
    void creditsRunOutTheSubscriptionFirst() throws Exception {
        try (Sandbox poor = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .balance(50)
                .skillsvideoKeys(Set.of("sk_poor"))
                .olderAnswers(true)
                .build())) {
            SkillsvideoClient other = new SkillsvideoClient(poor);
            HttpResponse<String> refused = other.get("/credits");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(json(refused.body()).has("code")).isFalse();
            assertThat(json(refused.body()).path("error").asText()).isEqualTo("UNAUTHORIZED");
            other.header("Authorization", "Bearer sk_poor");
            assertThat(other.get("/credits").body()).isEqualTo("{\"total\":50,\"subscription\":25,\"permanent\":25}");
            JsonNode first = json(other.create(KLING, prompt("x")).body());
            assertThat(first.path("status").asText()).isEqualTo("starting");
            assertThat(first.path("usage")).isEqualTo(json("{\"total\":15,\"subscription\":15,\"permanent\":0}"));
            JsonNode second = json(other.create(KLING, prompt("x")).body());
            assertThat(second.path("usage")).isEqualTo(json("{\"total\":15,\"subscription\":10,\"permanent\":5}"));
            assertThat(other.get("/credits").body()).isEqualTo("{\"total\":20,\"subscription\":0,\"permanent\":20}");
            assertThat(other.create(KLING, prompt("x")).statusCode()).isEqualTo(200);
            assertThat(other.create(KLING, prompt("x")).statusCode()).isEqualTo(402);
            assertThat(poor.ledger().balance(Ledger.account("sk_poor"))).isEqualTo(5);
            assertThat(poor.ledger().violations()).isEmpty();
        }
    }

    @Test
    void filesComeInAMultipartBody() throws Exception {
        Multipart form = new Multipart()
                .text("prompt", "a l\u00e4ke")
                .text("duration", "4")
                .text("generate_audio", "false")
                .text("reference_image_urls", "https://example.com/1.png")
                .file("reference_image_urls", "a.png", "image/png", PNG);
        JsonNode answer = json(client.multipart("google/veo-3.1", form).body());
        JsonNode input = answer.path("input");
        assertThat(input.path("prompt").asText()).isEqualTo("a l\u00e4ke");
        assertThat(input.path("duration")).isEqualTo(JSON.getNodeFactory().numberNode(4));
        assertThat(input.path("generate_audio").isBoolean()).isTrue();
        assertThat(input.path("reference_image_urls").get(0).asText()).isEqualTo("https://example.com/1.png");
        assertThat(input.path("reference_image_urls").get(1).asText())
                .startsWith(sandbox.uri() + "/media/in/skillsvideo/")
                .endsWith(".png");
        assertThat(newViolations()).isEmpty();
        Ledger.Charge charge = sandbox.ledger().charges().get(charges);
        assertThat(charge.points()).isEqualTo(10);
        String file = HexFormat.of().formatHex(Ledger.sha256().digest(PNG), 0, 8);
        assertThat(charge.sourceHash()).isEqualTo(Ledger.hash(Ledger.hash("https://example.com/1.png") + "/" + file));
    }

    @Test
    void filesWorkForModelsWithoutASchemaToo() throws Exception {
        Multipart form = new Multipart().text("duration", "8").file("image_url", "a.jpg", "image/jpeg", PNG);
        JsonNode answer = json(client.multipart(OPEN, form).body());
        assertThat(answer.path("usage").path("total").asInt()).isEqualTo(20);
        assertThat(newViolations()).isEmpty();
    }
}
