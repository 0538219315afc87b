/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaRole;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.schema.SchemaTaskTypes;
import io.genvideo.spi.CallOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/contracts/skillsvideo.md section 2: how a request becomes a model's own fields, and what is refused before it costs
 * anything.
 */
class SkillsvideoParametersTest extends SkillsvideoTestSupport {

    private static GenerationOptions option(String name, String value) {
        return options(
                name.equals("duration") ? Double.valueOf(value) : null,
                name.equals("resolution") ? value : null,
                name.equals("aspectRatio") ? value : null,
                name.equals("negativePrompt") ? value : null,
                name.equals("seed") ? Long.valueOf(value) : null,
                name.equals("count") ? Integer.valueOf(value) : null,
                name.equals("audio") ? Boolean.valueOf(value) : null);
    }

    @ParameterizedTest(name = "{0} {1}={2} -> {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "google/veo-3.1|duration|8|'duration':8",
                "google/veo-3.1|resolution|1080P|'resolution':'1080p'",
                "google/veo-3.1|aspectRatio|9:16|'aspect_ratio':'9:16'",
                "google/veo-3.1|negativePrompt|rain|'negative_prompt':'rain'",
                "google/veo-3.1|seed|42|'seed':42",
                "google/veo-3.1|count|4|'n':4",
                "google/veo-3.1|audio|false|'generate_audio':false",
                "openai/sora-2-pro|duration|12|'seconds':12",
                "openai/sora-2-pro|count|8|'n':8",
                "kling-ai/v3/video|duration|15|'duration':15",
                "kling-ai/v3/video|audio|true|'generate_audio':true",
                "kling-ai/kling-v2.6|duration|10|'duration':10",
                "kling-ai/o3/video|count|1|-",
                "vidu/q2/text-to-image|count|1|-"
            })
    void portableOptionsBecomeTheModelsOwnFields(String model, String option, String value, String field) {
        Operation operation = model.contains("text-to-image") ? Operation.TEXT_TO_IMAGE : Operation.TEXT_TO_VIDEO;

        JsonNode body =
                sent(request(operation, model).options(option(option, value)).build());

        String expected =
                "{\"prompt\":\"" + PROMPT + "\"" + (field.equals("-") ? "" : "," + field.replace('\'', '"')) + "}";
        assertThat(body).hasToString(expected);
    }

    @ParameterizedTest(name = "{0} {1}={2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "google/veo-3.1|resolution|4k|resolution=4k is not allowed for google/veo-3.1; allowed: 720p, 1080p",
                "google/veo-3.1|aspectRatio|1:1|aspectRatio=1:1 is not allowed for google/veo-3.1; allowed: 16:9, 9:16",
                "google/veo-3.1|count|5|count=5 is not allowed for google/veo-3.1; allowed: a whole number, 1 to 4",
                "google/veo-3.1|duration|7.5|duration=7.5 is not allowed for google/veo-3.1; allowed: a whole number",
                "kling-ai/v3/video|duration|2|duration=2 is not allowed for kling-ai/v3/video; allowed: a whole number, 3 to 15",
                "kling-ai/v3/video|duration|16|allowed: a whole number, 3 to 15",
                "kling-ai/v3/video|count|9|count=9 is not allowed for kling-ai/v3/video; allowed: 1 to 8 results at once",
                "kling-ai/v3/video|resolution|1080p|resolution=1080p cannot be set: kling-ai/v3/video has no such parameter. kling-ai/v3/video takes: prompt, duration",
                "kling-ai/v3/video|seed|1|seed=1 cannot be set",
                "openai/sora-2-pro|negativePrompt|a secret word|negativePrompt cannot be set",
                "openai/sora-2-pro|audio|true|audio=true cannot be set",
                "kling-ai/o3/video|count|2|count=2 cannot be set"
            })
    void rejectsUnknownParametersWithKnownOnes(String model, String option, String value, String text) {
        String refused = refusal(request(Operation.TEXT_TO_VIDEO, model)
                .options(option(option, value))
                .build());

        assertThat(refused).contains(text).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "duration,8",
        "resolution,720p",
        "aspectRatio,16:9",
        "negativePrompt,rain",
        "seed,1",
        "count,2",
        "audio,true"
    })
    void withoutASchemaNoOptionIsGuessed(String option, String value) {
        String refused = refusal(request(Operation.GENERATE, "luma/ray-2")
                .options(option(option, value))
                .build());

        assertThat(refused)
                .startsWith(option)
                .contains("cannot be translated", "luma/ray-2", "not known", "param.<name>", "openApi");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "5|5",
                "-1.50|-1.5",
                "true|true",
                "'5'|'5'",
                "five|'five'",
                "007|'007'",
                "1e5|'1e5'",
                "['a',1]|['a',1]",
                "{'a':{'b':1}}|{'a':{'b':1}}",
                "[broken|'[broken'",
                "{broken}|'{broken}'",
                "null|'null'",
                "16:9|'16:9'"
            })
    void withoutASchemaParametersPassAsTheySpell(String value, String json) {
        JsonNode body = sent(GenerationRequest.builder()
                .operation(Operation.GENERATE)
                .model("topaz/upscale/video")
                .parameter("any_Name", value.replace('\'', '"'))
                .build());

        assertThat(body).hasToString("{\"any_Name\":" + json.replace('\'', '"') + "}");
    }

    @Test
    void withoutASchemaTypedParametersKeepTheirTypes() {
        JsonNode body = sent(request(Operation.GENERATE, "some-new/lab/model-9")
                .parameter("a", 1)
                .parameter("b", 2.50)
                .parameter("c", false)
                .parameter("d", List.of("x", Map.of("y", 1)))
                .build());

        assertThat(body)
                .hasToString("{\"prompt\":\"" + PROMPT + "\",\"a\":1,\"b\":2.5,\"c\":false,\"d\":[\"x\",{\"y\":1}]}");
    }

    @ParameterizedTest(name = "param.{0}={1} -> {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mode|fast|'mode':'fast'",
                "MODE|fast|'mode':'fast'",
                "duration|8s|'duration':8",
                "duration|8.0|'duration':8",
                "seed|-3|'seed':-3",
                "generate_audio|off|'generate_audio':false",
                "resolution|720P|'resolution':'720p'",
                "first_frame_url|https://h/a.png|'first_frame_url':'https://h/a.png'",
                "reference_image_urls|https://h/a.png|'reference_image_urls':['https://h/a.png']",
                "reference_image_urls|['https://h/a.png','https://h/b.png']|'reference_image_urls':['https://h/a.png','https://h/b.png']"
            })
    void theServicesOwnParametersInTheSchemasTypes(String name, String value, String field) {
        JsonNode body = sent(veo().parameter(name, value.replace('\'', '"')).build());

        assertThat(body).hasToString("{\"prompt\":\"" + PROMPT + "\"," + field.replace('\'', '"') + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "strange|x|param.strange cannot be set: google/veo-3.1 has no such parameter. google/veo-3.1 takes: prompt, mode",
                "duration|long|param.duration=long is not allowed for google/veo-3.1; allowed: a whole number",
                "n|0|allowed: a whole number, 1 to 4",
                "generate_audio|loud|allowed: true, false",
                "resolution|4k|allowed: 720p, 1080p"
            })
    void ownParametersAreCheckedToo(String name, String value, String text) {
        assertThat(refusal(veo().parameter(name, value).build())).contains(text);
    }

    @Test
    void rejectsStructuresWhereScalarIsNeeded() {
        assertThat(refusal(veo().parameter("mode", List.of("secret")).build()))
                .isEqualTo("param.mode is not allowed for google/veo-3.1; allowed: any text");
        assertThat(refusal(veo().parameter("seed", Map.of("secret", 1)).build()))
                .contains("param.seed is not allowed", "a whole number")
                .doesNotContain("secret");
    }

    @Test
    void rejectsConflictingValues() {
        assertThat(refusal(veo().options(option("duration", "8"))
                        .parameter("duration", 4)
                        .build()))
                .isEqualTo("duration=8 and param.duration=4 contradict each other; give one of them");
        assertThat(refusal(veo().parameter("prompt", "another secret").build()))
                .isEqualTo("prompt and param.prompt contradict each other; give one of them");
        assertThat(sent(veo().options(option("duration", "8"))
                                .parameter("duration", "8s")
                                .build())
                        .get("duration")
                        .intValue())
                .isEqualTo(8);
        assertThat(refusal(request(Operation.IMAGE_TO_VIDEO, VEO)
                        .input(url("https://h/a.png"))
                        .parameter("first_frame_url", "https://h/b.png")
                        .build()))
                .contains("param.first_frame_url", "same field");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void rejectsMissingPrompt(String prompt) {
        assertThat(refusal(veo().prompt(prompt).build()))
                .isEqualTo(
                        "prompt is missing: text_to_video with google/veo-3.1 needs one; set header CamelGenvideoPrompt or "
                                + "option prompt");
        assertThat(refusal(request(Operation.TEXT_TO_VIDEO, "kling-ai/kling-v2.6")
                        .prompt(prompt)
                        .build()))
                .contains("prompt is missing");
    }

    @Test
    void acceptsMissingPromptWhereOptional() {
        JsonNode body = sent(GenerationRequest.builder()
                .operation(Operation.IMAGE_TO_VIDEO)
                .model("kling-ai/kling-v2.6")
                .input(url("https://h/a.png"))
                .build());

        assertThat(body).hasToString("{\"image_url\":\"https://h/a.png\"}");
    }

    // ---- task types ----

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "google/veo-3.1,text_to_video image_to_video first_last_frame_to_video reference_image_to_video",
        "google/veo-3.1-fast,text_to_video image_to_video first_last_frame_to_video reference_image_to_video",
        "kling-ai/v3/video,text_to_video image_to_video first_last_frame_to_video",
        "kling-ai/o3/video,text_to_video image_to_video first_last_frame_to_video reference_image_to_video video_to_video",
        "kling-ai/kling-v2.6,text_to_video image_to_video first_last_frame_to_video video_to_video",
        "openai/sora-2-pro,text_to_video image_to_video",
        "bytedance/seedream-4.0,text_to_image",
        "google/nano-banana-pro,text_to_image image_to_image",
        "vidu/q2/text-to-image,text_to_image"
    })
    void derivesTaskTypesFromSchemaOrName(String model, String taskTypes) {
        List<String> can = Arrays.asList(taskTypes.split(" "));
        for (Operation operation : SchemaTaskTypes.all()) {
            GenerationRequest request = complete(operation, model).build();
            if (can.contains(operation.path())) {
                assertThat(await(provider().plan(request, CallOptions.DEFAULT)).model())
                        .isEqualTo(model);
            } else if (model.startsWith("vidu")) {
                assertThat(refusal(request))
                        .startsWith(
                                operation.path() + " cannot be built for " + model + ": what it takes is not known");
            } else {
                assertThat(refusal(request))
                        .isEqualTo(model + " cannot do " + operation.path() + "; it can do: " + String.join(", ", can)
                                + ", generate");
            }
        }
        await(provider().plan(request(Operation.GENERATE, model).build(), CallOptions.DEFAULT));
    }

    private static GenerationRequest.Builder complete(Operation operation, String model) {
        GenerationRequest.Builder request = request(operation, model);
        switch (operation) {
            case IMAGE_TO_VIDEO, REFERENCE_IMAGE_TO_VIDEO, IMAGE_TO_IMAGE -> request.input(url("https://h/a.png"));
            case FIRST_LAST_FRAME_TO_VIDEO ->
                request.input(url("https://h/a.png")).input(url("https://h/b.png"));
            case VIDEO_TO_VIDEO -> request.input(url("https://h/a.mp4"));
            default -> {}
        }
        return request;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openai/sora-2",
                "luma/ray-2",
                "topaz/upscale/video",
                "z-image/z-image",
                "lightricks/ltx-2.3/audio-to-video"
            })
    void withoutASchemaNoTaskTypeIsGuessed(String model) {
        for (Operation operation : SchemaTaskTypes.all()) {
            assertThat(refusal(complete(operation, model).build()))
                    .contains(
                            operation.path() + " cannot be built for " + model, "generate", "param.<name>", "openApi");
        }
    }

    @Test
    void withoutASchemaMediaGoByTheNameOfTheirField() {
        assertThat(refusal(request(Operation.GENERATE, "veed/lipsync")
                        .input(url(MediaRole.VIDEO, "https://h/a.mp4"))
                        .build()))
                .contains("inputs: 1 given", "veed/lipsync", "not known", "param.<name>");
        assertThat(sent(GenerationRequest.builder()
                        .operation(Operation.GENERATE)
                        .model("veed/lipsync")
                        .parameter("video_url", "https://h/a.mp4?sig=x%2By")
                        .build()))
                .hasToString("{\"video_url\":\"https://h/a.mp4?sig=x%2By\"}");
    }

    // ---- models ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text_to_video|`` |model is missing: skills.video has no default. For text_to_video there are: openai/sora-2-pro, google/veo-3.1",
                "video_to_video|``|there are: kling-ai/o3/video, kling-ai/kling-v2.6. Other models can be used with the operation generate",
                "generate|``|(the operation models lists all)",
                "text_to_video|veo-3.1|model=veo-3.1 is not known. Similar: google/veo-3.1, google/veo-3.1-fast",
                "text_to_video|acme/veo-2|Similar: google/veo-2",
                "text_to_image|acme/unheard-of|model=acme/unheard-of is not known. For text_to_image there are: google/nano-banana-pro, bytedance/seedream-4.0, vidu/q2/text-to-image. Other",
                "generate|one-segment|model=one-segment is not known",
                "generate|../credits|is not known",
                "generate|a/../b|is not known",
                "generate|a//b|is not known",
                "generate|a/b?x=1|is not known",
                "generate|a b/c|is not known",
                "generate|sse/openai/sora-2|begins with sse",
                "text_to_video|/generation/sse/google/veo-3.1|begins with sse"
            })
    void rejectsInvalidModelWithSuggestions(String operation, String model, String text) {
        assertThat(refusal(request(Operation.fromPath(operation).orElseThrow(), model.replace("`", ""))
                        .build()))
                .contains(text);
    }

    @Test
    void acceptsUnknownModelForGenerate() {
        var request = call(
                provider(),
                request(Operation.GENERATE, "acme/v9.1_x/video-edit")
                        .parameter("x", 1)
                        .build());

        assertThat(request.getUrl()).isEqualTo("/api/v1/generation/acme/v9.1_x/video-edit");
    }

    @Test
    void rejectsOperationsThatAreNoGeneration() {
        assertThat(failure(() -> provider().plan(request(Operation.UPLOAD, VEO).build(), CallOptions.DEFAULT)))
                .hasMessageContaining("upload is not supported; supported: text_to_video");
    }
}
