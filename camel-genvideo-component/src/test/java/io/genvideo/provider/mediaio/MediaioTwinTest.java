/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaSource;
import io.genvideo.model.MimeTypes;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.PictureSamples;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against the sandbox, which is written from the contract independently of the provider, and whose ledger records what was
 * charged and which request was outside of the contract.
 */
class MediaioTwinTest extends MediaioTestSupport {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Its task never ends, so that nothing is rendered for it. */
    private static final String STUCK = "[[stuck]] a lake";

    private Sandbox sandbox;
    private GenerationProvider twin;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .taskDuration(Duration.ofMillis(50))
                .build());
        twin = provider(KEY, sandbox.mediaioUri().toString());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private SubmitOutcome submitted(GenerationRequest request) {
        return await(ready(twin, request, uploading(this::store)).submit());
    }

    /** Puts a file into the sandbox's object store, as a route's uploader would. */
    private CompletionStage<URI> store(MediaInput input) {
        MediaSource.Bytes bytes = (MediaSource.Bytes) input.source();
        URI target = sandbox.uri().resolve("/media/objects/" + bytes.name());
        return CLIENT.sendAsync(
                        HttpRequest.newBuilder(target)
                                .header("Content-Type", MimeTypes.ofName(bytes.name()))
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes.content()))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .thenApply(stored -> {
                    assertThat(stored.statusCode()).isEqualTo(200);
                    return target;
                });
    }

    /** A whole picture: the sandbox decodes what it gets. */
    private static MediaInput encoded(String name, int width, int height) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        assertThat(ImageIO.write(picture, MimeTypes.extensionOf(name), file)).isTrue();
        return MediaInput.of(new MediaSource.Bytes(file.toByteArray(), name, null));
    }

    private PollOutcome result(SubmitOutcome outcome) {
        String id = ((SubmitOutcome.Accepted) outcome).taskId();
        AtomicReference<PollOutcome> last = new AtomicReference<>();
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
            last.set(
                    await(twin.poll(new SubmittedTask(null, id, Operation.GENERATE, null, null), CallOptions.DEFAULT)));
            return !(last.get() instanceof PollOutcome.Pending);
        });
        return last.get();
    }

    private void once(Fault fault) {
        sandbox.faults().add(FaultRule.on("mediaio", "create", fault).times(1));
    }

    @Test
    void everyGenerationIsAcceptedWithItsDefaultsAndWithEveryListedValue() {
        int sent = 0;
        for (MediaioModel model : MediaioDefinitionTest.MODELS) {
            assertThat(submitted(request(model).prompt(STUCK).build()))
                    .as(model.id())
                    .isInstanceOf(SubmitOutcome.Accepted.class);
            sent++;
            for (FieldDefinition field : model.fields()) {
                for (String value : field.allowed()) {
                    GenerationRequest request = request(model)
                            .prompt(STUCK)
                            .parameter(field.name(), value)
                            .build();
                    assertThat(submitted(request))
                            .as(model.id() + " " + field.name() + "=" + value)
                            .isInstanceOf(SubmitOutcome.Accepted.class);
                    sent++;
                }
            }
        }

        assertThat(sandbox.ledger().violations()).isEmpty();
        assertThat(sandbox.ledger().notes()).isEmpty();
        assertThat(sandbox.ledger().creates()).isEqualTo(sent).isGreaterThan(150);
    }

    /** What the provider refuses, the service would have refused: nothing is refused without need. */
    @Test
    void whatIsRefusedHereIsRefusedThereToo() throws Exception {
        for (MediaioModel model : MediaioDefinitionTest.MODELS) {
            for (FieldDefinition field : model.fields()) {
                if (!field.allowed().isEmpty()) {
                    bothRefuse(model, field.name(), "7x");
                }
                if (field.maxLength() != null) {
                    bothRefuse(model, field.name(), "é".repeat(field.maxLength() + 1));
                }
            }
            bothRefuse(model, "negative_prompt", "wires");
            bothRefuse(model, "seed", "7");
        }
        MediaioModel hailuo = MediaioDefinitionTest.model("i2v-minimax-v2-3");
        assertThat(refusal(
                        twin,
                        request(hailuo)
                                .parameter("resolution", "1080P")
                                .parameter("duration", "10s")
                                .build()))
                .contains("only with param.duration=6s");
        assertThat(raw(hailuo, Map.of("resolution", "1080P", "duration", "10s")))
                .isEqualTo(490000);
        assertThat(sandbox.ledger().creates()).isZero();
    }

    private void bothRefuse(MediaioModel model, String field, String value) throws Exception {
        GenerationRequest.Builder request = request(model);
        GenerationRequest wrong = field.equals("prompt")
                ? request.prompt(value).build()
                : request.parameter(field, value).build();
        assertThat(refusal(twin, wrong)).as(model.id() + " " + field).isNotEmpty();
        assertThat(raw(model, Map.of(field, value)))
                .as(model.id() + " " + field)
                .isEqualTo(490000);
    }

    /** The code of the service's response to a request that nobody has checked. */
    private int raw(MediaioModel model, Map<String, String> fields) throws IOException, InterruptedException {
        ObjectNode body = Json.NODES.objectNode();
        ObjectNode data = body.putObject("data").put("prompt", PROMPT);
        model.mediaFields().forEach(f -> {
            JsonNode url = Json.NODES.textNode(f.name().equals("video") ? VIDEO : PICTURE);
            data.set(f.name(), f.isArray() ? Json.array(List.of(url)) : url);
        });
        fields.forEach(data::put);
        HttpResponse<byte[]> response = CLIENT.send(
                HttpRequest.newBuilder(URI.create(sandbox.mediaioUri() + model.endpoint()))
                        .header("X-API-KEY", KEY)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        return Json.read(response.body()).orElseThrow().path("code").asInt();
    }

    /** The limits of pictures, at their edges: both judge alike. */
    @ParameterizedTest(name = "{0} {1}x{2}")
    @CsvSource({
        "i2v-wan-v2-6,299,300",
        "i2v-wan-v2-6,300,300",
        "i2v-wan-v2-6,2000,2000",
        "i2v-wan-v2-6,2001,2000",
        "i2v-kling-v2-1,4000,1600",
        "i2v-kling-v2-1,4000,1599",
        "i2v-kling-v2-1,1599,4000",
        "i2v-vidu-q3,150,600",
        "i2v-vidu-q3,150,601",
        "i2v-vidu-q3,149,149",
        "i2v-veo-v3-1,2000,1000",
        "i2v-veo-v3-1,2001,1000",
        "i2v-veo-v3-1,400,1000",
        "i2v-veo-v3-1,399,1000",
        "i2i-banana,1280,640",
        "i2i-banana,1281,1000",
        "i2i-seedream-v4-0,300,1000",
        "i2i-seedream-v4-0,300,1001"
    })
    void picturesAreJudgedAlike(String id, int width, int height) throws Exception {
        MediaioModel model = MediaioDefinitionTest.model(id);
        MediaInput picture = encoded("a.png", width, height);
        GenerationRequest request = request(model).inputs(List.of(picture)).build();
        URI stored = await(store(picture));

        Throwable refusal = catchThrowable(() -> await(twin.plan(request, uploading(this::store))));
        SubmitOutcome there =
                submitted(request(model).inputs(List.of(url(stored))).build());

        if (refusal == null) {
            assertThat(there).isInstanceOf(SubmitOutcome.Accepted.class);
        } else {
            assertThat(refusal).isInstanceOf(InvalidGenerationRequestException.class);
            assertThat(there).isInstanceOf(SubmitOutcome.Refused.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a lake",
                "[[old-status]] a lake",
                "[[upper-case]] a lake",
                "[[result: object]] a lake",
                "[[result: null]] a lake",
                "[[result: empty]] a lake",
                "[[empty-status]] a lake",
                "[[no-url]] a lake"
            })
    void readsTheResultInEveryForm(String prompt) {
        PollOutcome.Succeeded video =
                (PollOutcome.Succeeded) result(submitted(wan().prompt(prompt).build()));
        PollOutcome.Succeeded pictures = (PollOutcome.Succeeded)
                result(submitted(imagen().prompt(prompt).parameter("counts", 2).build()));

        assertThat(video.media()).hasSize(1).allMatch(m -> m.kind() == MediaKind.VIDEO);
        assertThat(pictures.media())
                .hasSize(prompt.contains("object") ? 1 : 2)
                .allMatch(m -> m.kind() == MediaKind.IMAGE);
    }

    @Test
    void onePartThatFailedDoesNotHideTheOthers() {
        PollOutcome.Succeeded done = (PollOutcome.Succeeded) result(submitted(
                imagen().prompt("[[fail-one]] a lake").parameter("counts", 3).build()));

        assertThat(done.media()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "[[fail: no face found]],the generation failed: no face found,false",
        "[[timeout]],the generation took too long for Media.io: generate timeout,true"
    })
    void failedTaskFails(String prompt, String message, boolean retryable) {
        var error = ((PollOutcome.Failed) result(submitted(wan().prompt(prompt).build()))).error();

        assertThat(error.category()).isEqualTo(ErrorCategory.GENERATION_FAILED);
        assertThat(error.message()).startsWith(message);
        assertThat(error.retryable()).isEqualTo(retryable);
        assertThat(error.paid()).isEqualTo(Paid.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "[[reject: no such thing]],INVALID_REQUEST",
        "[[insufficient]],INSUFFICIENT_CREDITS",
        "[[code: 374004]],AUTHENTICATION",
        "[[code: 490000]],INVALID_REQUEST"
    })
    void mapsRefusals(String prompt, ErrorCategory category) {
        SubmitOutcome outcome = submitted(wan().prompt(prompt).build());

        assertThat(((SubmitOutcome.Refused) outcome).error().category()).isEqualTo(category);
        assertThat(sandbox.ledger().creates()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "LOSE,Unknown,1",
        "RESET,Unknown,0",
        "HTML,Unknown,0",
        "HTML_AFTER,Unknown,1",
        "GARBAGE,Unknown,1",
        "TRUNCATE,Unknown,1",
        "EMPTY,Unknown,1",
        "RATE,Deferred,0",
        "REDIRECT,Refused,0",
        "KEY,Refused,0",
        "OTHER,Unknown,0"
    })
    void mapsEveryFault(String name, String verdict, int charged) {
        once(
                switch (name) {
                    case "LOSE" -> Fault.loseAnswer();
                    case "RESET" -> Fault.resetBefore();
                    case "HTML" -> Fault.status(503);
                    case "HTML_AFTER" -> Fault.statusAfterProcessing(502);
                    case "GARBAGE" -> Fault.garbage();
                    case "TRUNCATE" -> Fault.truncate();
                    case "EMPTY" -> Fault.emptyData();
                    case "RATE" -> Fault.rateLimit(Duration.ofSeconds(3));
                    case "REDIRECT" -> Fault.redirect(307);
                    case "KEY" -> Fault.unauthorized();
                    default -> Fault.envelope(500000, "m");
                });

        SubmitOutcome outcome = submitted(wan().prompt("a lake").build());

        assertThat(outcome.getClass().getSimpleName()).isEqualTo(verdict);
        assertThat(sandbox.ledger().creates()).isEqualTo(charged);
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void filesOfTheRouteBecomeAVideo() throws IOException {
        MediaInput motion =
                MediaInput.of(new MediaSource.Bytes(PictureSamples.video(1280, 720, 5, 125), "dance.mp4", null));
        SubmitOutcome outcome = submitted(request(Operation.VIDEO_TO_VIDEO, "Motion Control Kling 2.6")
                .input(motion)
                .input(encoded("a.jpg", 800, 600))
                .build());

        assertThat(outcome).isInstanceOf(SubmitOutcome.Accepted.class);
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void readsTheBalanceAndAnUnknownTask() {
        assertThat(await(twin.credits(CallOptions.DEFAULT)).available()).isPositive();
        PollOutcome unknown = await(
                twin.poll(new SubmittedTask(null, "nobody", Operation.GENERATE, null, null), CallOptions.DEFAULT));
        assertThat(((PollOutcome.Trouble) unknown).kind()).isEqualTo(PollOutcome.Trouble.Kind.UNKNOWN_TASK);
    }
}
