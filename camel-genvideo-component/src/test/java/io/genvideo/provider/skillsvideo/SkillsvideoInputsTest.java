/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Request.Part;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.MediaSamples;
import io.genvideo.provider.support.Pushed;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PlannedGeneration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/skillsvideo.md section 2: media in the model's own fields, addresses as they are and files in a form. */
class SkillsvideoInputsTest extends SkillsvideoTestSupport {

    @TempDir
    private Path folder;

    /** Inputs as {@code role=name}, {@code name} alone without a role; all under https://h/. */
    private static List<MediaInput> inputs(String text) {
        List<MediaInput> all = new ArrayList<>();
        for (String input : text.split(" ")) {
            int equals = input.indexOf('=');
            MediaRole role = equals < 0
                    ? null
                    : MediaRole.fromPath(input.substring(0, equals)).orElseThrow();
            all.add(url(role, "https://h/" + input.substring(equals + 1)));
        }
        return all;
    }

    private static GenerationRequest request(String operation, String model, String inputs) {
        return request(Operation.fromPath(operation).orElseThrow(), model)
                .inputs(inputs(inputs))
                .build();
    }

    @ParameterizedTest(name = "{0} {1} {2} -> {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "image_to_video|google/veo-3.1|a.png|'first_frame_url':'https://h/a.png'",
                "image_to_video|google/veo-3.1|first_frame=a.png|'first_frame_url':'https://h/a.png'",
                "image_to_video|kling-ai/v3/video|a.png|'image_url':'https://h/a.png'",
                "image_to_video|kling-ai/v3/video|first_frame=a.png|'first_frame_url':'https://h/a.png'",
                "image_to_video|kling-ai/o3/video|a.png|'start_image_url':'https://h/a.png'",
                "image_to_video|kling-ai/kling-v2.6|image=a|'image_url':'https://h/a'",
                "image_to_video|openai/sora-2-pro|a.webp|'first_frame_url':'https://h/a.webp'",
                "first_last_frame_to_video|google/veo-3.1|a.png b.png|'first_frame_url':'https://h/a.png','last_frame_url':'https://h/b.png'",
                "first_last_frame_to_video|google/veo-3.1|last_frame=b.png a.png|'last_frame_url':'https://h/b.png','first_frame_url':'https://h/a.png'",
                "first_last_frame_to_video|google/veo-3.1|b.png first_frame=a.png|'last_frame_url':'https://h/b.png','first_frame_url':'https://h/a.png'",
                "first_last_frame_to_video|kling-ai/o3/video|a.png b.png|'start_image_url':'https://h/a.png','end_image_url':'https://h/b.png'",
                "first_last_frame_to_video|kling-ai/kling-v2.6|a.png b.png|'image_url':'https://h/a.png','end_image_url':'https://h/b.png'",
                "reference_image_to_video|google/veo-3.1|a.png|'reference_image_urls':['https://h/a.png']",
                "reference_image_to_video|google/veo-3.1|a.png reference=b.png image=c.png|'reference_image_urls':['https://h/a.png','https://h/b.png','https://h/c.png']",
                "reference_image_to_video|kling-ai/o3/video|a.png b.png|'image_urls':['https://h/a.png','https://h/b.png']",
                "video_to_video|kling-ai/o3/video|a.mp4|'video_url':'https://h/a.mp4'",
                "video_to_video|kling-ai/o3/video|a|'video_url':'https://h/a'",
                "video_to_video|kling-ai/o3/video|a.mp4 b.png c.png|'video_url':'https://h/a.mp4','image_urls':['https://h/b.png','https://h/c.png']",
                "video_to_video|kling-ai/kling-v2.6|video=a.mp4 image=b.png|'video_url':'https://h/a.mp4','image_url':'https://h/b.png'",
                "image_to_image|google/nano-banana-pro|a.png b.png|'image_urls':['https://h/a.png','https://h/b.png']",
                "generate|kling-ai/o3/video|first_frame=a.png last_frame=b.png reference=c.png video=d.mp4|'start_image_url':'https://h/a.png','end_image_url':'https://h/b.png','image_urls':['https://h/c.png'],'video_url':'https://h/d.mp4'",
                "generate|google/nano-banana-pro|a.png|'image_urls':['https://h/a.png']",
                "generate|kling-ai/v3/video|a.png|'image_url':'https://h/a.png'"
            })
    void putsUrlsIntoModelFields(String operation, String model, String inputs, String fields) {
        assertThat(sent(request(operation, model, inputs)))
                .hasToString("{\"prompt\":\"" + PROMPT + "\"," + fields.replace('\'', '"') + "}");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text_to_video|google/veo-3.1|a.png|inputs: 1 given, but text_to_video with google/veo-3.1 takes none",
                "image_to_video|google/veo-3.1|a.png b.png|inputs: 2 given, but image_to_video with google/veo-3.1 takes exactly 1",
                "image_to_video|google/veo-3.1|last_frame=a.png|input https://h/a.png has the role last_frame, but image_to_video takes first_frame, image",
                "image_to_video|google/veo-3.1|a.mp4|input https://h/a.mp4 is video/mp4, but as image a picture is needed",
                "first_last_frame_to_video|google/veo-3.1|a.png|takes exactly 2 (first frame, then last frame)",
                "first_last_frame_to_video|google/veo-3.1|last_frame=a.png last_frame=b.png|both have the role last_frame",
                "first_last_frame_to_video|google/veo-3.1|video=a.png b.png|takes first_frame, last_frame, image",
                "reference_image_to_video|google/veo-3.1|video=a.mp4|takes reference, image",
                "video_to_video|kling-ai/o3/video|a.png|needs a video",
                "video_to_video|kling-ai/o3/video|a.mp4 b.mp4|2 given for video_url, but kling-ai/o3/video takes at most 1 there",
                "video_to_video|kling-ai/o3/video|a.mp4 b.mp3|input https://h/b.mp3 has the role audio, for which kling-ai/o3/video has no field",
                "video_to_video|kling-ai/o3/video|video=a.png|as video a video is needed",
                "generate|kling-ai/o3/video|a|does not tell what it is; give its role",
                "generate|google/veo-3.1|video=a.mp4|has the role video, for which google/veo-3.1 has no field; google/veo-3.1 takes: prompt",
                "image_to_image|google/nano-banana-pro|reference=a.png|takes image"
            })
    void rejectsUnsuitableInputs(String operation, String model, String inputs, String text) {
        assertThat(refusal(request(operation, model, inputs))).contains(text);
    }

    @Test
    void rejectsMissingPictures() {
        assertThat(refusal(request(Operation.IMAGE_TO_VIDEO, VEO).build()))
                .isEqualTo("inputs: 0 given, but image_to_video with google/veo-3.1 takes exactly 1");
        assertThat(refusal(request(Operation.REFERENCE_IMAGE_TO_VIDEO, VEO).build()))
                .contains("takes at least 1");
    }

    @Test
    void acceptsMediumGivenByFieldName() {
        assertThat(sent(request(Operation.IMAGE_TO_VIDEO, VEO)
                        .parameter("first_frame_url", "https://h/a.png")
                        .build()))
                .hasToString("{\"prompt\":\"" + PROMPT + "\",\"first_frame_url\":\"https://h/a.png\"}");
    }

    @ParameterizedTest
    @CsvSource({"http://192.168.1.2/a.png", "http://localhost/a.png", "https://nas.local/a.png"})
    void remoteServiceCannotFetchFromPrivateNetwork(String address) {
        GenerationRequest request =
                request(Operation.IMAGE_TO_VIDEO, VEO).input(url(address)).build();

        assertThat(refusal(provider(KEY, null, null), request)).contains("private network", "the file itself");
        await(provider().plan(request, CallOptions.DEFAULT));
    }

    @Test
    void rejectsUrlOfOtherScheme() {
        assertThat(refusal(request(Operation.IMAGE_TO_VIDEO, VEO)
                        .input(url("ftp://h/a.png"))
                        .build()))
                .contains("not an http or https address");
    }

    // ---- files ----

    private MediaInput file(MediaRole role, String name, byte[] content) throws Exception {
        return new MediaInput(role, new MediaSource.Local(Files.write(folder.resolve(name), content), null));
    }

    private static String text(LoggedRequest request, String name) {
        return request.getParts().stream()
                .filter(p -> p.getName().equals(name))
                .map(p -> p.getBody().asString())
                .reduce((a, b) -> a + "|" + b)
                .orElse("");
    }

    @Test
    void sendsFileInFormUnderFieldName() throws Exception {
        LoggedRequest call = call(
                provider(),
                request(Operation.IMAGE_TO_VIDEO, "kling-ai/v3/video")
                        .input(file(null, "private name.png", PNG))
                        .options(new GenerationOptions(5.0, null, "16:9", null, null, null, true))
                        .build());

        assertThat(call.getHeader("Content-Type")).matches("multipart/form-data; boundary=genvideo-[0-9a-f]{32}");
        assertThat(text(call, "prompt")).isEqualTo(PROMPT);
        assertThat(text(call, "duration")).isEqualTo("5");
        assertThat(text(call, "aspect_ratio")).isEqualTo("16:9");
        assertThat(text(call, "generate_audio")).isEqualTo("true");
        Part picture = call.getPart("image_url");
        assertThat(picture.getBody().asBytes()).isEqualTo(PNG);
        assertThat(picture.getHeader("Content-Type").firstValue()).isEqualTo("image/png");
        assertThat(picture.getHeader("Content-Disposition").firstValue()).contains("filename=\"image_url.png\"");
        assertThat(call.getBodyAsString()).doesNotContain("private name");
    }

    @Test
    void listsRepeatTheNameAndMixAddressesWithFiles() throws Exception {
        LoggedRequest call = call(
                provider(),
                request(Operation.REFERENCE_IMAGE_TO_VIDEO, VEO)
                        .input(url("https://h/a.png?sig=1"))
                        .input(MediaInput.of(new MediaSource.Bytes(PNG, null, null)))
                        .input(file(null, "c", MediaSamples.ofType("image/jpeg")))
                        .build());

        List<Part> parts = call.getParts().stream()
                .filter(p -> p.getName().equals("reference_image_urls"))
                .toList();
        assertThat(parts).hasSize(3);
        assertThat(text(call, "reference_image_urls")).startsWith("https://h/a.png?sig=1|");
        assertThat(call.getBodyAsString())
                .contains("filename=\"reference_image_urls.png\"", "filename=\"reference_image_urls.jpg\"")
                .contains("Content-Type: image/jpeg");
    }

    @Test
    void rejectsFilesThatAreNoMedium() throws Exception {
        assertThat(refusal(request(Operation.IMAGE_TO_VIDEO, VEO)
                        .input(file(null, "pom.jpg", "<?xml version=\"1.0\"?>".getBytes(StandardCharsets.US_ASCII)))
                        .build()))
                .contains("input pom.jpg is no picture, video or audio but text", "allowed: JPEG");
        assertThat(refusal(request(Operation.IMAGE_TO_VIDEO, VEO)
                        .input(file(null, "a.jpg", MediaSamples.ofType("video/mp4")))
                        .build()))
                .contains("input a.jpg is video/mp4, but as image a picture is needed");
        SERVICE.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void listsAndObjectsOfAFormAreWrittenAsTheyMust() throws Exception {
        LoggedRequest call = call(
                described(),
                request(Operation.IMAGE_TO_IMAGE, "new/lab/thing")
                        .prompt("short")
                        .input(file(null, "a.png", PNG))
                        .parameter("extra", "{\"a\":1}")
                        .parameter("loras", "[{\"b\":2},{\"b\":3}]")
                        .build());

        assertThat(text(call, "extra")).isEqualTo("{\"a\":1}");
        assertThat(text(call, "loras")).isEqualTo("{\"b\":2}|{\"b\":3}");
    }

    @Test
    void sendsFormOnceForStreamedCreate() throws Exception {
        stubCreate(events("{'id':'gen_123','status':'IN_QUEUE'}"));
        Pushed pushed = new Pushed();

        await(ready(
                        provider(),
                        request(Operation.IMAGE_TO_VIDEO, VEO)
                                .input(file(null, "a.png", PNG))
                                .build())
                .submit(pushed));

        assertThat(pushed.shown()).containsExactly("ended");
        List<LoggedRequest> sent = SERVICE.findAll(postRequestedFor(anyUrl()));
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).getPart("first_frame_url").getBody().asBytes()).isEqualTo(PNG);
    }

    @Test
    void rejectsMissingOrEmptyFile() throws Exception {
        MediaInput there = file(null, "a.png", PNG);
        GenerationRequest request =
                request(Operation.IMAGE_TO_VIDEO, VEO).input(there).build();
        PlannedGeneration plan = await(provider().plan(request, CallOptions.DEFAULT));
        Files.delete(((MediaSource.Local) there.source()).path());

        assertThat(failure(plan::stage).getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
        assertThat(refusal(request))
                .isEqualTo("input file a.png does not exist or cannot be read")
                .doesNotContain(folder.toString());
        assertThat(refusal(request(Operation.IMAGE_TO_VIDEO, VEO)
                        .input(file(null, "b.png", new byte[0]))
                        .build()))
                .isEqualTo("input b.png is empty");
        SERVICE.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void rejectsFileOfWrongKind() throws Exception {
        assertThat(refusal(request(Operation.VIDEO_TO_VIDEO, "kling-ai/o3/video")
                        .input(file(MediaRole.VIDEO, "a.bin", PNG))
                        .build()))
                .isEqualTo("input a.bin is image/png, but as video a video is needed");
    }
}
