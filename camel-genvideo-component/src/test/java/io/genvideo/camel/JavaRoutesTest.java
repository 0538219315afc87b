/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Ledger;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What may be handed over as an input, and how steps chain. */
class JavaRoutesTest {
    private static final String IMAGE = "genvideo:ima/image_to_video?prompt=slowly";
    private static final String FRAMES = "genvideo:ima/first_last_frame_to_video?prompt=slowly";

    private final ImaContext ima = new ImaContext();

    @TempDir
    static Path folder;

    @AfterEach
    void stop() {
        ima.close();
    }

    static Stream<Object> singleInputs() throws Exception {
        Path file = ImaContext.picture(folder.resolve("one.png"), 1);
        return Stream.of(
                file,
                file.toFile(),
                ImaContext.picture(1),
                new ByteArrayInputStream(ImaContext.picture(1)),
                "https://example.com/picture.png",
                URI.create("https://example.com/picture.png"),
                List.of(file),
                new Object[] {file},
                Map.of("image", file),
                Map.of("first-frame", file),
                new MediaInput(null, new MediaSource.Local(file, null)));
    }

    @ParameterizedTest
    @MethodSource("singleInputs")
    void aPictureMayComeInManyForms(Object picture) {
        ima.start();

        Exchange byBody = ima.generate(IMAGE, picture);
        assertThat(byBody.getMessage().getBody(GenerationTask.class).status()).isEqualTo(TaskStatus.SUCCEEDED);
        ima.assertCharged(1);
    }

    @Test
    void inputsMayComeInAHeader() throws Exception {
        ima.start();
        Path file = ImaContext.picture(folder.resolve("header.png"), 2);

        Exchange done = ima.send(
                "genvideo:ima/image_to_video",
                "is not read",
                Map.of(GenvideoConstants.INPUTS, file, GenvideoConstants.PROMPT, "by header"));

        assertThat(done.getException()).isNull();
        ima.assertCharged(1);
        assertThat(ima.charges().get(0).promptHash()).isEqualTo(Ledger.hash("by header"));
    }

    @Test
    void firstAndLastFrameAreToldByOrderOrByRole() {
        ima.start();
        byte[] first = ImaContext.picture(1);
        byte[] last = ImaContext.picture(2);
        Map<String, Object> byRole = new LinkedHashMap<>();
        byRole.put("last_frame", last);
        byRole.put("first_frame", first);

        ima.generate(FRAMES, List.of(first, last));
        ima.generate(FRAMES, new Object[] {first, new ByteArrayInputStream(last)});
        ima.generate(FRAMES, byRole);
        ima.generate(FRAMES, List.of(last, first));

        ima.assertCharged(4);
        List<String> sources =
                ima.charges().stream().map(Ledger.Charge::sourceHash).toList();
        assertThat(sources.subList(0, 3)).as("the same two frames").containsOnly(sources.get(0));
        assertThat(sources.get(3)).as("the other way round").isNotEqualTo(sources.get(0));
    }

    @Test
    void theFileConsumersPictureIsTheInput() throws Exception {
        ImaContext.picture(folder.resolve("in/lake.png"), 3);
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + folder + "/in?move=../done").to(IMAGE).to("mock:done");
            }
        });
        NotifyBuilder done = new NotifyBuilder(ima.camel()).whenCompleted(1).create();
        ima.start();

        assertThat(done.matches(20, TimeUnit.SECONDS)).isTrue();
        ima.assertCharged(1);
        assertThat(folder.resolve("done/lake.png")).exists();
        Exchange last = ima.camel()
                .getEndpoint("mock:done", MockEndpoint.class)
                .getExchanges()
                .get(0);
        assertThat(last.getMessage().getHeader(GenvideoConstants.REFERENCE)).isEqualTo("lake.png");
        assertThat(last.getMessage().getBody(GenerationTask.class).reference()).isEqualTo("lake.png");
    }

    @Test
    void stepsChain() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:chain").to(IMAGE).to("genvideo:ima/image_to_video?prompt=again");
                    }
                })
                .start();

        Exchange done = ima.send("direct:chain", ImaContext.picture(4), Map.of());

        assertThat(done.getException())
                .as("the cover of the first video is the picture of the second")
                .isNull();
        ima.assertCharged(2);
    }

    @Test
    void aVideoIsNoPicture() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:video").to(IMAGE);
                    }
                })
                .start();

        Exchange done = ima.send("direct:video", "https://cdn.example.com/film.mp4", Map.of());

        assertThat(done.getException()).hasMessageContaining("takes pictures only");
        ima.assertCharged(0);
    }

    @Test
    void aRequestAsBodySaysItAll() {
        ima.start();
        GenerationRequest request = GenerationRequest.builder()
                .model("kling-video-o1")
                .prompt("from the body")
                .input(new MediaInput(MediaRole.LAST_FRAME, new MediaSource.Bytes(ImaContext.picture(2), null, null)))
                .input(new MediaInput(MediaRole.FIRST_FRAME, new MediaSource.Bytes(ImaContext.picture(1), null, null)))
                .build();

        ima.generate(FRAMES + "&model=wan2.6-i2v", request);

        ima.assertCharged(1);
        assertThat(ima.charges().get(0).model()).isEqualTo("kling-video-o1");
        assertThat(ima.charges().get(0).promptHash()).isEqualTo(Ledger.hash("from the body"));
    }

    @Test
    void aRequestOfAnotherOperationIsRefused() {
        ima.start();
        Exchange done = ima.send(
                "genvideo:ima/text_to_video",
                GenerationRequest.builder()
                        .operation(Operation.IMAGE_TO_VIDEO)
                        .prompt("x")
                        .build(),
                Map.of());

        assertThat(done.getException())
                .hasMessageContaining("the body is a request for image_to_video, but the endpoint does text_to_video");
        ima.assertCharged(0);
    }
}
