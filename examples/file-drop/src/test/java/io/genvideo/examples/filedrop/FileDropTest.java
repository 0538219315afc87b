/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.filedrop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The route that users take to production, as it is, against the sandbox. */
class FileDropTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Sandbox sandbox;
    private Main main;

    @BeforeEach
    void startSandbox() {
        sandbox = Sandbox.start(SandboxConfig.builder().build());
    }

    @AfterEach
    void stop() {
        if (main != null) {
            main.stop();
        }
        sandbox.close();
    }

    private void start() {
        main = new Main();
        main.addInitialProperty("genvideo.folder", folder.toString());
        main.addInitialProperty("camel.component.genvideo.accounts[ima].apiKey", "ima_test");
        main.addInitialProperty(
                "camel.component.genvideo.accounts[ima].baseUrl",
                sandbox.imaUri().toString());
        main.addInitialProperty(
                "camel.component.genvideo.accounts[ima].uploadUrl",
                sandbox.imaUploadUri().toString());
        main.addInitialProperty("camel.component.genvideo.pollInterval", "200ms");
        main.configure().withRoutesIncludePattern("classpath:routes/file-drop.camel.yaml");
        main.start();
    }

    private void drop(String name, String prompt) throws IOException {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        if (prompt != null) {
            Files.writeString(inbox.resolve(name + ".txt"), prompt);
        }
        try (InputStream picture = FileDropTest.class.getResourceAsStream("/sample/mountain-lake.jpg")) {
            Files.copy(Objects.requireNonNull(picture), inbox.resolve(name + ".jpg"));
        }
    }

    private void awaitFile(String name) {
        await().atMost(PATIENCE).until(() -> Files.isRegularFile(folder.resolve(name)));
    }

    @Test
    void aPictureBecomesAVideoAndTheTaskThatMadeIt() throws Exception {
        start();
        drop("photo", "birds over the lake");

        awaitFile("outbox/photo.json");
        String video = Files.readString(folder.resolve("outbox/photo.mp4"), ISO_8859_1);
        assertThat(video).startsWith("\0\0\0").contains("ftyp", "avc1");
        assertThat(video.indexOf("moov")).as("plays while it loads").isLessThan(video.indexOf("mdat"));
        JsonNode task =
                new ObjectMapper().readTree(folder.resolve("outbox/photo.json").toFile());
        assertThat(task.get("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(task.get("reference").asText()).isEqualTo("photo.jpg");
        assertThat(task.get("credits").asInt()).isEqualTo(40);
        awaitFile("done/photo.jpg");
        assertThat(folder.resolve("done/photo.txt")).exists();
        assertThat(sandbox.ledger().charges()).singleElement();
        assertThat(sandbox.ledger().charges().get(0).promptHash())
                .isEqualTo(io.genvideo.sandbox.Ledger.hash("birds over the lake"));
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void aPictureThatFailsGoesAsideWithTheReasonInWords() throws Exception {
        start();
        drop("odd", "[[fail: the model lost its way]]");

        awaitFile("failed/odd.jpg");
        assertThat(folder.resolve("failed/odd.reason.txt"))
                .content()
                .contains("could not be finished", "the model lost its way");
        assertThat(folder.resolve("inbox/odd.jpg")).doesNotExist();
        assertThat(folder.resolve("outbox")).doesNotExist();
    }

    @Test
    void aStopLeavesTheWaitingPictureInTheInbox() throws Exception {
        start();
        drop("slow", "[[stuck]]");
        await().atMost(PATIENCE).until(() -> sandbox.ledger().charges().size() == 1);

        main.stop();

        assertThat(folder.resolve("inbox/slow.jpg")).exists();
        assertThat(folder.resolve("failed")).doesNotExist();
    }

    @Test
    void aPictureWaitsOutAServiceThatIsAway() throws Exception {
        sandbox.faults().add(FaultRule.on("ima", "*", Fault.down()).lasting(Duration.ofSeconds(6)));
        start();
        drop("patient", null);

        awaitFile("outbox/patient.json");
        assertThat(sandbox.ledger().charges()).hasSize(1);
        assertThat(folder.resolve("failed")).doesNotExist();
    }
}
