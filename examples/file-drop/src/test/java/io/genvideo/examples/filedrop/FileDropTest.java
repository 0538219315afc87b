/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.filedrop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.camel.main.Main;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped route, unchanged, against the sandbox. */
class FileDropTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Sandbox sandbox;
    private Main main;

    @BeforeEach
    void startSandbox() {
        // Small, so that they are made quickly
        sandbox = Sandbox.start(SandboxConfig.builder()
                .maxDimension(64)
                .frameRate(1)
                .useFfmpeg(SandboxConfig.Ffmpeg.NEVER)
                .build());
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
        picture(inbox.resolve(name + ".jpg"));
    }

    private static Path picture(Path file) throws IOException {
        try (InputStream picture = FileDropTest.class.getResourceAsStream("/sample/mountain-lake.jpg")) {
            Files.copy(Objects.requireNonNull(picture), file);
        }
        return file;
    }

    private void awaitFile(String name) {
        await().atMost(TIMEOUT).until(() -> Files.isRegularFile(folder.resolve(name)));
    }

    private void awaitCharge() {
        await().atMost(TIMEOUT).until(() -> sandbox.ledger().charges().size() == 1);
    }

    @Test
    void writesVideoAndItsTaskToOutbox() throws Exception {
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
        awaitFile("done/photo.txt");
        assertThat(sandbox.ledger().charges()).singleElement();
        assertThat(sandbox.ledger().charges().get(0).promptHash()).isEqualTo(Ledger.hash("birds over the lake"));
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void movesPictureOfFailedTaskToFailedWithReason() throws Exception {
        start();
        drop("odd", "[[fail: the model lost its way]]");

        awaitFile("failed/odd.jpg");
        assertThat(folder.resolve("failed/odd.reason.txt"))
                .content()
                .contains("could not be finished", "the generation failed");
        assertThat(folder.resolve("inbox/odd.jpg")).doesNotExist();
        assertThat(folder.resolve("outbox")).doesNotExist();
    }

    @Test
    void attemptsRequestThatServiceRejectsOnce() throws Exception {
        start();
        drop("refused", "[[reject]]");
        awaitFile("failed/refused.reason.txt");
        awaitFile("failed/refused.jpg");
        drop("next", "birds over the lake");

        awaitFile("outbox/next.json");
        assertThat(sandbox.ledger().requests())
                .as("one for each of the two pictures")
                .containsEntry("ima/create", 2L);
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }

    @Test
    void refusesFileThatIsNoPictureBeforeUpload() throws Exception {
        start();
        Files.writeString(Files.createDirectories(folder.resolve("inbox")).resolve("notes.jpg"), "<project/>");

        awaitFile("failed/notes.jpg");
        assertThat(folder.resolve("failed/notes.reason.txt")).isNotEmptyFile();
        assertThat(sandbox.ledger().requests()).doesNotContainKeys("ima/upload-token", "ima/upload-put", "ima/create");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void uploadsNothingThroughLink(@TempDir Path elsewhere) throws Exception {
        Path secret = picture(elsewhere.resolve("secret.jpg"));
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        Files.createSymbolicLink(inbox.resolve("link.jpg"), secret);
        start();
        drop("photo", "birds over the lake");

        awaitFile("outbox/photo.json");
        assertThat(inbox.resolve("link.jpg")).isSymbolicLink();
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void sendsNoPromptThroughLink(@TempDir Path elsewhere) throws Exception {
        Path secret = Files.writeString(elsewhere.resolve("secret"), "the secret");
        Files.createSymbolicLink(
                Files.createDirectories(folder.resolve("inbox")).resolve("photo.txt"), secret);
        start();
        drop("photo", null);

        awaitFile("failed/photo.jpg");
        assertThat(folder.resolve("failed/photo.reason.txt"))
                .content()
                .contains("text beside the picture is a link")
                .doesNotContain("the secret");
        assertThat(secret).exists();
        assertThat(sandbox.ledger().requests()).isEmpty();
    }

    @Test
    void refusesPromptOfManyMegabytesOnceWithoutReadingIt() throws Exception {
        start();
        drop("photo", "birds ".repeat(4_000_000));

        awaitFile("failed/photo.jpg");
        assertThat(folder.resolve("failed/photo.reason.txt")).content().contains("65536 bytes");
        awaitFile("done/photo.txt");
        assertThat(sandbox.ledger().requests()).isEmpty();
    }

    @Test
    void usesDefaultPromptForPictureWithoutText() throws Exception {
        start();
        drop("silent (1)", null);

        awaitFile("outbox/silent (1).json");
        assertThat(sandbox.ledger().charges())
                .singleElement()
                .extracting(Ledger.Charge::promptHash)
                .isEqualTo(Ledger.hash("The camera moves slowly towards the scene"));
    }

    @ParameterizedTest
    @DisabledOnOs(OS.WINDOWS)
    @ValueSource(strings = {"${sys.user.dir}", "Tom & Jerry", "a&delete=true", "50%", "{{genvideo.folder}}"})
    void refusesNameThatWouldAddOptionsOrExpressionsToEndpoint(String name) throws Exception {
        start();
        drop(name, "birds over the lake");

        awaitFile("failed/" + name + ".jpg");
        assertThat(folder.resolve("failed/" + name + ".reason.txt")).content().contains("rename the picture");
        assertThat(folder.resolve("inbox/" + name + ".txt")).exists();
        assertThat(sandbox.ledger().requests()).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void takesNoFileWhoseNameHasControlCharactersOrBackslash() throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        List<Path> odd = List.of(
                picture(inbox.resolve("red\u001b[31m.jpg")),
                picture(inbox.resolve("two\nlines.jpg")),
                picture(inbox.resolve("..\\..\\back.jpg")),
                picture(inbox.resolve("csi\u009b31m.jpg")));
        start();
        drop("photo", "birds over the lake");

        awaitFile("outbox/photo.json");
        assertThat(odd).allSatisfy(file -> assertThat(file).exists());
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void givesOnlyOwnerAccessToJournal() throws Exception {
        start();
        drop("photo", "birds over the lake");

        awaitFile("outbox/photo.json");
        assertThat(Files.getPosixFilePermissions(folder.resolve("journal/genvideo.mv.db")))
                .containsExactlyInAnyOrder(OWNER_READ, OWNER_WRITE);
    }

    @Test
    void leavesWaitingPictureInInboxWhenStopped() throws Exception {
        start();
        drop("slow", "[[stuck]]");
        awaitCharge();

        main.stop();

        assertThat(folder.resolve("inbox/slow.jpg")).exists();
        assertThat(folder.resolve("failed")).doesNotExist();
    }

    @Test
    void runsWithAnotherProviderByTwoProperties() throws Exception {
        main = new Main();
        main.addInitialProperty("genvideo.folder", folder.toString());
        main.addInitialProperty("genvideo.provider", "skillsvideo");
        main.addInitialProperty("genvideo.model", "google/veo-3.1");
        main.addInitialProperty("camel.component.genvideo.accounts[skillsvideo].apiKey", "sk_test");
        main.addInitialProperty(
                "camel.component.genvideo.accounts[skillsvideo].baseUrl",
                sandbox.skillsvideoUri().toString());
        main.configure().withRoutesIncludePattern("classpath:routes/file-drop.camel.yaml");
        main.start();
        drop("streamed", "birds over the lake");

        awaitFile("outbox/streamed.json");
        byte[] video = Files.readAllBytes(folder.resolve("outbox/streamed.mp4"));
        assertThat(new String(video, 4, 4, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("ftyp");
        assertThat(sandbox.ledger().charges()).singleElement();
        assertThat(sandbox.ledger().requests()).containsKey("skillsvideo/create-sse");
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    /** The picture goes to an object store, whose URL the service gets. */
    @Test
    void runsWithProviderWithoutUploadByRouteThatUploads() throws Exception {
        main = new Main();
        main.addInitialProperty("genvideo.folder", folder.toString());
        main.addInitialProperty("genvideo.provider", "mediaio");
        main.addInitialProperty("genvideo.model", "Kling 2.1");
        main.addInitialProperty("genvideo.upload.url", sandbox.uri().resolve("/media/objects") + "/pictures");
        main.addInitialProperty("camel.component.genvideo.configuration.uploadVia", "direct:upload");
        main.addInitialProperty("camel.component.genvideo.allowPrivateUrls", "true");
        main.addInitialProperty("camel.component.genvideo.pollInterval", "200ms");
        main.addInitialProperty("camel.component.genvideo.accounts[mediaio].apiKey", "mio_test");
        main.addInitialProperty(
                "camel.component.genvideo.accounts[mediaio].baseUrl",
                sandbox.mediaioUri().toString());
        main.configure()
                .withRoutesIncludePattern(
                        "classpath:routes/file-drop.camel.yaml,classpath:routes/upload-object-store.camel.yaml");
        main.start();
        drop("uploaded", "birds over the lake");

        awaitFile("outbox/uploaded.json");
        String video = Files.readString(folder.resolve("outbox/uploaded.mp4"), ISO_8859_1);
        assertThat(video).startsWith("\0\0\0").contains("ftyp", "avc1");
        assertThat(video.indexOf("moov")).as("plays while it loads").isLessThan(video.indexOf("mdat"));
        assertThat(sandbox.ledger().charges()).singleElement();
        assertThat(sandbox.ledger().requests()).containsEntry("mediaio/object-put", 1L);
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void finishesTaskAfterRestartWithoutSecondCharge() throws Exception {
        start();
        drop("patient", "birds over the lake [[take: 5s]]");
        awaitCharge();

        main.stop();
        start();

        awaitFile("outbox/patient.json");
        awaitFile("done/patient.jpg");
        awaitFile("done/patient.txt");
        assertThat(sandbox.ledger().charges()).hasSize(1);
        assertThat(folder.resolve("failed")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"'', outbox/gone.json", "'[[fail: the model lost its way]]', failed/gone.reason.txt"})
    void deliversOutcomeOfPictureThatWasDeleted(String outcome, String arrives) throws Exception {
        start();
        drop("gone", "birds over the lake [[take: 3s]]" + outcome);
        awaitCharge();

        main.stop();
        Files.delete(folder.resolve("inbox/gone.jpg"));
        start();
        offerAtOnce();

        awaitFile(arrives);
        if (outcome.isEmpty()) {
            assertThat(folder.resolve("outbox/gone.mp4")).isNotEmptyFile();
        } else {
            assertThat(folder.resolve(arrives)).content().contains("could not be finished", "the generation failed");
        }
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }

    /** An outcome is offered five minutes after its end, so that its source has time to come back. */
    private void offerAtOnce() {
        JdbcDataSource journal = new JdbcDataSource();
        journal.setURL("jdbc:h2:file:" + folder.resolve("journal/genvideo"));
        journal.setUser("genvideo");
        await().atMost(TIMEOUT).until(() -> {
            try (Connection connection = journal.getConnection();
                    Statement statement = connection.createStatement()) {
                return statement.executeUpdate("UPDATE GENVIDEO_TASK SET AVAILABLE_AT = CURRENT_TIMESTAMP"
                                + " WHERE DELIVERY = 'AVAILABLE'")
                        == 1;
            }
        });
    }

    @Test
    void keepsTextAndPaysOnceWhenPictureCanNotBeMoved() throws Exception {
        // Where its folder should be is a file
        Files.writeString(folder.resolve("done"), "in the way");
        start();
        drop("stays", "birds over the lake");
        awaitFile("outbox/stays.json");
        FileTime first = Files.getLastModifiedTime(folder.resolve("outbox/stays.json"));

        await().atMost(TIMEOUT)
                .until(() -> Files.exists(folder.resolve("outbox/stays.json"))
                        && !first.equals(Files.getLastModifiedTime(folder.resolve("outbox/stays.json"))));

        assertThat(folder.resolve("inbox/stays.txt")).exists();
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }

    @Test
    void waitsForUnavailableService() throws Exception {
        sandbox.faults().add(FaultRule.on("ima", "*", Fault.down()).lasting(Duration.ofSeconds(6)));
        start();
        drop("patient", null);

        awaitFile("outbox/patient.json");
        assertThat(sandbox.ledger().charges()).hasSize(1);
        assertThat(folder.resolve("failed")).doesNotExist();
    }
}
