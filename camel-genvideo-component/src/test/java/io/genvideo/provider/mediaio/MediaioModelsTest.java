/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProviderFactory;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/mediaio.md section 7: which model a name means, and how each is described. */
class MediaioModelsTest extends MediaioTestSupport {

    private static List<ModelInfo> models(Operation operation) {
        return await(provider().models(operation, CallOptions.DEFAULT));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "text_to_video,Wan 2.6,t2v-wan-v2-6",
        "image_to_video,Wan 2.6,i2v-wan-v2-6",
        "generate,Wan 2.6,i2v-wan-v2-6",
        "generate,Wan 2.6 (Text To Video),t2v-wan-v2-6",
        "text_to_video,Wan 2.6 (Text To Video),t2v-wan-v2-6",
        "text_to_video,t2v-wan-v2-6,t2v-wan-v2-6",
        "generate,T2V-WAN-V2-6,t2v-wan-v2-6",
        "image_to_video,vidu q3,i2v-vidu-q3",
        "text_to_video,VIDU-Q3,t2v-vidu-q3",
        "image_to_video,google_veo_3.1,i2v-veo-v3-1",
        "image_to_video,Google Veo 3.1 Fast,i2v-veo-v3-1-fast",
        "text_to_image,soul character,t2i-soul-character",
        "image_to_image,Nano Banana,i2i-banana",
        "image_to_image,Nano Banana Pro,i2i-banana-2",
        "video_to_video,Motion Control Kling 2.6,i2v-motion-control-kling-v2-6",
        "image_to_video,Motion Control Kling 2.6,i2v-motion-control-kling-v2-6"
    })
    void taskTypeAndNameSelectTheModel(String operation, String name, String id) {
        MediaioModel model =
                new MediaioCatalogue().find(name, Operation.fromPath(operation).orElseThrow());

        assertThat(model.id()).isEqualTo(id);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "text_to_video||model is missing: Media.io has no default. For text_to_video there are: Wan 2.6, Vidu Q3, Wan 2.5",
                "text_to_image|Sora|model=Sora is not known. For text_to_image there are: Imagen 4, soul_character",
                "text_to_video|Kling 2.1|model=Kling 2.1 cannot do text_to_video; it can do: image_to_video, generate. For text_to_video there are: Wan 2.6",
                "image_to_video|Wan 2.6 (Text To Video)|cannot do image_to_video; it can do: text_to_video, generate",
                "video_to_video|Wan 2.6|it can do: image_to_video, generate. For video_to_video there are: Motion Control Kling 2.6",
                "generate|Credits|model=Credits is not known. For generate there are: Imagen 4,",
                "generate|i2i-media-2.0|model=i2i-media-2.0 is not known"
            })
    void rejectsModelThatCannotDoTheOperation(String operation, String name, String text) {
        Operation taskType = Operation.fromPath(operation).orElseThrow();

        assertThat(refusal(request(taskType, name).build())).contains(text);
        if (name != null) {
            assertThat(failure(() -> {
                                provider().checkModel(name, taskType);
                                return null;
                            })
                            .getMessage())
                    .contains(text);
        }
        SERVICE.verify(0, postRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @CsvSource({"first_last_frame_to_video", "reference_image_to_video"})
    void rejectsTaskTypeThatNoModelHas(String operation) {
        var request =
                request(Operation.fromPath(operation).orElseThrow(), "Wan 2.6").build();

        assertThat(failure(() -> provider().plan(request, CallOptions.DEFAULT)).getCategory())
                .isEqualTo(ErrorCategory.OPERATION_NOT_SUPPORTED);
    }

    @Test
    void listsTheModelsOfEachTaskTypeWithoutARequest() {
        assertThat(models(Operation.TEXT_TO_IMAGE)).hasSize(2);
        assertThat(models(Operation.IMAGE_TO_IMAGE)).hasSize(3);
        assertThat(models(Operation.IMAGE_TO_VIDEO)).hasSize(14);
        assertThat(models(Operation.TEXT_TO_VIDEO)).hasSize(3);
        assertThat(models(Operation.VIDEO_TO_VIDEO)).hasSize(1);
        assertThat(models(null)).hasSize(23);
        SERVICE.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void describesWhatAModelTakes() {
        ModelInfo wan = models(Operation.TEXT_TO_VIDEO).get(0);

        assertThat(wan.id()).isEqualTo("t2v-wan-v2-6");
        assertThat(wan.version()).isEqualTo("Wan 2.6 (Text To Video)");
        assertThat(wan.name()).isEqualTo("Wan 2.6");
        assertThat(wan.description()).endsWith("POST /generation/wan/t2v-wan-v2-6.");
        assertThat(wan.maxInputs()).isZero();
        assertThat(wan.parameters())
                .contains(
                        new ModelInfo.Parameter(
                                "prompt", null, "string", null, List.of(), "required; text of at most 1500 characters"),
                        new ModelInfo.Parameter(
                                "size",
                                "aspectRatio",
                                "string",
                                "16:9",
                                List.of("9:16", "16:9", "1:1", "4:3", "3:4"),
                                null),
                        new ModelInfo.Parameter(
                                "generate_audio", "audio", "string", "True", List.of("True", "False"), null));
    }

    @Test
    void describesLimitsOfMediaAndConditions() {
        ModelInfo hailuo = models(Operation.IMAGE_TO_VIDEO).stream()
                .filter(m -> m.name().equals("Hailuo 2.3"))
                .findFirst()
                .orElseThrow();

        assertThat(hailuo.minInputs()).isEqualTo(1);
        assertThat(hailuo.maxInputs()).isEqualTo(1);
        assertThat(note(hailuo, "resolution")).isEqualTo("1080P only with duration=6s");
        assertThat(note(hailuo, "image"))
                .isEqualTo("required; a public URL of a picture: PNG, JPEG, JPG, WEBP, GIF, HEIC; at most 20 MB; width"
                        + " and height 300 to 4000 pixels; width to height 0.4:1 to 2.5:1");
    }

    @Test
    void theFactoryIsFoundAsAService() {
        assertThat(ServiceLoader.load(GenerationProviderFactory.class).stream()
                        .map(p -> p.get())
                        .filter(MediaioProviderFactory.class::isInstance)
                        .map(f -> f.descriptor()))
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.name()).isEqualTo("mediaio");
                    assertThat(d.operations())
                            .containsExactlyInAnyOrder(
                                    Operation.TEXT_TO_VIDEO,
                                    Operation.IMAGE_TO_VIDEO,
                                    Operation.VIDEO_TO_VIDEO,
                                    Operation.TEXT_TO_IMAGE,
                                    Operation.IMAGE_TO_IMAGE,
                                    Operation.GENERATE,
                                    Operation.TASK,
                                    Operation.RESULT,
                                    Operation.CREDITS,
                                    Operation.MODELS,
                                    Operation.DESCRIBE,
                                    Operation.RESOLVE);
                    assertThat(d.alternatives().get(Operation.UPLOAD)).contains("uploadVia");
                    assertThat(d.pollFloor()).hasSeconds(3);
                    assertThat(d.credentials())
                            .singleElement()
                            .satisfies(c -> assertThat(c.environment()).containsExactly("MEDIAIO_API_KEY", "API_KEY"));
                });
    }

    private static String note(ModelInfo model, String parameter) {
        return model.parameters().stream()
                .filter(p -> p.name().equals(parameter))
                .findFirst()
                .orElseThrow()
                .note();
    }
}
