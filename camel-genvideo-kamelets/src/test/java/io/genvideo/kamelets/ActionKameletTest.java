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
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.NotifyBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a route with an action kamelet may rely on, as with the endpoint itself. */
class ActionKameletTest {
    @TempDir
    static Path folder;

    private static KameletApplication application;

    @BeforeAll
    static void start() throws Exception {
        Path routes = Files.writeString(folder.resolve("actions.camel.yaml"), """
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
                    id: files
                    from:
                      uri: "file:{{folder}}/inbox"
                      parameters:
                        readLock: none
                      steps:
                        - to: kamelet:genvideo-image-to-video-action?prompt=wind in the trees
                        - throwException:
                            exceptionType: java.lang.IllegalStateException
                            message: the step after it fails
                """);
        application = new KameletApplication(folder).start("file:" + routes, Map.of());
    }

    @AfterAll
    static void close() {
        application.close();
    }

    @Test
    void attachesToItsTaskWhenRouteRedelivers() {
        Exchange done = application.send("direct:impatient", "A lake [[take: 2s]]");

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isInstanceOf(GenerationTask.class);
        assertThat(application.charges("A lake [[take: 2s]]")).isEqualTo(1);
    }

    @Test
    void attachesToItsTaskWhenSourceOffersFileAgain() throws Exception {
        NotifyBuilder rolledBack = new NotifyBuilder(application.camel())
                .fromRoute("files")
                .whenFailed(3)
                .create();
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        KameletApplication.picture(inbox.resolve("photo.png"));

        assertThat(rolledBack.matches(30, TimeUnit.SECONDS)).isTrue();
        assertThat(application.charges("wind in the trees")).isEqualTo(1);
    }

    @Test
    void canBeChained() {
        Exchange done = application.send("direct:chain", "A lake by day");

        assertThat(done.getMessage().getBody(GenerationTask.class).operation().path())
                .isEqualTo("image_to_video");
        assertThat(done.getMessage().getHeaders()).doesNotContainKey(GenvideoConstants.PROMPT);
        assertThat(application.charges("A lake by day")).isEqualTo(1);
        assertThat(application.charges("the same scene by night")).isEqualTo(1);
    }

    @Test
    void refusesWrongParameterBeforeAnythingIsPaid() {
        Exchange done = application.send("direct:refused", "A lake in 9k");

        assertThat(done.getException())
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("resolution=9k is not allowed");
        assertThat(application.charges("A lake in 9k")).isZero();
    }
}
