/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import static io.genvideo.sandbox.nemo.NemoClient.json;
import static io.genvideo.sandbox.nemo.NemoClient.url;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.NemoSettings;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way of a video: session, upload, message, state, export, download. */
@Timeout(60)
class NemoTaskTest {
    private static Sandbox sandbox;
    private NemoClient client = new NemoClient(sandbox);

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .nemo(NemoSettings.DEFAULT.withSilentShare(0))
                .build());
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @AfterEach
    void reset() {
        sandbox.reset();
    }

    private JsonNode completed(String render) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> client.detail(render),
                        d -> d.path("status").asText().equals("completed"));
    }

    @Test
    void makesAVideoFromAPictureAndAMessage() throws Exception {
        String session = client.session();
        client.uploadPicture(session);

        NemoClient.Stream stream = client.chat(session, "animate this image into a 5-second video");
        byte[] video = client.download(url(completed(client.rendered(session)))).body();

        assertThat(stream.contentType()).isEqualTo("text/event-stream");
        assertThat(stream.text()).contains("The timeline has been updated");
        assertThat(new String(video, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
        assertThat(sandbox.ledger().charges()).extracting(Ledger.Charge::points).containsExactly(100L);
        assertThat(sandbox.ledger().charges()).extracting(Ledger.Charge::taskId).containsExactly(session + "-1");
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void hasSessionIdsOfNineteenDigitsThatNoDoubleHolds() throws Exception {
        String session = client.session();

        assertThat(session).matches("\\d{19}");
        assertThat((long) Double.parseDouble(session)).isNotEqualTo(Long.parseLong(session));
    }

    @Test
    void showsUploadedFilesInTheState() throws Exception {
        String session = client.session();

        JsonNode data = json(client.uploadPicture(session).body()).path("data");

        assertThat(data.path("session_state_applied").asBoolean()).isTrue();
        assertThat(client.state(session).path("video_infos")).isEqualTo(data.path("files"));
        assertThat(data.path("files").path(0).path("file_type").asText()).isEqualTo("image");
    }

    @Test
    void hasNoDraftBeforeTheFirstMessage() throws Exception {
        assertThat(client.state(client.session())).isEmpty();
    }

    @Test
    void theDraftHasLengthAndAspectOfTheMessage() throws Exception {
        String session = client.session();
        client.chat(session, "a 10-second video of a lake, 16:9");

        JsonNode draft = client.state(session).path("draft");

        assertThat(draft.path("d").asInt()).isEqualTo(10_000);
        assertThat(draft.at("/m/width").asInt()).isEqualTo(1920);
        assertThat(draft.at("/m/height").asInt()).isEqualTo(1080);
    }

    @Test
    void exportsAreDistinctFiles() throws Exception {
        String session = client.session();
        client.chat(session, "a lake");

        byte[] first = client.download(url(completed(client.rendered(session)))).body();
        byte[] second =
                client.download(url(completed(client.rendered(session)))).body();

        assertThat(first).isNotEqualTo(second);
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }

    @Test
    void sendsPartsOfAVideo() throws Exception {
        String session = client.session();
        client.chat(session, "a lake");
        String url = url(completed(client.rendered(session)));

        HttpResponse<byte[]> part = client.download(url, "Range", "bytes=4-7");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).asString().isEqualTo("ftyp");
    }

    @Test
    void servesTheVideoAlsoByTheIdOfTheRender() throws Exception {
        String session = client.session();
        client.chat(session, "a lake [[url-gone]]");
        String render = client.rendered(session);

        HttpResponse<byte[]> gone = client.download(url(completed(render)));
        HttpResponse<String> own = client.get("/api/render/proxy/" + render + "/download");

        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(own.statusCode()).isEqualTo(200);
        assertThat(own.headers().firstValue("Content-Type")).hasValue("video/mp4");
    }
}
