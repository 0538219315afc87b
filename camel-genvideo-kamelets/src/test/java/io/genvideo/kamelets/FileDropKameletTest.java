/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.kamelets;

import static io.genvideo.kamelets.KameletApplication.awaitFile;
import static io.genvideo.kamelets.KameletApplication.drop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of pictures and texts when something goes wrong. */
class FileDropKameletTest {
    private static final Map<String, String> BEANS = new LinkedHashMap<>();

    static {
        BEANS.put("camel.beans.attempts", "#class:java.util.concurrent.atomic.AtomicInteger");
        // Beans are made in the sequence of their properties
        BEANS.put("camel.beans.journalDatabase", "#class:org.h2.jdbcx.JdbcDataSource");
        BEANS.put("camel.beans.journalDatabase.url", "jdbc:h2:file:{{folder}}/journal/genvideo;DB_CLOSE_ON_EXIT=FALSE");
        BEANS.put("camel.beans.journalDatabase.user", "genvideo");
        BEANS.put(
                "camel.beans.journal", "#class:io.genvideo.repository.jdbc.JdbcTaskRepository(#bean:journalDatabase)");
    }

    private static final String ROUTES = """
            - from:
                uri: kamelet:genvideo-file-drop-source
                parameters:
                  folder: "{{folder}}/plain"
                steps:
                  - to: "file:{{folder}}/plain/outbox"
            - from:
                uri: kamelet:genvideo-file-drop-source
                parameters:
                  folder: "{{folder}}/impatient"
                  timeout: 300ms
                steps:
                  - choice:
                      when:
                        - simple: "${bean:attempts.incrementAndGet} < 3"
                          steps:
                            - throwException:
                                exceptionType: java.lang.IllegalStateException
                                message: the outbox is full
                  - to: "file:{{folder}}/impatient/outbox"
            """;

    @TempDir
    static Path folder;

    private static KameletApplication application;

    private final Path plain = folder.resolve("plain");

    @BeforeAll
    static void start() throws Exception {
        application = new KameletApplication(folder);
        startRoutes();
    }

    private static void startRoutes() throws IOException {
        Path routes = Files.writeString(folder.resolve("file-drop.camel.yaml"), ROUTES);
        application.start("file:" + routes, BEANS);
    }

    @AfterAll
    static void close() {
        application.close();
    }

    @Test
    void movesPictureOfFailedTaskToFailedWithReason() throws Exception {
        drop(plain, "odd", "[[fail: the model lost its way]]");

        awaitFile(plain.resolve("failed/odd.png"));
        assertThat(plain.resolve("failed/odd.reason.txt")).content().contains("the generation failed");
        assertThat(plain.resolve("outbox/odd.mp4")).doesNotExist();
    }

    @Test
    void refusesWhatIsNoPictureAndNamesThatWouldAddExpressions() throws Exception {
        drop(plain, "50%", "refused by its name");
        Files.writeString(plain.resolve("inbox/notes.jpg"), "<project/>");

        awaitFile(plain.resolve("failed/50%.png"));
        assertThat(plain.resolve("failed/50%.reason.txt")).content().contains("rename the picture");
        awaitFile(plain.resolve("failed/notes.jpg"));
        assertThat(plain.resolve("failed/notes.reason.txt")).content().contains("no picture");
        assertThat(application.charges("refused by its name")).isZero();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void sendsNoPromptThroughLink(@TempDir Path elsewhere) throws Exception {
        Path secret = Files.writeString(elsewhere.resolve("secret"), "the secret");
        Path inbox = Files.createDirectories(plain.resolve("inbox"));
        Files.createSymbolicLink(inbox.resolve("link.txt"), secret);
        KameletApplication.picture(inbox.resolve("link.png"));

        awaitFile(plain.resolve("failed/link.png"));
        assertThat(plain.resolve("failed/link.reason.txt"))
                .content()
                .contains("is a link")
                .doesNotContain("the secret");
        assertThat(secret).exists();
        assertThat(application.charges("the secret")).isZero();
    }

    @Test
    void attachesToItsTaskAfterRestart() throws Exception {
        String prompt = "birds over the lake [[take: 3s]]";
        drop(plain, "patient", prompt);
        await().atMost(Duration.ofSeconds(60)).until(() -> application.charges(prompt) == 1);

        application.stop();
        assertThat(plain.resolve("inbox/patient.png")).exists();
        startRoutes();

        awaitFile(plain.resolve("outbox/patient.mp4"));
        awaitFile(plain.resolve("done/patient.png"));
        awaitFile(plain.resolve("done/patient.txt"));
        assertThat(application.charges(prompt)).isEqualTo(1);
    }

    @Test
    void keepsPictureAndPaysOnceWhileRouteFailsOrWaitIsOver() throws Exception {
        Path impatient = folder.resolve("impatient");
        drop(impatient, "photo", "a lake [[take: 1s]]");

        awaitFile(impatient.resolve("outbox/photo.mp4"));
        awaitFile(impatient.resolve("done/photo.txt"));
        assertThat(application.charges("a lake [[take: 1s]]")).isEqualTo(1);
        assertThat(impatient.resolve("failed")).doesNotExist();
    }

    @Test
    void keepsTextBesidePictureThatCanNotBeMoved() throws Exception {
        // Where the picture should go is a folder
        Path obstacle = Files.createDirectories(plain.resolve("done/stays.png/in the way"));
        drop(plain, "stays", "a lake that stays");
        Path video = plain.resolve("outbox/stays.mp4");
        awaitFile(video);
        FileTime first = Files.getLastModifiedTime(video);

        await("the second attempt, which begins after the first has been completed")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(video) && !first.equals(Files.getLastModifiedTime(video)));

        assertThat(plain.resolve("inbox/stays.txt")).exists();
        Files.delete(obstacle);
        awaitFile(plain.resolve("done/stays.txt"));
        assertThat(application.charges("a lake that stays")).isEqualTo(1);
    }
}
