/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped routes that read folders, as their first lines describe them, in YAML and those that exist in XML. */
class FolderRoutesTest extends ShippedRoutes {
    @ParameterizedTest
    @ValueSource(strings = {"two-models.camel.yaml", "two-models.camel.xml"})
    void makesVideosWithTwoModelsAndKeepsBoth(String route) throws Exception {
        blockTemporaryFileOf("lake.txt");
        write("prompts/lake.txt", "a lake at dawn");
        start("journal.camel.yaml", route);

        awaitFiles("done/lake.txt", "videos/lake-1.mp4", "videos/lake-2.mp4");
        assertCharged(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two-models.camel.yaml", "two-models.camel.xml"})
    void takesPromptUpAgainAndPaysEachModelOnce(String route) throws Exception {
        main.failures().add(unpaid());
        write("prompts/lake.txt", "a lake at dawn");
        start("journal.camel.yaml", route);

        awaitFiles("done/lake.txt", "videos/lake-1.mp4", "videos/lake-2.mp4");
        assertThat(main.failures()).isEmpty();
        assertCharged(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two-models.camel.yaml", "two-models.camel.xml"})
    void keepsVideoOfOneModelWhenTheOtherRefuses(String route) throws Exception {
        write("prompts/lake.txt", "a lake at dawn");
        main.property("genvideo.model.2", "no-such-model");
        start("journal.camel.yaml", route);

        awaitFiles("done/lake.txt", "failed/lake-2.reason.txt", "videos/lake-1.mp4");
        assertThat(read("failed/lake-2.reason.txt")).contains("no-such-model");
        assertCharged(1);
    }

    @Test
    void makesVideoBetweenFirstAndLastFrame() throws Exception {
        picture("frames/lake at dawn-first.png");
        picture("frames/lake at dawn-last.png");
        start("journal.camel.yaml", "frame-pairs.camel.yaml");

        awaitFiles("done/lake at dawn-first.png", "done/lake at dawn-last.png", "videos/lake at dawn.mp4");
        assertCharged(1);
    }

    @Test
    void refusesLastFrameWithoutFirst() throws Exception {
        picture("frames/lake-last.png");
        picture("frames/hill-first.png");
        start("journal.camel.yaml", "frame-pairs.camel.yaml");

        awaitFiles("failed/lake-last.png", "failed/lake.reason.txt", "frames/hill-first.png");
        assertThat(read("failed/lake.reason.txt")).contains("no first frame");
        assertCharged(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text-image-video.camel.yaml", "text-image-video.camel.xml"})
    void makesPictureOfTextAndVideoOfPicture(String route) throws Exception {
        // The service refuses pictures as small as the sample
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ofMillis(50))
                .maxDimension(640)
                .frameRate(1)
                .localInputs(true)
                .build())) {
            main = new SandboxMain(folder, sandbox);
            write("prompts/lake.txt", "a lake at dawn");
            start("journal.camel.yaml", route);

            awaitFiles("done/lake.txt", "videos/lake.mp4");
            assertThat(main.charges()).extracting(c -> c.taskId()).doesNotHaveDuplicates();
            assertCharged(2);
            main.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text-image-video.camel.yaml", "text-image-video.camel.xml"})
    void makesNoVideoOfPictureThatFailed(String route) throws Exception {
        write("prompts/dark.txt", "a lake [[fail: too dark]]");
        start("journal.camel.yaml", route);

        awaitFiles("failed/dark.reason.txt", "failed/dark.txt");
        assertThat(read("failed/dark.reason.txt")).contains("too dark");
        assertCharged(1);
    }

    private static GenvideoException unpaid() {
        return GenerationError.of(ErrorCategory.SERVICE_UNAVAILABLE, "ima", "the service did not respond")
                .withRetryable(true)
                .toException();
    }

    @Test
    void triesUnpaidFailureAgain() throws Exception {
        main.failures().addAll(List.of(unpaid(), unpaid()));
        write("prompts/lake.txt", "a lake at dawn");
        main.property("genvideo.attemptDelay", "1");
        start("journal.camel.yaml", "dead-letter.camel.yaml");

        awaitFiles("done/lake.txt", "videos/lake.mp4");
        assertThat(main.failures()).isEmpty();
        assertCharged(1);
    }

    @Test
    void movesUnpaidFailureToDeadLettersAfterItsAttempts() throws Exception {
        main.failures().addAll(List.of(unpaid(), unpaid(), unpaid(), unpaid()));
        write("prompts/lake.txt", "a lake at dawn");
        main.property("genvideo.attempts", "2");
        main.property("genvideo.attemptDelay", "1");
        start("journal.camel.yaml", "dead-letter.camel.yaml");

        awaitFiles("dead/lake.reason.json", "dead/lake.txt");
        assertThat(main.failures()).as("three of four attempts are made").hasSize(1);
        assertCharged(0);
    }

    @Test
    void movesPaidFailureToDeadLettersAtOnce() throws Exception {
        write("prompts/dark.txt", "a lake [[fail: too dark]]");
        main.property("genvideo.attemptDelay", "1");
        start("journal.camel.yaml", "dead-letter.camel.yaml");

        awaitFiles("dead/dark.reason.json", "dead/dark.txt");
        JsonNode reason = new ObjectMapper().readTree(read("dead/dark.reason.json"));
        assertThat(reason.get("paid").asText()).isEqualTo("UNKNOWN");
        assertThat(reason.get("handle").asText())
                .isEqualTo(main.charges().get(0).taskId());
        assertCharged(1);
    }

    @Test
    void movesLostCreateCallToDeadLettersWithoutSecondCall() throws Exception {
        main.sandbox()
                .faults()
                .add(FaultRule.on("ima", "create", Fault.loseAnswer()).times(1));
        write("prompts/lake.txt", "a lake at dawn");
        main.property("genvideo.attemptDelay", "1");
        start("journal.camel.yaml", "dead-letter.camel.yaml");

        awaitFiles("dead/lake.reason.json", "dead/lake.txt");
        assertThat(read("dead/lake.reason.json")).contains("UNCERTAIN", "recordId");
        assertThat(main.charges()).hasSize(1);
    }

    /** Exchanges that come from one file and end together must not write into one temporary file: the videos would be mixed up. */
    private void blockTemporaryFileOf(String source) throws Exception {
        write("videos/.writing-" + source + "/.folder", "is not empty, so that no file can take its place");
    }

    @Test
    void makesVideosOfLinesOfCsvByTheClock() throws Exception {
        blockTemporaryFileOf("videos.csv");
        write(
                "batch/videos.csv",
                "name,prompt\nlake,\"a lake\", at dawn\n\nhill,a hill\n../etc,a trap\ndark,night [[fail: too dark]]\n");
        main.property("genvideo.cron", "0/1 * * * * ?");
        start("journal.camel.yaml", "nightly-batch.camel.yaml");

        awaitFiles("done/videos.csv", "failed/dark.reason.txt", "videos/hill.mp4", "videos/lake.mp4");
        assertThat(read("failed/dark.reason.txt")).contains("too dark");
        assertCharged(3);
    }

    @Test
    void takesListUpAgainAndPaysEachLineOnce() throws Exception {
        main.failures().add(unpaid());
        write("batch/videos.csv", "lake,a lake\nhill,a hill\nsea,the sea\n");
        main.property("genvideo.cron", "0/1 * * * * ?");
        start("journal.camel.yaml", "nightly-batch.camel.yaml");

        awaitFiles("done/videos.csv", "videos/hill.mp4", "videos/lake.mp4", "videos/sea.mp4");
        assertThat(main.failures()).isEmpty();
        assertCharged(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"submit-and-collect.camel.yaml", "submit-and-collect.camel.xml"})
    void submitsNowAndCollectsLater(String route) throws Exception {
        write("prompts/lake.txt", "a lake at dawn");
        write("prompts/dark.txt", "a lake [[fail: too dark]]");
        start("journal.camel.yaml", route);

        awaitFiles("failed/dark.reason.txt", "submitted/dark.txt", "submitted/lake.txt", "videos/lake.mp4");
        assertThat(read("failed/dark.reason.txt")).contains("too dark");
        assertCharged(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"submit-and-collect.camel.yaml", "submit-and-collect.camel.xml"})
    void submitsAgainWhatServiceDidNotRespondTo(String route) throws Exception {
        main.failures().addAll(List.of(unpaid(), unpaid()));
        write("prompts/lake.txt", "a lake at dawn");
        start("journal.camel.yaml", route);

        awaitFiles("submitted/lake.txt", "videos/lake.mp4");
        assertThat(main.failures()).isEmpty();
        assertCharged(1);
    }

    @Test
    void logsPriceOnlyIfServiceReportsOne() {
        Configurator.setLevel("outbox", Level.INFO);
        start("file-drop.camel.yaml");

        main.send("direct:outbox", "video", Map.of(Exchange.FILE_NAME, "lake.mp4", "CamelGenvideoCredits", 8));
        main.send("direct:outbox", "video", Map.of(Exchange.FILE_NAME, "hill.mp4"));

        assertThat(main.logged())
                .containsExactly(
                        "lake: the video is in " + folder + "/outbox (8 credits)",
                        "hill: the video is in " + folder + "/outbox");
    }
}
