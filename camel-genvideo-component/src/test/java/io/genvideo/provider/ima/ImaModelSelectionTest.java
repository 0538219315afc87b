/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/contracts/ima.md sections 2 and 3.1, 3.5, 3.6: the list, and which model a name selects. */
class ImaModelSelectionTest extends ImaTestSupport {

    @BeforeEach
    void lists() {
        stubLists();
    }

    @ParameterizedTest
    @CsvSource({
        "text_to_video,wan2.6-t2v,wan2.6-t2v",
        "text_to_video,Wan 2.6,wan2.6-t2v",
        "text_to_video,WAN2.6,wan2.6-t2v",
        "image_to_video,wan  2.6,wan2.6-i2v",
        "text_to_video,doubao-seedance-1.5-pro,doubao-seedance-1-5-pro-251215",
        "text_to_video,doubao-seedance-1-5-pro-251215,doubao-seedance-1-5-pro-251215",
        "text_to_video,seedance 1.5 pro,doubao-seedance-1-5-pro-251215",
        "text_to_video,minimax-hailuo-02,MiniMax-Hailuo-02",
        "text_to_video,pixverse,Pixverse V5.5",
        "text_to_video,Pixverse,Pixverse V5.5",
        "text_to_video,Pixverse V5,Pixverse V5",
        "text_to_video,pixverse v4.5,Pixverse V4.5",
        "reference_image_to_video,pixverse,Pixverse V5.5",
        "text_to_video,ima sevio 1.0,ima-pro",
        "text_to_video,IMA Sevio 1.0-fast,ima-pro-fast",
        "text_to_video,ima sevio 1.0 fast,ima-pro-fast",
        "image_to_video,seedance 2.0,ima-pro",
        "image_to_video,seedance 2.0-fast,ima-pro-fast",
        "image_to_video,Seedance  2.0 Fast,ima-pro-fast",
        "text_to_video,Wan,wan2.6-t2v",
        "image_to_video,Wan,wan2.6-i2v",
        "reference_image_to_video,wan,wan2.6-i2v",
        "first_last_frame_to_video,Kling,kling-video-o1",
        "text_to_video,Kling 2.6,kling-v2-6",
        "text_to_video,Kling O1,kling-video-o1",
        "text_to_video,Hailuo,MiniMax-Hailuo-2.3",
        "text_to_video,Hailuo 2.0,MiniMax-Hailuo-02",
        "text_to_video,Vidu,viduq2",
        "image_to_video,Vidu,viduq2-pro",
        "reference_image_to_video,Vidu,viduq2",
        "first_last_frame_to_video,vidu,viduq2-pro",
        "text_to_video,Veo,veo-3.1-generate-preview",
        "text_to_video,Sora,sora-2-pro"
    })
    void selectsModelByName(String taskType, String model, String leaf) {
        Operation operation = Operation.fromPath(taskType).orElseThrow();

        JsonNode order = sent(request(operation).model(model).build()).at("/parameters/0");

        assertThat(order.get("model_version").asText()).isEqualTo(leaf);
    }

    @Test
    void planNamesModelUnambiguously() {
        GenerationProvider provider = provider();
        assertThat(await(provider.plan(
                                request(Operation.TEXT_TO_VIDEO)
                                        .model("pixverse")
                                        .build(),
                                CallOptions.DEFAULT))
                        .model())
                .isEqualTo("Pixverse V5.5");
        assertThat(await(provider.plan(
                                request(Operation.TEXT_TO_VIDEO)
                                        .model("seedance 1.5 pro")
                                        .build(),
                                CallOptions.DEFAULT))
                        .model())
                .isEqualTo("doubao-seedance-1.5-pro");
    }

    @ParameterizedTest
    @ValueSource(strings = {"V10", "V5.10", "V6"})
    void theNewestVersionIsFoundByNumber(String version) throws Exception {
        JsonNode list = MAPPER.readTree(list(Operation.TEXT_TO_VIDEO));
        ArrayNode pixverse =
                (ArrayNode) list.at("/data").get(list.at("/data").size() - 1).get("children");
        ObjectNode newer = pixverse.get(2).deepCopy();
        newer.put("id", "Pixverse " + version).put("name", "Pixverse " + version);
        pixverse.insert(3, newer);
        stubList(Operation.TEXT_TO_VIDEO, okJson(list.toString()));

        assertThat(await(provider()
                                .plan(
                                        request(Operation.TEXT_TO_VIDEO)
                                                .model("pixverse")
                                                .build(),
                                        CallOptions.DEFAULT))
                        .model())
                .isEqualTo("Pixverse " + version);
    }

