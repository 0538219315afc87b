/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaRole;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests are checked against the service's own description of the model (docs/contracts/wiro.md section 10). */
class WiroParametersTest extends WiroTestSupport {

    private String refused(GenerationRequest request) {
        String message = refusal(provider(), request);
        SERVICE.verify(0, postRequestedFor(urlPathMatching("/v1/Run/.*")));
        return message;
    }

    @Test
    void sendsValuesInTheSpellingOfTheService() {
        JsonNode sent = sent(wan().options(new GenerationOptions(10.0, "720p", "9:16", "no wires", 7L, 1, true))
                .build());

        assertThat(sent.path("duration").isNumber()).isTrue();
        assertThat(sent.path("resolution").asText()).isEqualTo("720P");
        assertThat(sent.path("ratio").asText()).isEqualTo("9:16");
        assertThat(sent.path("negativePrompt").asText()).isEqualTo("no wires");
        assertThat(sent.path("seed").asInt()).isEqualTo(7);
        assertThat(sent.path("audioEnabled").asText()).isEqualTo("true");
    }

    @ParameterizedTest
    @CsvSource({
        "resolution, 4k, '720P, 1080P'",
        "duration, 99, 'a number, 3 to 15'",
        "duration, soon, 'a number'",
        "watermark, perhaps, 'false, true'"
    })
    void namesTheParameterItsValueAndWhatIsAllowed(String name, String value, String allowed) {
        assertThat(refused(wan().parameter(name, value).build()))
                .contains("param." + name + "=" + value)
                .contains(allowed);
    }

    @Test
    void aParameterThatTheModelDoesNotHaveIsRefused() {
        assertThat(refused(wan().parameter("sparkle", "much").build()))
                .contains("param.sparkle")
                .contains("alibaba/wan 2.6 takes: mode, inputImage, prompt");
    }

    @Test
    void aParameterOfATypeThatIsNotKnownTakesAnyValue() {
        JsonNode sent = sent(request(Operation.VIDEO_TO_VIDEO)
                .parameter("future", "{\"depth\":3}")
                .build());

        assertThat(sent.path("future").path("depth").asInt()).isEqualTo(3);
    }

    @Test
    void aModelThatTheServiceDoesNotHaveIsRefused() {
        stub("/Tool/Detail", okJson(error("1", "slug-owner-project-not-exist")));

        assertThat(refused(request(Operation.GENERATE, "nobody/nothing").build()))
                .contains("slug-owner-project-not-exist")
                .contains("models");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wan", "a/b/c", "/x", "x/", "../x", "x/..", "a\\b/c", "a?b/c", "a#b/c", " / ", "a/b\u0000"})
    void whatCanBeNoModelIsRefusedWithoutACall(String model) {
        assertThat(refused(request(Operation.GENERATE, model).build())).contains("owner/project");
        SERVICE.verify(0, postRequestedFor(urlPathEqualTo("/v1/Tool/Detail")));
    }

    @Test
    void aSlugMayBeginWithABlank() {
        assertThat(WiroModel.checkedId("lightricks/ ltx-2-distilled")).isEqualTo("lightricks/ ltx-2-distilled");
    }

    @Test
    void aModelIsMissing() {
        assertThat(refused(GenerationRequest.builder()
                        .operation(Operation.GENERATE)
                        .prompt(PROMPT)
                        .build()))
                .contains("model is missing");
    }

    @Test
    void thePromptIsMissing() {
        assertThat(refused(wan().prompt(null).build())).contains("CamelGenvideoPrompt");
    }

    @Test
    void aModelDoesOnlyWhatItsDescriptionTells() {
        assertThat(refused(request(Operation.TEXT_TO_IMAGE, WAN).build()))
                .contains("alibaba/wan 2.6 cannot do text_to_image")
                .contains("image_to_video")
                .contains("generate");
        assertThat(refused(request(Operation.FIRST_LAST_FRAME_TO_VIDEO, WAN)
                        .input(url("https://media.example.com/a.png"))
                        .input(url("https://media.example.com/b.png"))
                        .build()))
                .contains("cannot do first_last_frame_to_video");
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {
                "TEXT_TO_VIDEO",
                "IMAGE_TO_VIDEO",
                "FIRST_LAST_FRAME_TO_VIDEO",
                "REFERENCE_IMAGE_TO_VIDEO",
                "VIDEO_TO_VIDEO",
                "TEXT_TO_IMAGE",
                "IMAGE_TO_IMAGE",
                "GENERATE"
            })
    void everyTaskTypeWorksWithAModelForIt(Operation operation) {
        assertThat(sent(request(operation).build()).path("prompt").asText()).isEqualTo(PROMPT);
    }

    @Test
    void aRequiredFileIsMissing() {
        assertThat(refused(request(Operation.GENERATE, "acme/edit").build())).contains("needs inputVideo");
    }

    @Test
    void anInputOfTheWrongKindIsRefused() {
        assertThat(refused(request(Operation.IMAGE_TO_VIDEO, SEEDANCE)
                        .input(url(MediaRole.IMAGE, "https://media.example.com/a.mp4"))
                        .build()))
                .contains("video/mp4")
                .contains("a picture");
    }

    @Test
    void describesAModelOnceForManyRequests() {
        var provider = provider();
        for (int i = 0; i < 5; i++) {
            await(provider.plan(wan().build(), CallOptions.DEFAULT));
        }
        SERVICE.verify(1, postRequestedFor(urlPathEqualTo("/v1/Tool/Detail")));

        clock.forward(WiroCatalogue.KEPT.plusSeconds(1));
        await(provider.plan(wan().build(), CallOptions.DEFAULT));
        SERVICE.verify(2, postRequestedFor(urlPathEqualTo("/v1/Tool/Detail")));
    }

    @Test
    void aFailedReadIsNotKept() {
        var provider = provider();
        stub("/Tool/Detail", okJson(error("0", "oops")));
        failure(() -> provider.plan(wan().build(), CallOptions.DEFAULT));

        stub("/Tool/Detail", okJson(tool(WAN)));
        assertThat(await(provider.plan(wan().build(), CallOptions.DEFAULT)).model())
                .isEqualTo(WAN);
    }
}
