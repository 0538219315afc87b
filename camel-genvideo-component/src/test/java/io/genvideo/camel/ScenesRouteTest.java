/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped route that splits a story into scenes, generates each and merges them. */
class ScenesRouteTest {
    private final ImaContext ima = new ImaContext();

    @TempDir
    Path folder;

    @BeforeEach
    void load() throws Exception {
        ima.camel().getPropertiesComponent().addInitialProperty("genvideo.folder", folder.toString());
        PluginHelper.getRoutesLoader(ima.camel())
                .loadRoutes(ResourceHelper.resolveMandatoryResource(ima.camel(), "file:../routes/scenes.camel.yaml"));
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    private void write(String name, String story) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("stories")).resolve(name), story);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(f -> folder.relativize(f).toString())
                    .filter(f -> !f.startsWith("journal"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void makesOneVideoForEachSceneInTheirOrder() throws Exception {
        write("lake.txt", "\nfog over a lake [[take: 300ms]]\r\n\r\nfog over a lake\nthe sun rises\n");
        ima.start();

        await().untilAsserted(() -> assertThat(files())
                .containsExactly(
                        "done/lake.txt",
                        "videos/lake/scene-1.mp4",
                        "videos/lake/scene-2.mp4",
                        "videos/lake/scene-3.mp4",
                        "videos/lake/scenes.txt"));
        assertThat(Files.readString(folder.resolve("videos/lake/scenes.txt")))
                .isEqualTo("file 'scene-1.mp4'\nfile 'scene-2.mp4'\nfile 'scene-3.mp4'");
        for (int scene = 1; scene <= 3; scene++) {
            assertThat(folder.resolve("videos/lake/scene-" + scene + ".mp4")).isNotEmptyFile();
        }
        ima.assertCharged(3);
    }

    @Test
    void aStoryThatCouldNotBeWrittenIsTakenUpAgainWithoutPaying() throws Exception {
        // Where the folder of the story should be
        Path obstacle = Files.writeString(
                Files.createDirectories(folder.resolve("videos")).resolve("lake"), "");
        write("lake.txt", "a lake\na lake");
        ima.start();
        await().until(() -> ima.charges().size() == 2);
        await().until(() -> ima.component().getUndeliveredResults() >= 0);

        Files.delete(obstacle);

        await().untilAsserted(() -> assertThat(files()).contains("done/lake.txt", "videos/lake/scenes.txt"));
        ima.assertCharged(2);
    }

    @Test
    void aSceneThatIsRefusedFailsItsStoryOnce() throws Exception {
        write("dark.txt", "a lake\na lake [[fail: too dark]]");
        ima.start();

        await().untilAsserted(() -> assertThat(files()).containsExactly("failed/dark.reason.txt", "failed/dark.txt"));
        assertThat(Files.readString(folder.resolve("failed/dark.reason.txt"))).contains("too dark");
        ima.assertCharged(2);
    }
}