    @Test
    void rejectsUnknownModelWithNearestNames() {
        GenvideoException e = failure(() -> provider()
                .plan(request(Operation.TEXT_TO_VIDEO).model("klingg o1").build(), CallOptions.DEFAULT));

        assertThat(e.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
        assertThat(e).hasMessageContaining("model=klingg o1").hasMessageContaining("kling-video-o1 (Kling O1)");
        assertThat(e.getMessage().split("for example ")[1].split(", ")).hasSize(5);
    }

    @Test
    void namesTaskTypesThatHaveTheModel() {
        GenvideoException e = failure(() -> provider()
                .plan(request(Operation.REFERENCE_IMAGE_TO_VIDEO).model("Sora").build(), CallOptions.DEFAULT));

        assertThat(e)
                .hasMessageContaining("model=Sora is not offered for reference_image_to_video,"
                        + " only for text_to_video, image_to_video");
    }

    @Test
    void rejectsUnknownModelWhenOtherListsCannotBeRead() {
        stubList(Operation.TEXT_TO_VIDEO, json(500, "oops"));
        stubList(Operation.IMAGE_TO_VIDEO, json(500, "oops"));

        assertThat(failure(() -> provider()
                        .plan(
                                request(Operation.REFERENCE_IMAGE_TO_VIDEO)
                                        .model("Sora")
                                        .build(),
                                CallOptions.DEFAULT)))
                .hasMessageContaining("model=Sora is not in IMA Studio's list for reference_image_to_video");
    }

    @Test
    void reportsRemovedDefaultModel() {
        stubList(Operation.TEXT_TO_VIDEO, okJson(withoutWan()));

        assertThat(failure(
                        () -> provider().plan(request(Operation.TEXT_TO_VIDEO).build(), CallOptions.DEFAULT)))
                .hasMessageContaining("default model=wan2.6-t2v")
                .hasMessageContaining("option model takes");
    }

    /** Other ids, other prices, reverse order, a deeper tree, an unknown model and one that cannot be read. */
    @Test
    void offersOnlyListedModels() throws Exception {
        JsonNode list = MAPPER.readTree(list(Operation.TEXT_TO_VIDEO));
        list.findParents("attribute_id")
                .forEach(rule -> ((ObjectNode) rule)
                        .put("attribute_id", rule.get("attribute_id").asInt() + 90000)
                        .put("points", rule.get("points").asInt() + 1000));
        List<JsonNode> groups = new ArrayList<>();
        list.get("data").forEach(groups::add);
        Collections.reverse(groups);
        ArrayNode reversed = MAPPER.createArrayNode().addAll(groups);
        ObjectNode unknown = (ObjectNode) MAPPER.readTree("""
                {"id":"new-1","type":"3","name":"Brand New","model_id":"new","extra":{"a":[1]},"form_config":[
                  {"type":"slider","field":"strength","value":0.5,"config":{"minimum":0,"maximum":1}},
                  {"type":"wheel","field":"mood","value":null},
                  {"type":"tags"}, 7],
                 "credit_rules":[{"points":7,"attribute_id":1,"attributes":{"hdr":"no"}},{"points":7},
                                 {"points":9,"attribute_id":2,"attributes":{"default":"enabled"}}]}""");
        reversed.addObject()
                .put("type", "2")
                .putArray("children")
                .addObject()
                .put("type", "2")
                .putArray("children")
                .add(unknown)
                .add(MAPPER.readTree("{\"type\":\"3\",\"name\":\"no ids\"}"))
                .add(5);
        ((ObjectNode) list).set("data", reversed);
        stubList(Operation.TEXT_TO_VIDEO, okJson(list.toString()));

        GenerationProvider provider = provider();
        JsonNode wan = sent(provider, request(Operation.TEXT_TO_VIDEO).build()).at("/parameters/0");
        assertThat(wan.get("attribute_id").asInt()).isEqualTo(92058);
        assertThat(wan.get("credit").asInt()).isEqualTo(1040);

        JsonNode fresh = sent(
                        provider,
                        request(Operation.TEXT_TO_VIDEO)
                                .model("brand new")
                                .parameters(java.util.Map.of("strength", "0.75", "mood", "calm"))
                                .build())
                .at("/parameters/0");
        assertThat(fresh.get("attribute_id").asInt()).isEqualTo(1);
        assertThat(fresh.get("parameters").toString())
                .startsWith("{\"strength\":0.75,\"mood\":\"calm\",\"hdr\":\"no\",\"prompt\":");
        assertThat(failure(() -> provider.plan(
                        request(Operation.TEXT_TO_VIDEO)
                                .model("new")
                                .parameters(java.util.Map.of("strength", 2))
                                .build(),
                        CallOptions.DEFAULT)))
                .hasMessageContaining("param.strength=2")
                .hasMessageContaining("0 to 1");
    }

    @Test
    void derivesPixverseModelFromName() throws Exception {
        JsonNode list = MAPPER.readTree(list(Operation.TEXT_TO_VIDEO));
        list.findParents("form_config").forEach(leaf -> {
            ArrayNode form = (ArrayNode) leaf.get("form_config");
            for (int i = form.size() - 1; i >= 0; i--) {
                if (form.get(i).get("field").asText().equals("model")) {
                    form.remove(i);
                }
            }
        });
        stubList(Operation.TEXT_TO_VIDEO, okJson(list.toString()));

        assertThat(inner(request(Operation.TEXT_TO_VIDEO).model("Pixverse V4.5").build())
                        .get("model")
                        .asText())
                .isEqualTo("v4.5");
    }

    @Test
    void rejectsRemovedModel() {
        stubList(Operation.TEXT_TO_VIDEO, okJson(withoutWan()));

        assertThat(failure(() -> provider()
                        .plan(
                                request(Operation.TEXT_TO_VIDEO)
                                        .model("wan2.6-t2v")
                                        .build(),
                                CallOptions.DEFAULT)))
                .hasMessageContaining("model=wan2.6-t2v is not in IMA Studio's list for text_to_video");
    }

    // ---- the cache ----

    @Test
    void cachesListForFiveMinutes() {
        GenerationProvider provider = provider();
        await(provider.plan(request(Operation.TEXT_TO_VIDEO).build(), CallOptions.DEFAULT));
        clock.forward(Duration.ofSeconds(299));
        await(provider.plan(request(Operation.TEXT_TO_VIDEO).build(), CallOptions.DEFAULT));
        assertThat(listCalls()).isEqualTo(1);

        clock.forward(Duration.ofSeconds(1));
        await(provider.plan(request(Operation.TEXT_TO_VIDEO).build(), CallOptions.DEFAULT));
        assertThat(listCalls()).isEqualTo(2);
    }

    @Test
    void concurrentCallersShareOneCall() {
        stubList(Operation.TEXT_TO_VIDEO, okJson(list(Operation.TEXT_TO_VIDEO)).withFixedDelay(300));
        GenerationProvider provider = provider();

        CompletableFuture<?>[] plans = IntStream.range(0, 20)
                .mapToObj(i -> provider.plan(request(Operation.TEXT_TO_VIDEO).build(), CallOptions.DEFAULT)
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        // One of them gives up; the others must not notice.
        plans[0].cancel(true);
        for (int i = 1; i < plans.length; i++) {
            await(plans[i]);
        }

        assertThat(listCalls()).isEqualTo(1);
    }

    @Test
    void doesNotCacheFailedRead() {
        stubList(Operation.TEXT_TO_VIDEO, json(503, "busy"));
        GenerationProvider provider = provider();
        GenvideoException e =
                failure(() -> provider.plan(request(Operation.TEXT_TO_VIDEO).build(), CallOptions.DEFAULT));
        assertThat(e.getCategory()).isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
        assertThat(e.isRetryable()).isTrue();

        stubLists();
        assertThat(await(provider.plan(request(Operation.TEXT_TO_VIDEO).build(), CallOptions.DEFAULT))
                        .credits())
                .isEqualByComparingTo("40");
    }

    // ---- models ----

    @Test
    void describesAllModels() {
        List<ModelInfo> models = await(provider().models(null, CallOptions.DEFAULT));

        assertThat(models).hasSize(55);
        assertThat(models.stream()
                        .filter(ModelInfo::defaultModel)
                        .map(m -> m.operation().path() + " " + m.id()))
                .containsExactly(
                        "text_to_video wan2.6-t2v",
                        "image_to_video wan2.6-i2v",
                        "first_last_frame_to_video kling-video-o1",
                        "reference_image_to_video kling-video-o1");
        assertThat(models.stream().map(m -> m.operation() + m.id())).doesNotHaveDuplicates();
    }

    @Test
    void describesModelInUserTerms() {
        ModelInfo kling = model(Operation.TEXT_TO_VIDEO, "kling-video-o1");

        assertThat(kling.parameters().stream()
                        .map(p -> p.name() + "/" + p.option() + "/" + p.type() + "/" + p.allowed()))
                .containsExactly(
                        "duration/duration/string/[5, 10]",
                        "aspect_ratio/aspectRatio/string/[16:9, 9:16, 1:1]",
                        "quality/resolution/string/[720p, 1080p]",
                        "n/count/integer/[1, 2, 3, 4, 5, 6, 7, 8]");
        assertThat(kling.parameters().get(2).note()).isEqualTo("sent as mode");
        assertThat(kling.prices())
                .anySatisfy(p -> {
                    assertThat(p.credits()).isEqualByComparingTo("60");
                    assertThat(p.attributes()).containsEntry("quality", "1080p").containsEntry("duration", "5");
                })
                .hasSize(4);
        assertThat(kling.expectedSeconds()).containsExactly(240, 360);
        assertThat(kling.minInputs()).isZero();
        assertThat(kling.maxInputs()).isZero();
    }

    @Test
    void limitsAndExclusionsAreDescribed() {
        ModelInfo hailuo = model(Operation.TEXT_TO_VIDEO, "MiniMax-Hailuo-2.3");
        assertThat(hailuo.parameters().get(0).note()).isEqualTo("10 not with resolution 1080P");
        assertThat(model(Operation.TEXT_TO_VIDEO, "wan2.6-t2v").parameters())
                .filteredOn(p -> p.name().equals("negative_prompt"))
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.note()).isEqualTo("text of at most 800 characters");
                    assertThat(p.defaultValue()).isEqualTo("");
                    assertThat(p.option()).isEqualTo("negativePrompt");
                });
        assertThat(model(Operation.TEXT_TO_VIDEO, "ima-pro").parameters().get(0))
                .satisfies(p -> assertThat(p.allowed()).containsExactly(true, false))
                .satisfies(p -> assertThat(p.type()).isEqualTo("boolean"));
        ModelInfo veo = model(Operation.REFERENCE_IMAGE_TO_VIDEO, "veo-3.1-generate-preview");
        assertThat(veo.minInputs()).isEqualTo(1);
        assertThat(veo.maxInputs()).isEqualTo(3);
        assertThat(model(Operation.REFERENCE_IMAGE_TO_VIDEO, "ima-pro").maxInputs())
                .isEqualTo(9);
        assertThat(model(Operation.REFERENCE_IMAGE_TO_VIDEO, "kling-video-o1").maxInputs())
                .isNull();
    }

    @Test
    void rejectsUnsupportedTaskTypes() {
        assertThat(failure(() -> provider().models(Operation.TEXT_TO_IMAGE, CallOptions.DEFAULT))
                        .getCategory())
                .isEqualTo(ErrorCategory.OPERATION_NOT_SUPPORTED);
        assertThat(failure(
                        () -> provider().plan(request(Operation.VIDEO_TO_VIDEO).build(), CallOptions.DEFAULT)))
                .hasMessageContaining("text_to_video, image_to_video");
    }

    private ModelInfo model(Operation taskType, String id) {
        return await(provider().models(taskType, CallOptions.DEFAULT)).stream()
                .filter(m -> m.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static String withoutWan() {
        try {
            JsonNode list = MAPPER.readTree(list(Operation.TEXT_TO_VIDEO));
            ArrayNode groups = (ArrayNode) list.get("data");
            for (int i = groups.size() - 1; i >= 0; i--) {
                if (groups.get(i).get("id").asText().equals("Wan")) {
                    groups.remove(i);
                }
            }
            return list.toString();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int listCalls() {
        return IMA.findAll(getRequestedFor(urlPathEqualTo("/ima/open/v1/product/list")))
                .size();
    }
}
