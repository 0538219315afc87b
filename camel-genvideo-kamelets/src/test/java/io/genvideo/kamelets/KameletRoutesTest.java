/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.kamelets;

import static io.genvideo.kamelets.KameletApplication.awaitFile;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.camel.GenvideoConstants;
import io.genvideo.model.Credits;
import io.genvideo.model.GenerationTask;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kamelet in a route of each language that has no Java. */
@ParameterizedClass
@ValueSource(strings = {"yaml", "xml"})
class KameletRoutesTest {
    @TempDir
    static Path folder;

    private static KameletApplication application;

    @Parameter
    String language;

    @BeforeParameterizedClassInvocation
    static void start(String language) throws Exception {
        application = new KameletApplication(Files.createDirectory(folder.resolve(language)))
                .start("classpath:io/genvideo/kamelets/kamelets.camel." + language, Map.of());
    }

    @AfterParameterizedClassInvocation
    static void close() {
        assertThat(application.sandbox().ledger().violations()).isEmpty();
        application.close();
    }

    @Test
    void makesVideoOfText() {
        Exchange done = application.send("direct:text", "A lake at dawn");

        GenerationTask task = done.getMessage().getBody(GenerationTask.class);
        assertThat(task.operation().path()).isEqualTo("text_to_video");
        assertThat(task.media())
                .singleElement()
                .satisfies(video -> assertThat(video.duration()).isEqualTo(10));
        assertThat(application.charges("A lake at dawn")).isEqualTo(1);
    }

    @Test
    void makesVideoOfPictureAndKeepsEveryCharacterOfPrompt() throws Exception {
        Path picture = KameletApplication.picture(folder.resolve(language).resolve("lake.png"));

        Exchange done = application.send("direct:image", picture.toFile());

        assertThat(Files.readString(done.getMessage().getBody(Path.class), ISO_8859_1))
                .contains("ftyp");
        assertThat(application.charges("Wind&rain, 50% more + thunder")).isEqualTo(1);
    }

    @Test
    void receivesResultThatNobodyWaitsFor() throws Exception {
        MockEndpoint results = application.mock("results");
        results.expectedMessageCount(1);
        results.expectedHeaderReceived(GenvideoConstants.STATUS, "SUCCEEDED");

        application.send("genvideo:ima/text_to_video?waitForResult=false", "A lake at noon");

        results.assertIsSatisfied();
        assertThat(results.getExchanges().get(0).getMessage().getHeader(Exchange.FILE_NAME, String.class))
                .endsWith(".mp4");
    }

    @Test
    void readsBalance() throws Exception {
        MockEndpoint credits = application.mock("credits");
        credits.expectedMinimumMessageCount(1);

        credits.assertIsSatisfied();

        Exchange read = credits.getExchanges().get(0);
        assertThat(read.getMessage().getBody()).isInstanceOf(Credits.class);
        assertThat(read.getMessage().getHeader(GenvideoConstants.CREDITS, BigDecimal.class))
                .isPositive();
    }

    @Test
    void makesVideoOfEachPictureInFolder() throws Exception {
        Path drop = folder.resolve(language);
        KameletApplication.drop(drop, "photo", "birds over the lake");

        awaitFile(drop.resolve("outbox/photo.mp4"));
        awaitFile(drop.resolve("done/photo.png"));
        awaitFile(drop.resolve("done/photo.txt"));
        assertThat(application.charges("birds over the lake")).isEqualTo(1);
    }
}
