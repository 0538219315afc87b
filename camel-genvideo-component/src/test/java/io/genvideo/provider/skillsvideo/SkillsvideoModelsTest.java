/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.ProviderDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/skillsvideo.md section 2: the catalogue, and what an OpenAPI document adds to it. */
class SkillsvideoModelsTest extends SkillsvideoTestSupport {

    @Test
    void isFoundAsServiceWithItsDescriptor() {
        ProviderDescriptor descriptor = ServiceLoader.load(GenerationProviderFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(f -> f instanceof SkillsvideoProviderFactory)
                .findFirst()
                .orElseThrow()
                .descriptor();

        assertThat(descriptor.name()).isEqualTo("skillsvideo");
        assertThat(descriptor.operations())
                .containsAll(Operation.generations())
                .contains(Operation.TASK, Operation.RESULT, Operation.CREDITS, Operation.MODELS, Operation.DESCRIBE)
                .doesNotContain(Operation.CANCEL, Operation.UPLOAD);
        assertThat(descriptor.alternatives()).containsKeys(Operation.CANCEL, Operation.UPLOAD);
        assertThat(descriptor.credentials().get(0).environment()).containsExactly("SKILLS_VIDEO_API_KEY");
        assertThat(descriptor.defaultBaseUrl()).isEqualTo("https://open.skills.video/api/v1");
        assertThat(descriptor.streamsCreate()).isTrue();
        assertThat(descriptor.operations()).doesNotContain(Operation.CANCEL);
        assertThat(descriptor.pollFloor()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void listsAllEndpointsOfSnapshot() {
        List<ModelInfo> all = await(provider().models(null, CallOptions.DEFAULT));
        List<String> ids = all.stream().map(ModelInfo::id).distinct().toList();

        assertThat(ids).hasSize(38 + 23).contains("kling-ai/v3/video", "topaz/upscale/image", "vidu/q2/text-to-image");
        assertThat(all.stream()
                        .filter(m -> !m.parameters().isEmpty())
                        .map(ModelInfo::id)
                        .distinct())
                .hasSize(8);
        assertThat(all).allMatch(m -> m.prices().isEmpty() && !m.defaultModel());
        assertThat(operationsOf(all, "google/veo-3.1"))
                .containsExactly(
                        Operation.TEXT_TO_VIDEO,
                        Operation.IMAGE_TO_VIDEO,
                        Operation.FIRST_LAST_FRAME_TO_VIDEO,
                        Operation.REFERENCE_IMAGE_TO_VIDEO);
        assertThat(operationsOf(all, "luma/ray-2")).containsExactly(Operation.GENERATE);
        assertThat(await(provider().models(Operation.IMAGE_TO_IMAGE, CallOptions.DEFAULT)).stream()
                        .map(ModelInfo::id))
                .containsExactly("google/nano-banana-pro");
        assertThat(failure(() -> provider().models(Operation.CREDITS, CallOptions.DEFAULT)))
                .hasMessageContaining("credits is not supported");
    }

    private static List<Operation> operationsOf(List<ModelInfo> all, String id) {
        return all.stream()
                .filter(m -> m.id().equals(id))
                .map(ModelInfo::operation)
                .toList();
    }

    private static ModelInfo one(GenerationProvider provider, Operation operation, String id) {
        return await(provider.models(operation, CallOptions.DEFAULT)).stream()
                .filter(m -> m.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void describesModelBySchema() {
        ModelInfo model = one(provider(), Operation.FIRST_LAST_FRAME_TO_VIDEO, "kling-ai/v3/video");

        assertThat(model.description())
                .isEqualTo(
                        "POST /generation/sse/kling-ai/v3/video (stream) or /generation/kling-ai/v3/video (polling). "
                                + "Request: {\"prompt\":\"...\",\"duration\":5}. Described by the service's documentation.");
        assertThat(model.minInputs()).isEqualTo(2);
        assertThat(model.maxInputs()).isEqualTo(2);
        assertThat(model.parameters().stream().map(SkillsvideoModelsTest::shown))
                .containsExactly(
                        "prompt string - null [] required",
                        "duration integer duration 5 [] a whole number, 3 to 15",
                        "generate_audio boolean audio null [true, false] null",
                        "quality string - null [standard, pro] null",
                        "image_url string - null [] carries inputs: image",
                        "first_frame_url string - null [] carries inputs: first_frame",
                        "last_frame_url string - null [] carries inputs: last_frame",
                        "negative_prompt string negativePrompt null [] null",
                        "aspect_ratio string aspectRatio null [] null",
                        "n integer count null [] null");
    }

    private static String shown(ModelInfo.Parameter p) {
        return p.name() + " " + p.type() + " " + (p.option() == null ? "-" : p.option()) + " " + p.defaultValue() + " "
                + p.allowed() + " " + p.note();
    }

    @Test
    void describesUnknownSchema() {
        ModelInfo model = one(provider(), Operation.GENERATE, "topaz/upscale/video");

        assertThat(model.parameters()).isEmpty();
        assertThat(model.minInputs()).isNull();
        assertThat(model.description())
                .startsWith("POST /generation/sse/topaz/upscale/video (stream) or /generation/topaz/upscale/video")
                .contains("not known", "param.<name>", "openApi");
    }

    // ---- the document ----

    @Test
    void theDocumentDescribesWhatTheSnapshotDoesNot() {
        ModelInfo model = one(described(), Operation.IMAGE_TO_VIDEO, "kling-ai/o1/video");

        assertThat(model.name()).isEqualTo("Kling O1");
        assertThat(model.description())
                .contains("Request: {\"prompt\":\"...\",\"duration\":5}", "Described by the OpenAPI document.");
        assertThat(model.parameters().stream().map(SkillsvideoModelsTest::shown))
                .containsExactly(
                        "prompt string - null [] required",
                        "duration integer duration 5 [5, 10] null",
                        "aspect_ratio string aspectRatio null [16:9, 9:16] null",
                        "image_url string - null [] carries inputs: first_frame, image",
                        "n integer count null [] a whole number, 1 to 2",
                        "video string - null [] carries inputs: video; may be a file");
        assertThat(operationsOf(await(described().models(null, CallOptions.DEFAULT)), "kling-ai/o1/video"))
                .containsExactly(Operation.TEXT_TO_VIDEO, Operation.IMAGE_TO_VIDEO, Operation.VIDEO_TO_VIDEO);
    }

    @Test
    void takesNewModelFromDocument() {
        ModelInfo model = one(described(), Operation.IMAGE_TO_IMAGE, "new/lab/thing");

        assertThat(model.minInputs()).isEqualTo(1);
        assertThat(model.maxInputs()).isEqualTo(3);
        assertThat(model.parameters().stream().map(SkillsvideoModelsTest::shown))
                .containsExactly(
                        "prompt string - null [] required; text of at most 20 characters; What is to be seen",
                        "image_urls array - null [] required; a list of: any text, 1 to 3 elements; carries inputs: reference, image",
                        "strength number - 0.5 [] a number, 0 to 1",
                        "style string - null [plain, vivid] null",
                        "loras array - null [] null",
                        "extra object - null [] null",
                        "free string - null [] null");
        // a picture is required, so it is not made from text alone
        assertThat(operationsOf(await(described().models(null, CallOptions.DEFAULT)), "new/lab/thing"))
                .containsExactly(Operation.IMAGE_TO_IMAGE);
    }

    @Test
    void modelsWithOtherInputsNeedGenerate() {
        assertThat(operationsOf(await(described().models(null, CallOptions.DEFAULT)), "sync/lipsync-2"))
                .containsExactly(Operation.GENERATE);
        assertThat(refusal(
                        described(),
                        request(Operation.GENERATE, "sync/lipsync-2")
                                .prompt(null)
                                .input(url("https://h/a.mp4"))
                                .build()))
                .isEqualTo("sync/lipsync-2 needs audio_url; set param.audio_url or give a medium with the right role");
        assertThat(sent(
                        described(),
                        request(Operation.GENERATE, "sync/lipsync-2")
                                .prompt(null)
                                .input(url("https://h/a.mp4"))
                                .input(url("https://h/a.mp3"))
                                .build()))
                .hasToString("{\"video_url\":\"https://h/a.mp4\",\"audio_url\":\"https://h/a.mp3\"}");
        assertThat(refusal(
                        described(),
                        request(Operation.GENERATE, "sync/lipsync-2")
                                .input(url("https://h/a.mp4"))
                                .build()))
                .startsWith("prompt cannot be set: sync/lipsync-2 takes: video_url");
    }

    @Test
    void ignoresAssumedSchemas() {
        assertThat(sent(
                        described(),
                        request(Operation.GENERATE, "openai/sora-2")
                                .parameter("seconds", "8")
                                .build()))
                .hasToString("{\"prompt\":\"" + PROMPT + "\",\"seconds\":8}");
        assertThat(operationsOf(await(described().models(null, CallOptions.DEFAULT)), "openai/sora-2"))
                .containsExactly(Operation.GENERATE);
    }

    @Test
    void validatesRequestByDocument() {
        assertThat(refusal(
                        described(),
                        request(Operation.TEXT_TO_VIDEO, "kling-ai/o1/video")
                                .options(options(7.0, null, null, null, null, null, null))
                                .build()))
                .isEqualTo("duration=7 is not allowed for kling-ai/o1/video; allowed: 5, 10");
        assertThat(sent(
                        described(),
                        request(Operation.TEXT_TO_VIDEO, "kling-ai/o1/video")
                                .options(options(10.0, null, null, null, null, 2, null))
                                .build()))
                .hasToString("{\"prompt\":\"" + PROMPT + "\",\"duration\":10,\"n\":2}");
        assertThat(refusal(
                        described(),
                        request(Operation.IMAGE_TO_IMAGE, "new/lab/thing")
                                .input(url("https://h/a.png"))
                                .build()))
                .isEqualTo("prompt is not allowed for new/lab/thing; allowed: text of at most 20 characters");
        assertThat(refusal(described(), thing().parameter("strength", "1.5").build()))
                .contains("param.strength=1.5 is not allowed", "a number, 0 to 1");
        assertThat(refusal(described(), thing().parameter("style", "loud").build()))
                .contains("plain, vivid");
        assertThat(sent(
                        described(),
                        thing().parameter("strength", "0.25")
                                .parameter("free", "[1]")
                                .build()))
                .hasToString(
                        "{\"prompt\":\"short\",\"strength\":0.25,\"free\":[1],\"image_urls\":[\"https://h/a.png\"]}");
        assertThat(refusal(
                        described(),
                        thing().input(url("https://h/b.png"))
                                .input(url("https://h/c.png"))
                                .input(url("https://h/d.png"))
                                .build()))
                .contains("inputs: 4 given", "1 to 3");
    }

    private static io.genvideo.model.GenerationRequest.Builder thing() {
        return request(Operation.IMAGE_TO_IMAGE, "new/lab/thing")
                .prompt("short")
                .input(url("https://h/a.png"));
    }

    @Test
    void readsCircularSchema() {
        assertThat(one(described(), Operation.VIDEO_TO_VIDEO, "veed/lipsync").parameters().stream()
                        .map(ModelInfo.Parameter::name)
                        .collect(Collectors.toList()))
                .containsExactly("video_url", "inner");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "openapi: 3.0.0|not a JSON document",
                "[]|not a JSON document",
                "{}|no endpoint POST /generation/<model>",
                "{\"paths\":{\"/generation/{id}\":{\"post\":{}},\"/generation/a/b\":{\"get\":{}}}}|no endpoint",
                "{\"paths\":{\"/generation/{a}/{b}\":{\"post\":{}},\"/generation/a b/../c\":{\"post\":{}},\"/generation/sse/a\":{\"post\":{}}}}|no endpoint"
            })
    void rejectsInvalidOpenApiDocumentAtStart(String document, String text) {
        assertThatThrownBy(() -> provider(KEY, base(), document))
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("openApi")
                .hasMessageContaining(text);
    }
}
