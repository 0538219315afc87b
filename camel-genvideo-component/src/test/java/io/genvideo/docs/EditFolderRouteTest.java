/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.provider.support.MediaSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped route that edits a video by a folder of texts. */
class EditFolderRouteTest {
    @TempDir
    Path folder;

    private SandboxMain main;

    @BeforeEach
    void create() throws IOException {
        main = new SandboxMain(folder);
        Files.createDirectories(folder.resolve("edits"));
        Files.write(folder.resolve("edits/video.mp4"), MediaSamples.named("video.mp4"));
    }

    @AfterEach
    void stop() {
        main.close();
    }

    private void edit(String name, String text) throws IOException {
        Path hidden = Files.writeString(folder.resolve("edits/." + name), text);
        Files.move(hidden, folder.resolve("edits/" + name));
    }

    private List<String> files() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(f -> folder.relativize(f).toString())
                    .filter(f -> !f.startsWith("journal/") && !f.contains(".camelLock") && !f.contains("/."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            // a file was moved meanwhile
            return List.of();
        }
    }

    private void awaitFiles(String... names) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(files()).containsExactly(names));
    }

    private void assertCharged(int times) {
        assertThat(main.charges()).hasSize(times);
        assertThat(main.violations()).isZero();
    }

    @Test
    void eachTextIsTheNextEditOfTheVideo() throws Exception {
        edit("1 slower.txt", "make it slower\n");
        edit("2 title.txt", "add the title Lake");
        main.shipped("edit-folder.camel.yaml").start();

        awaitFiles(
                "done/1 slower.txt",
                "done/2 title.txt",
                "edited/1 slower.mp4",
                "edited/2 title.mp4",
                "edits/video.mp4",
                "session/session.id");
        String session = Files.readString(folder.resolve("session/session.id"));
        assertThat(main.charges())
                .allSatisfy(charge -> assertThat(charge.taskId()).startsWith(session + "-"));
        assertThat(folder.resolve("edited/2 title.mp4")).isNotEmptyFile();
        assertCharged(2);
    }

    @Test
    void textThatStaysKeepsItsPlace() throws Exception {
        edit("1 slower.txt", "make it slower");
        edit("2 title.txt", "add the title Lake");
        main.failures()
                .add(GenerationError.of(ErrorCategory.SERVICE_UNAVAILABLE, "nemo", "away")
                        .toException());
        main.shipped("edit-folder.camel.yaml").start();

        awaitFiles(
                "done/1 slower.txt",
                "done/2 title.txt",
                "edited/1 slower.mp4",
                "edited/2 title.mp4",
                "edits/video.mp4",
                "session/session.id");
        assertCharged(2);
    }

    @Test
    void editThatFailsIsSetAsideWithItsReason() throws Exception {
        edit("1 export.txt", "export the video");
        edit("2 slower.txt", "make it slower");
        main.shipped("edit-folder.camel.yaml").start();

        awaitFiles(
                "done/2 slower.txt",
                "edited/2 slower.mp4",
                "edits/video.mp4",
                "failed/1 export.reason.txt",
                "failed/1 export.txt",
                "session/session.id");
        assertThat(Files.readString(folder.resolve("failed/1 export.reason.txt")))
                .contains("genvideo:nemo/export");
        assertCharged(1);
    }
}
