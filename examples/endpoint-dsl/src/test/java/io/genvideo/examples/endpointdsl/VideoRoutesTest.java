/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.endpointdsl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoRoutesTest {
    @TempDir
    Path videos;

    private final Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
            .taskDuration(Duration.ofMillis(200))
            .rendering(SandboxConfig.Rendering.SAMPLE)
            .build());
    private final Main main = new Main();
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        main.addInitialProperty("videos", videos.toString());
        main.addInitialProperty("camel.component.genvideo.accounts[ima].apiKey", "ima_endpointdsl");
        main.addInitialProperty(
                "camel.component.genvideo.accounts[ima].baseUrl",
                sandbox.imaUri().toString());
        main.addInitialProperty("camel.component.genvideo.pollInterval", "20ms");
        main.configure().addRoutesBuilder(new VideoRoutes());
        main.start();
        template = main.getCamelTemplate();
    }

    @AfterEach
    void stop() {
        main.stop();
        sandbox.close();
    }

    @Test
    void returnsFileOfVideo() throws Exception {
        Path video = template.requestBody("direct:video", "A lake at dawn", Path.class);

        assertThat(Files.readString(video, ISO_8859_1)).contains("ftyp");
        assertThat(sandbox.ledger().charges())
                .singleElement()
                .satisfies(charge -> assertThat(charge.model()).isEqualTo("wan2.6-t2v"));
    }

    @Test
    void writesVideoThatNobodyWaitsFor() {
        String taskId = template.requestBody("direct:start", "A lake at dawn", String.class);

        await().atMost(Duration.ofSeconds(30)).until(() -> Files.isRegularFile(videos.resolve(taskId + ".mp4")));
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }
}
