/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.camel.GenvideoConstants;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.InvalidGenerationRequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a route with an action kamelet may rely on, as with the endpoint itself. */
class ActionKameletTest {
    @TempDir
    Path folder;

    private KameletApplication application;

    @BeforeEach
    void start() throws Exception {
        Path routes = Files.writeString(
                folder.resolve("actions.camel.yaml"),
                """
                - route:
                    errorHandler:
                      defaultErrorHandler:
                        redeliveryPolicy:
                          maximumRedeliveries: 20
                          redeliveryDelay: 10
                    from:
                      uri: direct:impatient
                      steps:
                        - to:
                            uri: kamelet:genvideo-text-to-video-action
                            parameters:
                              timeout: 300ms
                - route:
                    from:
                      uri: direct:chain
                      steps:
                        - to: kamelet:genvideo-text-to-video-action
                        - to:
                            uri: kamelet:genvideo-image-to-video-action
                            parameters:
                              prompt: the same scene by night
                - route:
                    from:
                      uri: direct:refused
                      steps:
                        - to:
                            uri: kamelet:genvideo-text-to-video-action
                            parameters:
                              resolution: 9k
                - route:
                    from:
                      uri: "file:{{folder}}/inbox"
                      parameters:
                        readLock: none
                      steps:
                        - to: kamelet:genvideo-image-to-video-action?prompt=wind
                        - throwException:
                            exceptionType: java.lang.IllegalStateException
                            message: the step after it fails
                """);
        application = new KameletApplication(folder).start("file:" + routes, Map.of());
    }

    @AfterEach
    void close() {
        application.close();
    }

    @Test
    void attachesToItsTaskWhenRouteRedelivers() {
        Exchange done = application.send("direct:impatient", "A lake [[take: 2s]]");

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isInstanceOf(GenerationTask.class);
        assertThat(application.sandbox().ledger().charges()).hasSize(1);
    }

    @Test
    void attachesToItsTaskWhenSourceOffersFileAgain() throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        KameletApplication.picture(inbox.resolve("photo.png"));

        application.awaitRollbacks(3);

        assertThat(application.sandbox().ledger().charges()).hasSize(1);
    }

    @Test
    void canBeChained() {
        Exchange done = application.send("direct:chain", "A lake");

        assertThat(done.getMessage().getBody(GenerationTask.class).operation().path())
                .isEqualTo("image_to_video");
        assertThat(done.getMessage().getHeaders()).doesNotContainKey(GenvideoConstants.PROMPT);
        assertThat(application.sandbox().ledger().charges()).hasSize(2);
    }

    @Test
    void refusesWrongParameterBeforeAnythingIsPaid() {
        Exchange done = application.send("direct:refused", "A lake");

        assertThat(done.getException())
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("resolution=9k is not allowed");
        assertThat(application.sandbox().ledger().charges()).isEmpty();
    }
}
