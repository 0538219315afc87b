/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.PictureSamples;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/mediaio.md section 6: public URLs only, and what a picture or video may be. */
class MediaioInputsTest extends MediaioTestSupport {
    private static final String MOTION = "Motion Control Kling 2.6";
    private static final CallOptions UPLOADING =
            uploading(input -> CompletableFuture.completedStage(URI.create("https://store.example.com/uploaded")));

    @TempDir
    Path folder;

    private static String refusedWithUploader(GenerationRequest request) {
        GenvideoException e = failure(() -> provider().plan(request, UPLOADING));
        assertThat(e.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
        return e.getError().message();
    }

    private static MediaInput role(String role, String url) {
        return url(MediaRole.fromPath(role).orElseThrow(), url);
    }

    @Test
    void urlsGoIntoTheFieldsOfTheModel() {
        assertThat(sent(kling().input(url(PICTURE)).build()).path("image").asText())
                .isEqualTo(PICTURE);
        assertThat(sent(kling().input(role("first_frame", PICTURE)).build())
                        .path("image")
                        .asText())
                .isEqualTo(PICTURE);
        assertThat(sent(request(Operation.IMAGE_TO_IMAGE, "Nano Banana")
                                .input(url(PICTURE))
                                .build())
                        .path("images"))
                .hasToString("[\"" + PICTURE + "\"]");
        assertThat(sent(request(Operation.IMAGE_TO_IMAGE, "Nano Banana")
                                .input(url("https://h/1.png"))
                                .input(url("https://h/2.png"))
                                .build())
                        .path("images"))
                .hasToString("[\"https://h/1.png\",\"https://h/2.png\"]");
    }

    @ParameterizedTest
    @CsvSource({"video_to_video", "image_to_video", "generate"})
    void motionControlTakesAVideoAndAPictureInAnyOrder(String operation) {
        var request = request(Operation.fromPath(operation).orElseThrow(), MOTION)
                .input(url(PICTURE))
                .input(url(VIDEO))
                .build();

        assertThat(sent(request).path("video").asText()).isEqualTo(VIDEO);
        assertThat(sent(request).path("image").asText()).isEqualTo(PICTURE);
    }

    @Test
    void rolesTellUrlsApartThatTellNothing() {
        var request = request(Operation.VIDEO_TO_VIDEO, MOTION)
                .input(role("video", "https://h/1"))
                .input(role("image", "https://h/2"))
                .build();

        assertThat(sent(request).path("video").asText()).isEqualTo("https://h/1");
        assertThat(refusal(request(Operation.VIDEO_TO_VIDEO, MOTION)
                        .input(url("https://h/1"))
                        .input(url("https://h/2"))
                        .build()))
                .isEqualTo("input https://h/1 does not tell what it is; give its role (image or video)");
    }

    @Test
    void mediaMayBeGivenByTheServicesNames() {
        assertThat(sent(kling().parameter("image", PICTURE).build())
                        .path("image")
                        .asText())
                .isEqualTo(PICTURE);
        assertThat(sent(request(Operation.IMAGE_TO_IMAGE, "Seedream 4.0")
                                .parameter("images", List.of("https://h/1.png", "https://h/2.png"))
                                .build())
                        .path("images"))
                .hasToString("[\"https://h/1.png\",\"https://h/2.png\"]");
        assertThat(sent(request(Operation.IMAGE_TO_IMAGE, "Seedream 4.0")
                                .parameter("images", "[\"https://h/1.png\"]")
                                .build())
                        .path("images"))
                .hasToString("[\"https://h/1.png\"]");
        assertThat(refusal(kling().parameter("image", "a text of mine").build()))
                .isEqualTo("param.image needs one http or https URL");
        assertThat(refusal(request(Operation.VIDEO_TO_VIDEO, MOTION)
                        .parameter("image", PICTURE)
                        .input(url(PICTURE))
                        .build()))
                .isEqualTo("an input and param.image are for the same field of Motion Control Kling 2.6; give one of"
                        + " them");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text_to_video|Wan 2.6|image=a.png|inputs: 1 given, but text_to_video with Wan 2.6 takes none",
                "image_to_video|Kling 2.1||inputs: 0 given, but image_to_video with Kling 2.1 takes exactly 1",
                "image_to_video|Kling 2.1|image=a.png image=b.png|inputs: 2 given, but image_to_video with Kling 2.1 takes exactly 1",
                "image_to_video|Kling 2.1|last_frame=a.png|has the role last_frame, but image_to_video takes first_frame, image",
                "image_to_video|Kling 2.1|video=a.mp4|has the role video, but image_to_video takes first_frame, image",
                "image_to_video|Kling 2.1|image=a.bmp|input https://h/a.bmp is image/bmp; allowed for Kling 2.1: image/gif, image/heic, image/jpeg, image/png, image/webp",
                "image_to_video|Kling 2.1|image=a.mp4|input https://h/a.mp4 is video/mp4; allowed for Kling 2.1",
                "image_to_image|Nano Banana||inputs: 0 given, but image_to_image with Nano Banana takes 1 to 9",
                "image_to_image|Nano Banana|image=a.webp|input https://h/a.webp is image/webp; allowed for Nano Banana: image/jpeg, image/png",
                "image_to_image|Nano Banana|image=1.png image=2.png image=3.png image=4.png image=5.png image=6.png image=7.png image=8.png image=9.png image=10.png|inputs: 10 given",
                "video_to_video|Motion Control Kling 2.6|video=a.mp4|inputs: 1 given, but video_to_video with Motion Control Kling 2.6 takes exactly 2",
                "video_to_video|Motion Control Kling 2.6|video=a.mp4 video=b.mp4|inputs: 2 given for video, but Motion Control Kling 2.6 takes 1 there",
                "video_to_video|Motion Control Kling 2.6|video=a.webm image=b.png|input https://h/a.webm is video/webm; allowed for Motion Control Kling 2.6: video/mp4, video/quicktime"
            })
    void rejectsUnsuitableInputs(String operation, String model, String inputs, String text) {
        GenerationRequest.Builder request =
                request(Operation.fromPath(operation).orElseThrow(), model);
        for (String input : inputs == null ? new String[0] : inputs.split(" ")) {
            String[] parts = input.split("=");
            request.input(role(parts[0], "https://h/" + parts[1]));
        }

        assertThat(refusal(request.build())).contains(text);
        SERVICE.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void fileWithoutUploaderIsRefusedWithBothWaysOut() throws IOException {
        Path file = Files.write(folder.resolve("a.jpg"), PictureSamples.picture("image/jpeg", 800, 600));

        assertThat(refusal(kling().input(MediaInput.of(new MediaSource.Local(file, null)))
                        .build()))
                .isEqualTo(
                        "input a.jpg is a local file. Media.io takes public URLs only and has no upload: give a public"
                                + " URL, or set option uploadVia to an endpoint of the route's own (for example direct:upload)"
                                + " that stores the file and returns its public URL");
        assertThat(refusal(kling().input(picture("a.png", 800, 600)).build())).contains("uploadVia");
        SERVICE.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void uploaderBringsFilesToUrlsInTheirOrderOnce() {
        List<MediaInput> uploaded = new ArrayList<>();
        CallOptions options = uploading(input -> {
            uploaded.add(input);
            return CompletableFuture.completedStage(
                    URI.create("https://store.example.com/" + input.source().displayName() + "?sig=1"));
        });
        GenerationRequest request = request(Operation.IMAGE_TO_IMAGE, "Nano Banana")
                .input(picture("1.png", 800, 600))
                .input(url(PICTURE))
                .input(picture("3.jpg", 800, 600))
                .build();
        stub(okJson(CREATED));

        PlannedGeneration plan = await(provider().plan(request, options));
        assertThat(uploaded).isEmpty();
        await(plan.stage());
        ReadyGeneration ready = await(plan.stage());
        await(ready.submit());

        assertThat(uploaded).extracting(i -> i.source().displayName()).containsExactlyInAnyOrder("1.png", "3.jpg");
        assertThat(SERVICE.findAll(postRequestedFor(anyUrl())).get(0).getBodyAsString())
                .contains("\"images\":[\"https://store.example.com/1.png?sig=1\",\"" + PICTURE
                        + "\",\"https://store.example.com/3.jpg?sig=1\"]");
        assertThat(await(ready.refresh())).isSameAs(ready);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"ftp://h/a.png", "file:///tmp/a.png", "a.png", ","})
    void uploaderMustReturnAnHttpUrl(String returned) {
        GenerationRequest request = kling().input(picture("a.png", 800, 600)).build();
        CallOptions options =
                uploading(input -> CompletableFuture.completedStage(returned == null ? null : URI.create(returned)));

        GenvideoException e =
                failure(() -> await(provider().plan(request, options)).stage());

        assertThat(e.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
        assertThat(e.getError().message())
                .isEqualTo(
                        "the uploader (option uploadVia) returned no http or https URL for input a.png; Media.io needs"
                                + " a public URL");
    }

    @Test
    void failureOfTheUploaderFailsTheRequestBeforeItIsPaid() {
        GenerationRequest request = kling().input(picture("a.png", 800, 600)).build();
        CallOptions options = uploading(input -> CompletableFuture.failedStage(
                io.genvideo.model.GenerationError.of(ErrorCategory.SERVICE_UNAVAILABLE, "mediaio", "the store is down")
                        .toException()));

        GenvideoException e =
                failure(() -> await(provider().plan(request, options)).stage());

        assertThat(e).hasMessageContaining("the store is down");
        SERVICE.verify(0, postRequestedFor(anyUrl()));
    }

    @ParameterizedTest(name = "{0} {1} {2}x{3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Kling 2.1|a.png|299|600|a.png is 299x600 pixels large; allowed for Kling 2.1: a width and a height of 300 to 4000",
                "Kling 2.1|a.jpg|600|4001|a width and a height of 300 to 4000",
                "Kling 2.1|a.webp|1600|600|width to height as 0.4:1 to 2.5:1",
                "Kling 2.1|a.heic|600|1600|width to height as 0.4:1 to 2.5:1",
                "Kling 2.1|a.gif|600|1500|",
                "Kling 2.1|a.gif|1500|600|",
                "Kling 2.1|a.bmp|800|600|a.bmp is image/bmp; allowed for Kling 2.1",
                "Wan 2.6|a.bmp|2000|2000|",
                "Wan 2.6|a.bmp|2001|2000|a width and a height of 300 to 2000",
                "Vidu Q3|a.jpg|150|600|",
                "Vidu Q3|a.jpg|150|601|width to height as 1:4 to 4:1",
                "Vidu Q3|a.webp|800|600|a.webp is image/webp; allowed for Vidu Q3: image/jpeg, image/png",
                "Google Veo 3.1|a.jpg|1300|600|width to height as 0.4:1 to 2:1",
                "Google Veo 3.1|a.jpg|600|1500|"
            })
    void checksTheHeaderOfALocalPicture(String model, String name, int width, int height, String text) {
        GenerationRequest request = request(Operation.IMAGE_TO_VIDEO, model)
                .input(picture(name, width, height))
                .build();

        if (text == null) {
            assertThat(sent(request, UPLOADING).path("image").asText()).isEqualTo("https://store.example.com/uploaded");
        } else {
            assertThat(refusedWithUploader(request)).contains(text);
        }
    }

    @Test
    void rejectsPictureThatIsTooManyBytesLarge() {
        byte[] large = Arrays.copyOf(PictureSamples.picture("image/jpeg", 800, 600), (10 << 20) + 1);

        assertThat(refusedWithUploader(request(Operation.IMAGE_TO_VIDEO, "Vidu Q2")
                        .input(MediaInput.of(new MediaSource.Bytes(large, "a.jpg", null)))
                        .build()))
                .isEqualTo("input a.jpg is 10485761 bytes large; allowed for Vidu Q2: at most 10 MB");
    }

    @Test
    void rejectsDamagedPictureAndWhatIsNone() {
        byte[] damaged = Arrays.copyOf(PictureSamples.picture("image/jpeg", 800, 600), 300);

        assertThat(refusedWithUploader(kling().input(MediaInput.of(new MediaSource.Bytes(damaged, "a.jpg", null)))
                        .build()))
                .isEqualTo("input a.jpg is image/jpeg whose header does not give its width and height; is the file"
                        + " complete?");
        assertThat(refusedWithUploader(kling().input(MediaInput.of(new MediaSource.Bytes(
                                "<project/>".getBytes(StandardCharsets.UTF_8), "a.jpg", "image/jpeg")))
                        .build()))
                .startsWith("input a.jpg is no picture, video or audio but text");
    }

    @ParameterizedTest(name = "{0}x{1} {2} s {3} frames")
    @CsvSource(
            delimiter = '|',
            value = {
                "1280|720|5|125|",
                "1280|720|5.005|120|",
                "720|719|5|125|720x719 pixels large",
                "2161|1080|5|125|a width and a height of 720 to 2160",
                "1280|720|2.9|72|is 2.9 seconds long; allowed for Motion Control Kling 2.6: 3 to 30",
                "1280|720|30.1|753|is 30.1 seconds long",
                "1280|720|5|100|is 20 frames per second; allowed for Motion Control Kling 2.6: 24 to 60",
                "1280|720|5|400|is 80 frames per second"
            })
    void checksTheHeaderOfALocalVideo(int width, int height, double seconds, int frames, String text) {
        MediaInput video = MediaInput.of(
                new MediaSource.Bytes(PictureSamples.video(width, height, seconds, frames), "a.mp4", null));
        GenerationRequest request = request(Operation.VIDEO_TO_VIDEO, MOTION)
                .input(video)
                .input(url(PICTURE))
                .build();

        if (text == null) {
            assertThat(sent(request, UPLOADING).path("video").asText()).isEqualTo("https://store.example.com/uploaded");
        } else {
            assertThat(refusedWithUploader(request)).contains(text);
        }
    }

    @Test
    void fileThatChangesBetweenCheckAndUploadIsCheckedAgain() throws IOException {
        Path file = Files.write(folder.resolve("a.jpg"), PictureSamples.picture("image/jpeg", 800, 600));
        PlannedGeneration plan = await(provider()
                .plan(
                        kling().input(MediaInput.of(new MediaSource.Local(file, null)))
                                .build(),
                        UPLOADING));

        Files.write(file, PictureSamples.picture("image/jpeg", 100, 100));

        assertThat(failure(plan::stage)).hasMessageContaining("a.jpg is 100x100 pixels large");
    }

    @ParameterizedTest
    @CsvSource({"http://192.168.1.2/a.png", "http://localhost/a.png", "https://nas.local/a.png"})
    void remoteServiceCannotFetchFromPrivateNetwork(String address) {
        GenerationRequest request = kling().input(url(address)).build();

        assertThat(refusal(provider(KEY, null), request)).contains("private network");
        await(provider().plan(request, CallOptions.DEFAULT));
    }
}
