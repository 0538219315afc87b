/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import static io.genvideo.sandbox.mediaio.MediaioClient.BANANA;
import static io.genvideo.sandbox.mediaio.MediaioClient.IMAGEN;
import static io.genvideo.sandbox.mediaio.MediaioClient.JSON;
import static io.genvideo.sandbox.mediaio.MediaioClient.WAN_IMAGE;
import static io.genvideo.sandbox.mediaio.MediaioClient.WAN_TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
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

/** The states, results and inputs of Media.io's tasks. */
class MediaioTaskTest {
    private final TestClock clock = new TestClock();
    private Sandbox sandbox;
    private MediaioClient client;

    @BeforeEach
    void start() {
        start(SandboxConfig.builder().rendering(SandboxConfig.Rendering.SAMPLE));
    }

    private void start(SandboxConfig.Builder config) {
        sandbox = Sandbox.start(config.clock(clock).timeScale(1).build());
        client = new MediaioClient(sandbox);
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

    /** Moves the clock to the end of a task, waits for its rendering and returns its result. */
    private JsonNode finished(String id) throws Exception {
        clock.forward(Duration.ofMinutes(10));
        await().atMost(Duration.ofMinutes(1)).until(() -> view(id).readyAt() != null);
        return client.result(id).path("data");
    }

    private List<String> violations() {
        return sandbox.ledger().violations().stream()
                .map(Ledger.Violation::what)
                .toList();
    }

    @Test
    void goesThroughTheStatesOfTheContract() throws Exception {
        String id = client.created(WAN_TEXT, "a quiet lake");
        JsonNode waiting = client.result(id).path("data");
        assertThat(waiting.path("task_id").asText()).isEqualTo(id);
        assertThat(waiting.path("status").asText()).isEqualTo("waiting");
        assertThat(waiting.has("result")).isFalse();
        clock.forward(Duration.ofSeconds(6));
        assertThat(client.result(id).path("data").path("status").asText()).isEqualTo("processing");
        JsonNode done = finished(id);
        assertThat(done.path("status").asText()).isEqualTo("completed");
        assertThat(done.path("reason").asText()).isEqualTo("success");
        assertThat(done.path("result")).hasSize(1);
        JsonNode item = done.path("result").get(0);
        assertThat(item.path("preview").asText())
                .startsWith(sandbox.uri() + "/media/out/")
                .endsWith(".mp4");
        assertThat(item.path("val").asText()).startsWith("aicloudtmp/");
        assertThat(item.path("status").asText()).isEqualTo("completed");
        assertThat(view(id).state()).isEqualTo("SUCCEEDED");
        assertThat(view(id).service()).isEqualTo("mediaio");
        assertThat(sandbox.ledger().requests()).containsEntry("mediaio/detail", 3L);
        assertThat(violations()).isEmpty();
    }

    @Test
    void takesLongerForAVideoThanForAPicture() throws Exception {
        Ledger.TaskView video = view(client.created(WAN_TEXT, "a lake"));
        assertThat(Duration.between(video.createdAt(), video.dueAt()))
                .isBetween(Duration.ofSeconds(120), Duration.ofSeconds(180));
        Ledger.TaskView image = view(client.created(IMAGEN, "a lake"));
        assertThat(Duration.between(image.createdAt(), image.dueAt()))
                .isBetween(Duration.ofSeconds(16), Duration.ofSeconds(24));
    }

    @Test
    void endsAsAVideoThatCanBeDecoded(@TempDir Path dir) throws Exception {
        stop();
        start(SandboxConfig.builder().maxDimension(160).frameRate(4).useFfmpeg(SandboxConfig.Ffmpeg.NEVER));
        JsonNode done = finished(client.created(WAN_TEXT, "a quiet lake"));
        var response =
                client.download(done.path("result").get(0).path("preview").asText());
        assertThat(response.headers().firstValue("Content-Type")).hasValue("video/mp4");
        Path file = Files.write(dir.resolve("video.mp4"), response.body());
        try (var channel = NIOUtils.readableChannel(file.toFile())) {
            FrameGrab grab = FrameGrab.createFrameGrab(channel);
            assertThat(grab.getVideoTrack().getMeta().getTotalDuration()).isEqualTo(5.0);
            assertThat(grab.getNativeFrame().getWidth()).isEqualTo(160);
        }
    }

    @Test
    void endsAsAsManyDifferentPicturesAsCounted() throws Exception {
        ObjectNode fields = JSON.createObjectNode().put("prompt", "a lake").put("counts", "4");
        JsonNode done = finished(MediaioClient.id(client.create(IMAGEN, fields)));
        assertThat(done.path("result")).hasSize(4);
        Set<String> contents = new HashSet<>();
        for (JsonNode item : done.path("result")) {
            byte[] bytes = client.download(item.path("preview").asText()).body();
            assertThat(ImageIO.read(new ByteArrayInputStream(bytes))).isNotNull();
            contents.add(Ledger.hash(new String(bytes, StandardCharsets.ISO_8859_1)));
        }
        assertThat(contents).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({
        "[[fail: too dark]],failed,too dark",
        "[[fail]],failed,generate failed",
        "[[timeout]],timeout,generate timeout",
        "[[canceled]],failed,generate failed",
        "[[fail-one]],failed,generate failed",
        "[[timeout]] [[upper-case]],TIMEOUT,generate timeout"
    })
    void failsAsADirectiveSays(String prompt, String status, String reason) throws Exception {
        String id = client.created(WAN_TEXT, prompt + " a lake");
        JsonNode done = finished(id);
        assertThat(done.path("status").asText()).isEqualTo(status);
        assertThat(done.path("reason").asText()).isEqualTo(reason);
        assertThat(done.has("result")).isFalse();
        assertThat(view(id).state()).isEqualTo("FAILED");
        assertThat(view(id).failure()).isNotEmpty();
    }

    @Test
    void spellsStatesAsTheFieldTableDoes() throws Exception {
        String id = client.created(WAN_TEXT, "[[old-status]] a lake");
        assertThat(client.result(id).path("data").path("status").asText()).isEqualTo("pending");
        JsonNode done = finished(id);
        assertThat(done.path("status").asText()).isEqualTo("succeeded");
        assertThat(done.path("result").get(0).path("status").asText()).isEqualTo("succeeded");
    }

    @Test
    void showsTheResultAsAnObjectIfADirectiveSays() throws Exception {
        JsonNode done = finished(client.created(WAN_TEXT, "[[result: object]] a lake"));
        assertThat(done.path("result").isObject()).isTrue();
        assertThat(done.path("result").path("preview").asText()).endsWith(".mp4");
    }

    @Test
    void showsNoResultInThreeWaysBeforeTheEnd() throws Exception {
        JsonNode absent = client.result(client.created(WAN_TEXT, "a lake")).path("data");
        assertThat(absent.has("result")).isFalse();
        JsonNode none = client.result(client.created(WAN_TEXT, "[[result: null]] a lake"))
                .path("data");
        assertThat(none.path("result").isNull()).isTrue();
        JsonNode empty = client.result(client.created(WAN_TEXT, "[[result: empty]] a lake"))
                .path("data");
        assertThat(empty.path("result").isArray()).isTrue();
        assertThat(empty.path("result")).isEmpty();
    }

    @Test
    void showsNoUrlInTheFirstThreePollsIfADirectiveSays() throws Exception {
        String id = client.created(WAN_TEXT, "[[no-url]] a lake");
        for (JsonNode done = finished(id);
                view(id).polls() <= 3;
                done = client.result(id).path("data")) {
            assertThat(done.path("status").asText()).isEqualTo("completed");
            assertThat(done.path("result").get(0).path("preview").asText()).isEmpty();
        }
        assertThat(client.result(id)
                        .path("data")
                        .path("result")
                        .get(0)
                        .path("preview")
                        .asText())
                .isNotEmpty();
    }

    @Test
    void failsOneOfSeveralResults() throws Exception {
        ObjectNode fields =
                JSON.createObjectNode().put("prompt", "[[fail-one]] a lake").put("counts", "2");
        JsonNode items =
                finished(MediaioClient.id(client.create(IMAGEN, fields))).path("result");
        assertThat(items.get(0).path("status").asText()).isEqualTo("completed");
        assertThat(items.get(0).path("preview").asText()).isNotEmpty();
        assertThat(items.get(1).path("status").asText()).isEqualTo("failed");
        assertThat(items.get(1).path("preview").asText()).isEmpty();
    }

    @Test
    void neverEndsIfADirectiveSays() throws Exception {
        String id = client.created(WAN_TEXT, "[[stuck]] a lake");
        clock.forward(Duration.ofDays(1));
        assertThat(client.result(id).path("data").path("status").asText()).isEqualTo("processing");
    }

    @Test
    void showsAnEmptyStatusBeforeTheEndIfADirectiveSays() throws Exception {
        String id = client.created(WAN_TEXT, "[[empty-status]] a lake");
        assertThat(client.result(id).path("data").path("status").asText()).isEmpty();
        assertThat(finished(id).path("status").asText()).isEqualTo("completed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-task", "{task_id}", ""})
    void booksPollsOfIdsThatWereNeverIssued(String id) throws Exception {
        String encoded = id.replace("{", "%7B").replace("}", "%7D");
        assertThat(client.result(encoded).path("code").asInt()).isEqualTo(490000);
        assertThat(violations()).singleElement().asString().contains("never issued");
    }

    @Test
    void booksPollsOfAnotherAccountsTask() throws Exception {
        String id = client.created(WAN_TEXT, "a lake");
        assertThat(client.header("X-API-KEY", "key-two").result(id).path("code").asInt())
                .isEqualTo(490000);
        assertThat(violations()).singleElement().asString().contains("another account");
    }

    @Test
    void notesPollsBelowTheFloorAndAfterTheEnd() throws Exception {
        String id = client.created(WAN_TEXT, "a lake");
        client.result(id);
        clock.forward(Duration.ofSeconds(1));
        client.result(id);
        clock.forward(Duration.ofSeconds(3));
        client.result(id);
        finished(id);
        client.result(id);
        assertThat(sandbox.ledger().notes())
                .extracting(Ledger.Note::what, Ledger.Note::count)
                .containsExactly(
                        tuple("polled sooner than the service's own clients do", 1L),
                        tuple("polled after the end of the task was shown", 1L));
        assertThat(violations()).isEmpty();
    }

    @Test
    void forgetsItsTasksWithAReset() throws Exception {
        String id = client.created(WAN_TEXT, "a lake");
        sandbox.reset();
        assertThat(client.result(id).path("code").asInt()).isEqualTo(490000);
        assertThat(sandbox.ledger().tasks()).isEmpty();
    }

    private static byte[] picture(String format, int width, int height) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out);
        return out.toByteArray();
    }

