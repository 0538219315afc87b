/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.filedrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first route of the README, as it is printed there; only its two folders are replaced. */
class ReadmeRouteTest {
    private static final Path README = Path.of("..", "..", "README.md");
    private static final Pattern FIRST_YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final Sandbox sandbox = Sandbox.start(
            SandboxConfig.builder().rendering(SandboxConfig.Rendering.SAMPLE).build());
    private final Main main = new Main();

    @BeforeEach
    void start() throws IOException {
        Matcher yaml = FIRST_YAML.matcher(Files.readString(README));
        assertThat(yaml.find()).isTrue();
        Path route = Files.writeString(
                folder.resolve("readme.camel.yaml"),
                yaml.group(1)
                        .replace("file:inbox", "file:" + folder.resolve("inbox"))
                        .replace("file:outbox", "file:" + folder.resolve("outbox")));
        main.addInitialProperty("camel.component.genvideo.accounts[ima].apiKey", "ima_readme");
        main.addInitialProperty(
                "camel.component.genvideo.accounts[ima].baseUrl",
                sandbox.imaUri().toString());
        main.addInitialProperty(
                "camel.component.genvideo.accounts[ima].uploadUrl",
                sandbox.imaUploadUri().toString());
        main.addInitialProperty("camel.component.genvideo.pollInterval", "200ms");
        main.configure().withRoutesIncludePattern("file:" + route);
        main.start();
    }

    @AfterEach
    void stop() {
        main.stop();
        sandbox.close();
    }

    @Test
    void writesVideoOfPictureAndAttemptsRefusedFileOnce() throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        Files.writeString(inbox.resolve("refused.jpg"), "<project/>");
        awaitFile("inbox/failed/refused.jpg");
        try (InputStream picture = ReadmeRouteTest.class.getResourceAsStream("/sample/mountain-lake.jpg")) {
            Files.copy(Objects.requireNonNull(picture), inbox.resolve("photo.jpg"));
        }

        awaitFile("outbox/photo.mp4");
        assertThat(sandbox.ledger().requests())
                .as("only the picture is uploaded, and requested once")
                .containsEntry("ima/upload-put", 1L)
                .containsEntry("ima/create", 1L);
        assertThat(sandbox.ledger().charges()).hasSize(1);
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    private void awaitFile(String name) {
        await().atMost(TIMEOUT).until(() -> Files.isRegularFile(folder.resolve(name)));
    }
}
