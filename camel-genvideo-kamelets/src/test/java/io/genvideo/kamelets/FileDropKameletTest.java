/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.NotifyBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of pictures and texts when something goes wrong. */
class FileDropKameletTest {
    private static final Map<String, String> JOURNAL = new LinkedHashMap<>();

    static {
        // Beans are made in the sequence of their properties
        JOURNAL.put("camel.beans.journalDatabase", "#class:org.h2.jdbcx.JdbcDataSource");
        JOURNAL.put(
                "camel.beans.journalDatabase.url", "jdbc:h2:file:{{folder}}/journal/genvideo;DB_CLOSE_ON_EXIT=FALSE");
        JOURNAL.put("camel.beans.journalDatabase.user", "genvideo");
        JOURNAL.put(
                "camel.beans.journal", "#class:io.genvideo.repository.jdbc.JdbcTaskRepository(#bean:journalDatabase)");
    }

    @TempDir
    Path folder;

    private KameletApplication application;

    @BeforeEach
    void create() {
        application = new KameletApplication(folder);
    }

    @AfterEach
    void close() {
        application.close();
    }

    private void start(String steps, String parameters, Map<String, String> properties) throws IOException {
        Path route = Files.writeString(
                folder.resolve("file-drop.camel.yaml"),
                """
                - from:
                    uri: kamelet:genvideo-file-drop-source
                    parameters:
                      folder: "{{folder}}"
                %s
                    steps:
                %s
                """
                        .formatted(parameters.indent(6), steps.indent(6)));
        application.start("file:" + route, properties);
    }

    private void start() throws IOException {
        start("- to: file:{{folder}}/outbox", "", Map.of());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void movesWhatCanNotBecomeVideoToFailedWithReason(@TempDir Path elsewhere) throws Exception {
        application.drop("odd", "[[fail: the model lost its way]]");
        application.drop("${sys.user.dir}", "birds over the lake");
        application.drop("link", "");
        Path inbox = folder.resolve("inbox");
        Path secret = Files.writeString(elsewhere.resolve("secret"), "the secret");
        Files.delete(inbox.resolve("link.txt"));
        Files.createSymbolicLink(inbox.resolve("link.txt"), secret);
        Files.writeString(inbox.resolve("notes.jpg"), "<project/>");

        start();

        application.awaitFile("failed/odd.png");
        assertThat(folder.resolve("failed/odd.reason.txt")).content().contains("the generation failed");
        application.awaitFile("failed/${sys.user.dir}.png");
        assertThat(folder.resolve("failed/${sys.user.dir}.reason.txt")).content().contains("rename the picture");
        application.awaitFile("failed/link.png");
        assertThat(folder.resolve("failed/link.reason.txt"))
                .content()
                .contains("is a link")
                .doesNotContain("the secret");
        application.awaitFile("failed/notes.jpg");
        assertThat(folder.resolve("failed/notes.reason.txt")).content().contains("no picture");
        assertThat(secret).exists();
        assertThat(application.sandbox().ledger().charges()).hasSize(1);
        assertThat(folder.resolve("outbox")).doesNotExist();
    }

    @Test
    void attachesToItsTaskAfterRestart() throws Exception {
        start("- to: file:{{folder}}/outbox", "", JOURNAL);
        application.drop("patient", "birds over the lake [[take: 3s]]");
        application.awaitCharge();

        application.stop();
        assertThat(folder.resolve("inbox/patient.png")).exists();
        start("- to: file:{{folder}}/outbox", "", JOURNAL);

        application.awaitFile("outbox/patient.mp4");
        application.awaitFile("done/patient.png");
        application.awaitFile("done/patient.txt");
        assertThat(application.sandbox().ledger().charges()).hasSize(1);
    }

    @Test
    void keepsPictureAndPaysOnceWhileRouteFailsOrWaitIsOver() throws Exception {
        start(
                """
                - choice:
                    when:
                      - simple: "${bean:outage.incrementAndGet} < 3"
                        steps:
                          - throwException:
                              exceptionType: java.lang.IllegalStateException
                              message: the outbox is full
                - to: file:{{folder}}/outbox
                """,
                "timeout: 300ms",
                Map.of("camel.beans.outage", "#class:java.util.concurrent.atomic.AtomicInteger"));
        application.drop("photo", "birds over the lake [[take: 1s]]");

        application.awaitFile("outbox/photo.mp4");
        application.awaitFile("done/photo.txt");
        assertThat(application.sandbox().ledger().charges()).hasSize(1);
        assertThat(folder.resolve("failed")).doesNotExist();
    }

    @Test
    void keepsTextBesidePictureThatCanNotBeMoved() throws Exception {
        // Where the picture should go is a folder
        Files.createDirectories(folder.resolve("done/stays.png/in the way"));
        start();
        // The second attempt begins after the first one has been completed
        NotifyBuilder done = new NotifyBuilder(application.camel()).whenDone(2).create();
        application.drop("stays", "birds over the lake");

        assertThat(done.matches(30, TimeUnit.SECONDS)).isTrue();

        assertThat(folder.resolve("outbox/stays.mp4")).isNotEmptyFile();
        assertThat(folder.resolve("inbox/stays.png")).exists();
        assertThat(folder.resolve("inbox/stays.txt")).exists();
    }
}
