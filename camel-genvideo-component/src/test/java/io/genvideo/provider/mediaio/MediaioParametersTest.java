/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/mediaio.md sections 2 and 7: portable options become the names and spellings of each model. */
class MediaioParametersTest extends MediaioTestSupport {

    @SuppressWarnings("unchecked")
    private static GenerationRequest request(String operation, String model, String json) {
        try {
            GenerationRequest.Builder request =
                    request(Operation.fromPath(operation).orElseThrow(), model);
            if (operation.startsWith("image_to")) {
                request.input(url(PICTURE));
            }
            Map<String, Object> given = MAPPER.readValue("{" + json.replace('\'', '"') + "}", Map.class);
            given.forEach((name, value) -> {
                if (name.startsWith("param.")) {
                    request.parameter(name.substring(6), value);
                }
            });
            return request.options(options(given)).build();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    @ParameterizedTest(name = "{0} {1} {2} -> {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text_to_video|Wan 2.6|'duration':5|'duration':'5s'",
                "text_to_video|Wan 2.6|'aspectRatio':'9:16'|'size':'9:16'",
                "text_to_video|Wan 2.6|'audio':false|'generate_audio':'False'",
                "text_to_video|Wan 2.6|'audio':true,'duration':15|'duration':'15s','generate_audio':'True'",
                "text_to_video|Wan 2.5|'aspectRatio':'3:4'|'ratio':'3:4'",
                "text_to_video|Vidu Q3|'resolution':'540p'|'resolution':'540P'",
                "image_to_video|Google Veo 3.1|'aspectRatio':'16:9'|'aspect_ratio':'16:9'",
                "image_to_video|Kling 3.0|'param.multi_shots':false|'multi_shots':'False'",
                "image_to_video|Kling 3.0|'param.multi_shots':'on'|'multi_shots':'True'",
                "image_to_video|Wan 2.6|'param.shot_type':'single'|'shot_type':'Single'",
                "image_to_video|Wan 2.6|'param.SHOT_TYPE':'Multi'|'shot_type':'Multi'",
                "image_to_video|Hailuo 2.3|'resolution':'1080P'|'resolution':'1080P'",
                "image_to_video|Hailuo 2.3|'resolution':'1080P','duration':6|'resolution':'1080P','duration':'6s'",
                "image_to_video|Hailuo 2.3|'duration':10|'duration':'10s'",
                "image_to_video|Kling 2.1|'param.duration':'10'|'duration':'10s'",
                "image_to_video|Kling 2.1|'param.duration':'10S'|'duration':'10s'",
                "image_to_video|Kling 2.1|'duration':10,'param.duration':'10s'|'duration':'10s'",
                "image_to_video|Kling 2.1|'count':1|",
                "text_to_image|Imagen 4|'count':3|'counts':'3'",
                "text_to_image|Imagen 4|'count':1|'counts':'1'",
                "text_to_image|Imagen 4|'param.counts':2|'counts':'2'",
                "text_to_image|soul_character|'aspectRatio':'2:3'|'ratio':'2:3'",
                "image_to_image|Nano Banana Pro|'resolution':'4k'|'resolution':'4K'",
                "image_to_image|Seedream 4.0|'aspectRatio':'1:1'|'ratio':'1:1'"
            })
    void translatesOptions(String operation, String model, String given, String fields) throws JsonProcessingException {
        ObjectNode sent = (ObjectNode) sent(request(operation, model, given));
        sent.remove(List.of("prompt", "image", "images"));

        assertThat((JsonNode) sent)
                .isEqualTo(MAPPER.readTree("{" + (fields == null ? "" : fields.replace('\'', '"')) + "}"));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text_to_video|Wan 2.6|'duration':6|duration=6 is not allowed for Wan 2.6; allowed: 5s, 10s, 15s",
                "text_to_video|Wan 2.6|'duration':5.5|duration=5.5 is not allowed",
                "text_to_video|Wan 2.6|'resolution':'720P'|resolution=720P cannot be set: Wan 2.6 has no such parameter. Wan 2.6 takes: prompt, size, duration, shot_type, generate_audio",
                "text_to_video|Wan 2.5|'audio':true|audio=true cannot be set: Wan 2.5 has no such parameter",
                "text_to_video|Wan 2.6|'seed':7|seed=7 cannot be set",
                "text_to_video|Wan 2.6|'count':2|count=2 cannot be set: Wan 2.6 has no such parameter",
                "text_to_video|Wan 2.6|'aspectRatio':'21:9'|aspectRatio=21:9 is not allowed for Wan 2.6; allowed: 9:16, 16:9, 1:1, 4:3, 3:4",
                "text_to_image|Imagen 4|'count':5|count=5 is not allowed for Imagen 4; allowed: 1, 2, 3, 4",
                "image_to_video|Hailuo 2.3|'resolution':'1080P','duration':10|resolution=1080P is allowed for Hailuo 2.3 only with duration=6s",
                "image_to_video|Hailuo 2.3|'param.duration':'10s','resolution':'1080p'|resolution=1080P is allowed for Hailuo 2.3 only with param.duration=6s",
                "image_to_video|Kling 2.1|'duration':5,'param.duration':'10s'|duration=5s and param.duration=10s contradict each other",
                "image_to_video|Kling 2.1|'param.duration':['5s']|param.duration (a structure) is not allowed",
                "image_to_video|Kling 2.1|'param.duration':null|param.duration needs a name and a value",
                "image_to_video|Kling 2.1|'param.webhook':'https://h'|param.webhook cannot be set"
            })
    void rejectsWhatTheModelDoesNotTake(String operation, String model, String given, String text) {
        assertThat(refusal(request(operation, model, given))).contains(text);
        SERVICE.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void negativePromptIsRefusedWithoutItsText() {
        String refusal = refusal(wan().options(options(Map.of("negativePrompt", "no wires anywhere")))
                .build());

        assertThat(refusal).startsWith("negativePrompt cannot be set").doesNotContain("wires");
    }

    @Test
    void rejectsMissingPrompt() {
        assertThat(refusal(wan().prompt(" ").build()))
                .isEqualTo("prompt is missing: text_to_video with Wan 2.6 needs one; set header CamelGenvideoPrompt or"
                        + " option prompt");
        assertThat(refusal(kling().prompt(null).input(url(PICTURE)).build())).contains("prompt is missing");
    }

    @Test
    void promptOfMotionControlIsOptional() {
        assertThat(sent(request(Operation.VIDEO_TO_VIDEO, "Motion Control Kling 2.6")
                                .prompt(null)
                                .input(url(VIDEO))
                                .input(url(PICTURE))
                                .build())
                        .has("prompt"))
                .isFalse();
    }

    @Test
    void promptMayBeGivenByTheServicesName() {
        assertThat(sent(wan().prompt(null).parameter("prompt", "a lake").build())
                        .path("prompt")
                        .asText())
                .isEqualTo("a lake");
        assertThat(refusal(wan().parameter("prompt", "a lake").build()))
                .isEqualTo("prompt and param.prompt contradict each other; give one of them");
    }

    @Test
    void bodyIsWrappedAndHoldsTextsOnly() {
        String body = call(wan().options(options(Map.of("duration", 5, "audio", true, "aspectRatio", "16:9")))
                        .parameter("shot_type", "Multi")
                        .build())
                .getBodyAsString();

        assertThat(body)
                .isEqualTo(
                        "{\"data\":{\"prompt\":\"" + PROMPT
                                + "\",\"size\":\"16:9\",\"duration\":\"5s\",\"shot_type\":\"Multi\",\"generate_audio\":\"True\"}}");
    }
}
