/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxConfig.Rendering;
import jakarta.servlet.ServletContext;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.context.WebApplicationContext;

/** The example as it is started by hand: over HTTP, on an H2 file and a sandbox that outlives it. */
@Timeout(90)
class VideoApplicationTest {
    private static final String VIDEO = "video/mp4";
    private static final String BOUNDARY = "boundary-of-the-form";

    @TempDir
    static Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private static final Sandbox SANDBOX = Sandbox.start(SandboxConfig.builder()
            .rendering(Rendering.SAMPLE)
            .maxDimension(64)
            .frameRate(1)
            .build());
    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() {
        application = new SpringApplicationBuilder(VideoApplication.class)
                .registerShutdownHook(false)
                .run(
                        "--server.port=0",
                        "--video.folder=" + folder,
                        "--video.sandbox=" + SANDBOX.uri(),
                        "--camel.component.genvideo.poll-interval=50ms");
    }

    @AfterAll
    static void stop() {
        application.close();
        SANDBOX.close();
    }

    private URI uri(String path) {
        int port = ((WebServerApplicationContext) application).getWebServer().getPort();
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpResponse<String> post(byte[] picture, String prompt, String key) throws Exception {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        if (picture.length > 0) {
            form.write(part("picture\"; filename=\"../lake.png", "image/png"));
            form.write(picture);
        }
        form.write(part("prompt", "text/plain"));
        form.write(prompt.getBytes(StandardCharsets.UTF_8));
        form.write(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(uri("/videos"))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofByteArray(form.toByteArray()))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static byte[] part(String name, String type) {
        return ("\r\n--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\nContent-Type: "
                        + type + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String type(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    private HttpResponse<byte[]> awaitVideo(String path) {
        return await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> get(path), response -> type(response).equals(VIDEO));
    }

    private static byte[] picture() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(320, 320, BufferedImage.TYPE_INT_RGB), "png", png);
        return png.toByteArray();
    }

    private static int charges() {
        return SANDBOX.ledger().charges().size();
    }

    private static String[] uploads() {
        ServletContext servlets = ((WebApplicationContext) application).getServletContext();
        return ((File) servlets.getAttribute(ServletContext.TEMPDIR)).list();
    }

    @Test
    void pictureBecomesAVideoThatIsServedInRanges() throws Exception {
        HttpResponse<String> created = post(picture(), "the camera moves slowly", "key 1");

        assertThat(created.statusCode()).isEqualTo(202);
        assertThat(type(created)).isEqualTo("application/json");
        String id = new ObjectMapper().readTree(created.body()).get("id").asText();
        String path = created.headers().firstValue("Location").orElseThrow();
        assertThat(path).isEqualTo("/videos/" + id);
        assertThat(created.headers().map().keySet())
                .as("nothing of the request is sent back")
                .doesNotContain("prompt");

        byte[] video = awaitVideo(path).body();
        assertThat(new String(video, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
        HttpResponse<byte[]> range = get(path, "Range", "bytes=100-199");
        assertThat(range.statusCode()).isEqualTo(206);
        assertThat(range.headers().firstValue("Content-Range")).hasValue("bytes 100-199/" + video.length);
        assertThat(range.body()).isEqualTo(Arrays.copyOfRange(video, 100, 200));
        assertThat(uploads()).as("files of uploads that are left").isEmpty();
    }

    @Test
    void runningTaskShowsItsStateAndARestartPaysNothing() throws Exception {
        int before = charges();
        String prompt = "slowly [[take: 5s]]";
        HttpResponse<String> created = post(picture(), prompt, "key 2");
        String path = created.headers().firstValue("Location").orElseThrow();
        HttpResponse<byte[]> running = get(path);
        assertThat(type(running)).isEqualTo("application/json");
        assertThat(new ObjectMapper().readTree(running.body()).get("status").asText())
                .isIn("QUEUED", "RUNNING");

        application.close();
        start();

        assertThat(post(picture(), prompt, "key 2").body()).isEqualTo(created.body());
        awaitVideo(path);
        assertThat(charges() - before).isEqualTo(1);
    }

    @Test
    void requestWithoutAPictureIsRefusedUnpaid() throws Exception {
        int before = charges();
        HttpResponse<String> refused = post(new byte[0], "a lake", "key 3");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("inputs: 0 given");
        assertThat(charges()).isEqualTo(before);
    }

    @Test
    void requestsAreAnswered503WhileTheApplicationIsNotReady() throws Exception {
        AvailabilityChangeEvent.publish(application, ReadinessState.REFUSING_TRAFFIC);
        try {
            HttpResponse<String> early = post(picture(), "a lake", "key 4");
            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(503);
            assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        } finally {
            AvailabilityChangeEvent.publish(application, ReadinessState.ACCEPTING_TRAFFIC);
        }
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }

    @Test
    void unknownAndImpossibleIdsAreNotFound() throws Exception {
        assertThat(get("/videos/task_unknown").statusCode()).isEqualTo(404);
        assertThat(get("/videos/..%2Fjournal.mv.db").statusCode()).isIn(400, 404);
        assertThat(get("/videos/.writing-x").statusCode()).isEqualTo(404);
    }
}
