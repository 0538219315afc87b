/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the folder routes share: a program with accounts at the sandbox, and a folder. */
abstract class ShippedRoutes {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    SandboxMain main;

    @BeforeEach
    void create() {
        main = new SandboxMain(folder);
    }

    @AfterEach
    void stop() {
        main.close();
        main.sandbox().faults().clear();
    }

    void start(String... files) {
        main.shipped(files).start();
    }

    void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Path hidden = Files.writeString(file.resolveSibling("." + file.getFileName()), text);
        Files.move(hidden, file);
    }

    void picture(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    }

    List<String> files() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> !f.getFileName().toString().startsWith("."))
                    .map(f -> folder.relativize(f).toString())
                    .filter(f -> !f.startsWith("journal/") && !f.equals("openapi.json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            // A file was moved meanwhile
            return List.of();
        }
    }

    void awaitFiles(String... names) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(files()).as(this::reasons).containsExactly(names));
    }

    /** What the routes have written about failures, for the message of a test that fails. */
    private String reasons() {
        return files().stream()
                .filter(f -> f.contains(".reason."))
                .map(f -> {
                    try {
                        return f + ": " + read(f);
                    } catch (IOException e) {
                        return f + ": " + e;
                    }
                })
                .toList()
                .toString();
    }

    String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    void assertCharged(int times) {
        assertThat(main.charges()).hasSize(times);
        assertThat(main.violations()).isZero();
    }
}