    private JsonNode createWith(String path, byte[] input) throws Exception {
        String url = sandbox.uri() + "/media/objects/inbox/a%20picture";
        assertThat(client.put(url, "image/png", input).statusCode()).isEqualTo(200);
        assertThat(client.download(url).body()).isEqualTo(input);
        ObjectNode fields = JSON.createObjectNode().put("prompt", "a lake");
        if (path.equals(BANANA)) {
            fields.putArray("images").add(url);
        } else {
            fields.put("image", url);
        }
        return client.create(path, fields);
    }

    @Test
    void takesAnObjectThatWasUploadedToTheSandbox() throws Exception {
        String id = MediaioClient.id(createWith(WAN_IMAGE, picture("png", 640, 480)));
        assertThat(finished(id).path("status").asText()).isEqualTo("completed");
        assertThat(view(id).inputPaths()).containsExactly("/media/objects/inbox/a%20picture");
        assertThat(sandbox.ledger().requests()).containsEntry("mediaio/object-put", 1L);
        assertThat(violations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        WAN_IMAGE + ",png,200,400,has 200x400 pixels",
        WAN_IMAGE + ",png,400,2400,has 400x2400 pixels",
        WAN_IMAGE + ",png,300,1000,has an aspect ratio of 0.30",
        WAN_IMAGE + ",gif,640,480,is GIF",
        BANANA + ",png,1281,1281,has 1281x1281 pixels",
        BANANA + ",bmp,640,480,is BMP"
    })
    void refusesAPictureBeyondTheLimitsOfItsModel(String path, String format, int width, int height, String why)
            throws Exception {
        JsonNode answer = createWith(path, picture(format, width, height));
        assertThat(answer.path("code").asInt()).isEqualTo(490000);
        assertThat(violations()).singleElement().asString().contains(why);
        assertThat(sandbox.ledger().creates()).isZero();
    }

    @Test
    void refusesAnInputThatIsNoPictureAndOneThatDoesNotExist() throws Exception {
        assertThat(createWith(WAN_IMAGE, "<project/>".getBytes(StandardCharsets.UTF_8))
                        .path("code")
                        .asInt())
                .isEqualTo(490000);
        ObjectNode fields = JSON.createObjectNode()
                .put("prompt", "a lake")
                .put("image", sandbox.uri() + "/media/objects/nothing.png");
        assertThat(client.create(WAN_IMAGE, fields).path("code").asInt()).isEqualTo(490000);
        assertThat(violations().get(0)).contains("of an unknown format");
        assertThat(violations().get(1)).contains("does not exist on this server");
    }

    @Test
    void isOnThePageWithItsAddressAndItsRoutes() throws Exception {
        JsonNode summary = MediaioClient.json(new String(
                client.download(sandbox.uri() + "/sandbox/page/summary").body(), StandardCharsets.UTF_8));
        assertThat(summary.path("services").findValuesAsText("title")).contains("Media.io");
        assertThat(summary.path("routes").path("mediaio").toString())
                .contains("create", "detail", "credits", "object-put", "media");
        assertThat(summary.toString()).contains(sandbox.mediaioUri().toString());
    }
}
