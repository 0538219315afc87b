/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.KLING;
import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.SEEDREAM;
import static io.genvideo.sandbox.skillsvideo.SkillsvideoClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Multipart;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.imageio.ImageIO;
import org.jcodec.api.FrameGrab;
import org.jcodec.common.io.NIOUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SkillsvideoTaskTest {
    private final TestClock clock = new TestClock();
    private Sandbox sandbox;
    private SkillsvideoClient client;

    @TempDir
    private Path dir;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .clock(clock)
                .timeScale(1)
                .build());
        client = new SkillsvideoClient(sandbox);
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

    /** Moves the clock to the end of a task and waits for its rendering. */
    private void finish(String id) {
        clock.forward(Duration.ofMinutes(10));
        await().atMost(Duration.ofMinutes(1)).until(() -> view(id).readyAt() != null);
    }

    @Test
    void aTaskGoesThroughTheStatesOfTheContract() throws Exception {
        String id = client.created(KLING, "a quiet lake");
        JsonNode queued = client.detail(id);
        assertThat(queued.properties().stream().map(e -> e.getKey()))
                .containsExactly("id", "status", "input", "data", "usage");
        assertThat(queued.path("status").asText()).isEqualTo("IN_QUEUE");
        assertThat(queued.path("data").isNull()).isTrue();
        clock.forward(Duration.ofSeconds(6));
        assertThat(client.detail(id).path("status").asText()).isEqualTo("IN_PROGRESS");
        finish(id);
        JsonNode done = client.detail(id);
        assertThat(done.path("status").asText()).isEqualTo("COMPLETED");
        JsonNode data = done.path("data");
        assertThat(data.path("type").asText()).isEqualTo("video");
        assertThat(data.path("actual_prompt").asText()).isEqualTo("a quiet lake");
        assertThat(data.path("videos")).hasSize(1);
        JsonNode video = data.path("videos").get(0);
        assertThat(video.path("url").asText())
                .startsWith(sandbox.uri() + "/media/out/")
                .endsWith(".mp4")
                .isEqualTo(data.path("video").path("url").asText());
        assertThat(video.path("content_type").asText()).isEqualTo("video/mp4");
        assertThat(sandbox.ledger().requests()).containsEntry("skillsvideo/detail", 3L);
        assertThat(view(id).state()).isEqualTo("SUCCEEDED");
        assertThat(view(id).polls()).isEqualTo(3);
        client.header("Authorization", "Bearer sk_stranger");
        assertThat(client.get("/generation/" + id).statusCode()).isEqualTo(404);
        assertThat(sandbox.ledger().violations())
                .singleElement()
                .satisfies(v -> assertThat(v.what()).contains("another account"));
    }

    @Test
    void itTakesAMinuteOrTwo() throws Exception {
        Ledger.TaskView video = view(client.created(KLING, "a quiet lake"));
        assertThat(Duration.between(video.createdAt(), video.dueAt()))
                .isBetween(Duration.ofSeconds(96), Duration.ofSeconds(144));
        Ledger.TaskView image = view(client.created(SEEDREAM, "a quiet lake"));
        assertThat(Duration.between(image.createdAt(), image.dueAt()))
                .isBetween(Duration.ofSeconds(16), Duration.ofSeconds(24));
    }

    @Test
    void aStreamFollowsTheClockOfTheSandbox() throws Exception {
        HttpResponse<InputStream> answer = client.open(KLING, SkillsvideoClient.prompt("[[take: 100s]] a lake"));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).contains("IN_QUEUE");
            lines.readLine();
            clock.forward(Duration.ofSeconds(5));
            assertThat(lines.readLine()).contains("IN_PROGRESS");
            lines.readLine();
            assertThat(lines.ready()).isFalse();
            clock.forward(Duration.ofSeconds(95));
            assertThat(lines.readLine()).contains("IN_PROGRESS");
            lines.readLine();
            assertThat(lines.readLine()).contains("COMPLETED");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "[[fail]],FAILED,FAILED",
        "[[failed-status]],FAILED,FAILED",
        "[[canceled]],CANCELED,CANCELED",
        "[[deleted]],CANCELED,CANCELED",
        "[[old-status]] [[fail]],failed,FAILED",
        "[[old-status]] x,succeeded,SUCCEEDED",
        "[[no-terminal]] x,COMPLETED,SUCCEEDED"
    })
    void directivesDecideTheEnd(String prompt, String status, String booked) throws Exception {
        String id = client.created(KLING, prompt);
        finish(id);
        JsonNode task = client.detail(id);
        assertThat(task.path("status").asText()).isEqualTo(status);
        assertThat(task.path("data").isNull()).isEqualTo(!booked.equals("SUCCEEDED"));
        assertThat(task.has("code")).isEqualTo(booked.equals("FAILED"));
        assertThat(view(id).state()).isEqualTo(booked);
    }

    @Test
    void aUrlCanComeLate() throws Exception {
        String id = client.created(KLING, "[[no-url]] x");
        finish(id);
        for (int i = 0; i < 3; i++) {
            assertThat(client.detail(id).path("data").path("videos")).isEmpty();
        }
        assertThat(client.detail(id).path("data").path("videos")).hasSize(1);
    }

    @Test
    void theOpenTasksAreListed() throws Exception {
        String first = client.created(KLING, "[[stuck]] 1");
        String second = client.created(KLING, "[[stuck]] 2");
        finish(client.created(KLING, "[[take: 1s]] x"));
        JsonNode running = json(client.get("/generations/running?limit=100").body());
        assertThat(running).hasSize(2);
        assertThat(running.get(0).properties().stream().map(e -> e.getKey()))
                .containsExactly("id", "status", "usage", "input");
        assertThat(running.get(0).path("id").asText()).isEqualTo(second);
        assertThat(running.get(1).path("id").asText()).isEqualTo(first);
        assertThat(running.get(1).path("status").asText()).isEqualTo("IN_PROGRESS");
        assertThat(json(client.get("/generations/running?workspace=w&limit=1").body()))
                .hasSize(1);
        assertThat(sandbox.ledger().violations()).isEmpty();
        for (String query : new String[] {"limit=0", "limit=101", "limit=x", "page=2"}) {
            assertThat(client.get("/generations/running?" + query).statusCode()).isEqualTo(400);
        }
        assertThat(sandbox.ledger().violations()).hasSize(4);
        client.header("Authorization", "Bearer sk_stranger");
        assertThat(client.get("/generations/running").body()).isEqualTo("[]");
    }

    @Test
    void imageModelsMakePictures() throws Exception {
        String id = json(client.create(SEEDREAM, "{\"prompt\":\"a lake\",\"n\":2}")
                        .body())
                .path("id")
                .asText();
        finish(id);
        JsonNode data = client.detail(id).path("data");
        assertThat(data.path("type").asText()).isEqualTo("image");
        assertThat(data.path("n").asInt()).isEqualTo(2);
        assertThat(data.path("images").findValuesAsText("url")).hasSize(2).doesNotHaveDuplicates();
        byte[] png = download(data.path("image").path("url").asText()).body();
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getWidth())
                .isEqualTo(data.path("images").get(0).path("width").asInt());
        assertThat(sandbox.ledger().requests()).containsEntry("skillsvideo/media", 1L);
    }

    private static HttpResponse<byte[]> download(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .version(HttpClient.Version.HTTP_1_1)
                                .build(),
                        BodyHandlers.ofByteArray());
    }

    @Test
    void aFileBecomesAPlayingVideo() throws Exception {
        try (Sandbox real = Sandbox.start(
                SandboxConfig.builder().maxDimension(160).frameRate(8).build())) {
            SkillsvideoClient uploading = new SkillsvideoClient(real);
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(90, 160, BufferedImage.TYPE_INT_RGB), "png", png);
            Multipart form = new Multipart()
                    .text("prompt", "a quiet lake")
                    .text("duration", "3")
                    .file("image_url", "a.png", "image/png", png.toByteArray());
            String id = json(uploading.multipart(KLING, form).body()).path("id").asText();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> uploading.detail(id).path("status").asText().equals("COMPLETED"));
            JsonNode video = uploading.detail(id).path("data").path("videos").get(0);
            assertThat(video.path("width").asInt())
                    .isLessThan(video.path("height").asInt());
            HttpResponse<byte[]> answer = download(video.path("url").asText());
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("video/mp4");
            Path file = Files.write(dir.resolve("a.mp4"), answer.body());
            FrameGrab grab = FrameGrab.createFrameGrab(NIOUtils.readableChannel(file.toFile()));
            assertThat(grab.getVideoTrack().getMeta().getTotalDuration()).isBetween(2.9, 3.1);
            assertThat(grab.getNativeFrame().getWidth())
                    .isGreaterThanOrEqualTo(video.path("width").asInt());
        }
    }
}
