/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.spi.CallOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * docs/contracts/ima.md sections 3.2 to 3.4: values in the list's own type and spelling, or an error that tells what is allowed.
 */
class ImaParametersTest extends ImaTestSupport {

    @BeforeEach
    void lists() {
        stubLists();
    }

    /** said: JSON; portable names are options, {@code param.x} are parameters. sent: a part of the inner parameters. */
    @ParameterizedTest(name = "{1} {2} -> {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text_to_video|wan|{'duration':10}|{'duration':10}|2060",
                "text_to_video|wan|{'param.duration':'10'}|{'duration':10}|",
                "text_to_video|wan|{'param.duration':'10s'}|{'duration':10}|",
                "text_to_video|wan|{'resolution':'720p'}|{'resolution':'720P'}|2057",
                "text_to_video|wan|{'param.Resolution':' 720P '}|{'resolution':'720P'}|2057",
                "text_to_video|wan|{'aspectRatio':'9:16','negativePrompt':'fog'}|{'aspect_ratio':'9:16','negative_prompt':'fog'}|2058",
                "text_to_video|wan|{'param.prompt_extend':'true','param.shot_type':'MULTI'}|{'prompt_extend':true,'shot_type':'multi'}|",
                "text_to_video|wan|{'duration':10,'param.duration':'10'}|{'duration':10}|",
                "text_to_video|wan|{'count':2,'param.n':'2'}|{'n':2}|",
                "text_to_video|wan|{'param.n':8}|{'n':8}|",
                "text_to_video|Kling O1|{'duration':10}|{'duration':'10'}|2315",
                "text_to_video|Kling O1|{'resolution':'1080p'}|{'mode':'pro'}|2314",
                "text_to_video|Kling O1|{'param.quality':'1080P'}|{'mode':'pro'}|",
                "text_to_video|Kling O1|{'param.mode':'PRO'}|{'mode':'pro'}|",
                "text_to_video|Kling O1|{'param.mode':'pro','param.quality':'1080p'}|{'mode':'pro'}|",
                "text_to_video|Kling 2.6|{'audio':true}|{'sound':'on','mode':'pro'}|2329",
                "text_to_video|Kling 2.6|{'audio':false}|{'sound':'off'}|2330",
                "text_to_video|Kling 2.6|{'param.sound':true}|{'sound':'on'}|2329",
                "text_to_video|Kling 2.6|{'resolution':'1080p'}|{'mode':'pro'}|",
                "text_to_video|ima-pro|{'aspectRatio':'adaptive'}|{'aspect_ratio':'auto'}|4511",
                "text_to_video|ima-pro|{'param.aspect_ratio':'AUTO'}|{'aspect_ratio':'auto'}|4511",
                "text_to_video|ima-pro|{'param.aspect_ratio':'21:9'}|{'aspect_ratio':'21:9'}|4511",
                "text_to_video|ima-pro|{}|{'aspect_ratio':'1:1'}|4511",
                "text_to_video|ima-pro-fast|{'aspectRatio':'adaptive'}|{'aspect_ratio':'adaptive'}|4505",
                "text_to_video|ima-pro|{'audio':false}|{'audio':false}|4511",
                "text_to_video|ima-pro|{'param.generate_audio':'off'}|{'audio':false}|4511",
                "text_to_video|ima-pro|{'param.generate_audio':false,'audio':false}|{'audio':false}|4511",
                "text_to_video|seedance 1.5 pro|{'audio':false}|{'generate_audio':false}|",
                "text_to_video|seedance 1.5 pro|{'param.audio':'on'}|{'generate_audio':true}|2084",
                "text_to_video|Veo|{'audio':true,'duration':8,'resolution':'1080P'}|{'generate_audio':true,'resolution':'1080p','duration':8}|",
                "text_to_video|Sora|{'duration':12.0}|{'duration':'12'}|",
                "text_to_video|Pixverse V5|{'param.model':'V5','resolution':'1080p'}|{'model':'v5','resolution':'1080p'}|",
                "text_to_video|Hailuo|{'duration':10}|{'duration':10,'resolution':'768P'}|",
                "text_to_video|Hailuo|{'resolution':'1080p'}|{'duration':6,'resolution':'1080P'}|",
                "image_to_video|Hailuo 2.0|{'resolution':'512p'}|{'resolution':'512P'}|2077",
                "image_to_video|Wan|{'param.template':'squish'}|{'template':'squish'}|1958"
            })
    void isTranslated(String taskType, String model, String said, String sent, Integer attributeId) throws Exception {
        JsonNode inner = inner(asked(taskType, model, said));

        JsonNode expected = MAPPER.readTree(sent.replace('\'', '"'));
        expected.fields()
                .forEachRemaining(f -> assertThat(inner.get(f.getKey())).isEqualTo(f.getValue()));
        assertThat(inner.has("quality")).isFalse();
        if (attributeId != null) {
            assertThat(inner.at("/cast/attribute_id").asInt()).isEqualTo(attributeId);
        }
    }

    /** expect: texts that the message must hold, separated by semicolons. */
    @ParameterizedTest(name = "{1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text_to_video|wan|{'duration':7}|duration=7;Wan 2.6;5, 10, 15",
                "text_to_video|wan|{'duration':7.5}|duration=7.5;5, 10, 15",
                "text_to_video|wan|{'param.duration':'7s'}|param.duration=7s;5, 10, 15",
                "text_to_video|wan|{'resolution':'4K'}|resolution=4K;720P, 1080P",
                "text_to_video|wan|{'aspectRatio':'2:1'}|aspectRatio=2:1;16:9, 9:16, 4:3, 3:4, 1:1",
                "text_to_video|wan|{'seed':42}|seed=42;no such parameter;duration, aspect_ratio, resolution",
                "text_to_video|wan|{'audio':true}|audio=true;no such parameter;shot_type, n",
                "text_to_video|wan|{'param.camera':'left'}|param.camera;no such parameter;duration, aspect_ratio",
                "text_to_video|wan|{'param.quality':'1080p'}|param.quality;no such parameter",
                "text_to_video|wan|{'param.prompt_extend':'maybe'}|param.prompt_extend=maybe;true, false",
                "text_to_video|wan|{'param.prompt':'x'}|param.prompt cannot be set;takes: duration",
                "text_to_video|wan|{'param.cast':'x'}|param.cast cannot be set",
                "text_to_video|wan|{'param.credit':1}|param.credit cannot be set",
                "text_to_video|wan|{'param.input_images':'x'}|param.input_images cannot be set",
                "text_to_video|wan|{'param.attribute_id':1}|param.attribute_id cannot be set",
                "text_to_video|wan|{'param.duration':[5]}|param.duration needs a single value",
                "text_to_video|wan|{'param.duration':null}|param.duration needs a single value",
                "text_to_video|wan|{'duration':5,'param.duration':10}|duration=5 and param.duration=10",
                "text_to_video|wan|{'negativePrompt':'a','param.negative_prompt':'b'}|negativePrompt and param.negative_prompt",
                "text_to_video|wan|{'count':9}|count=9;1 to 8",
                "text_to_video|wan|{'count':0}|count=0;1 to 8",
                "text_to_video|wan|{'param.n':'many'}|param.n=many;1 to 8",
                "text_to_video|wan|{'count':2,'param.n':3}|count=2 and param.n=3",
                "text_to_video|Kling O1|{'resolution':'540p'}|resolution=540p;720p, 1080p",
                "text_to_video|Kling O1|{'param.mode':'ultra'}|param.mode=ultra;std, pro",
                "text_to_video|Kling O1|{'param.mode':'std','resolution':'1080p'}|param.mode=std;resolution=1080p;mode=pro",
                "text_to_video|Kling O1|{'audio':false}|audio=false;duration, aspect_ratio, quality, n",
                "text_to_video|Kling O1|{'negativePrompt':'fog'}|negativePrompt cannot be set",
                "text_to_video|ima-pro|{'aspectRatio':'5:4'}|aspectRatio=5:4;adaptive",
                "text_to_video|ima-pro|{'audio':true,'param.generate_audio':false}|audio=true and param.generate_audio=false",
                "text_to_video|Pixverse V5|{'param.model':'v5.5'}|param.model=v5.5;v5",
                "text_to_video|Hailuo|{'duration':10,'resolution':'1080P'}|duration=10 and resolution=1080P;allowed: resolution 768P",
                "text_to_video|Veo|{'resolution':'1080p'}|duration=4 (the default) and resolution=1080p",
                "text_to_video|Pixverse|{'duration':8,'param.resolution':'1080P'}|param.resolution=1080p and duration=8;allowed: duration 5",
                "text_to_video|Hailuo 2.0|{'resolution':'512P'}|resolution=512P;768P, 1080P",
                "first_last_frame_to_video|Kling 2.6|{'audio':true}|audio=true;allowed: off",
                "reference_image_to_video|Veo|{'duration':4}|duration=4;allowed: 8",
            })
    void isRefused(String taskType, String model, String said, String expect) throws Exception {
        GenerationRequest request = asked(taskType, model, said);

        GenvideoException e = failure(() -> provider().plan(request, CallOptions.DEFAULT));

        assertThat(e).isInstanceOf(InvalidGenerationRequestException.class);
        assertThat(e.getPaid()).isEqualTo(Paid.NO);
        assertThat(e.isRetryable()).isFalse();
        for (String part : expect.split(";")) {
            assertThat(e.getMessage()).contains(part);
        }
    }

    @ParameterizedTest
    @CsvSource({"Wan,800", "Kling 2.6,2500", "Veo,200"})
    void boundsTextsWithoutShowingThem(String model, int most) {
        GenerationRequest longest = request(Operation.TEXT_TO_VIDEO)
                .model(model)
                .options(options(Map.of("negativePrompt", "\uD83D\uDE00".repeat(most))))
                .build();
        assertThat(inner(longest).get("negative_prompt").asText()).hasSize(2 * most);

        GenvideoException e = failure(() -> provider()
                .plan(
                        longest.toBuilder()
                                .options(options(Map.of("negativePrompt", "z".repeat(most + 1))))
                                .build(),
                        CallOptions.DEFAULT));
        assertThat(e)
                .hasMessageContaining("negativePrompt (" + (most + 1) + " characters)")
                .hasMessageContaining("at most " + most)
                .hasMessageNotContaining("zzz");
    }

    @Test
    void refusesValuesThatTheListDisables() throws Exception {
        JsonNode list = MAPPER.readTree(list(Operation.FIRST_LAST_FRAME_TO_VIDEO));
        // The same leaf with an option that the ban is about, as another account may see it.
        list.findParents("form_config").stream()
                .filter(l -> l.get("id").asText().equals("kling-v2-6"))
                .flatMap(l -> java.util.stream.StreamSupport.stream(
                        l.get("form_config").spliterator(), false))
                .filter(f -> f.get("field").asText().equals("sound"))
                .forEach(f -> ((ObjectNode) f)
                        .withArray("options")
                        .addObject()
                        .put("label", "on")
                        .put("value", "on"));
        stubList(Operation.FIRST_LAST_FRAME_TO_VIDEO, okJson(list.toString()));

        assertThat(failure(() -> provider()
                        .plan(
                                request(Operation.FIRST_LAST_FRAME_TO_VIDEO)
                                        .model("kling-v2-6")
                                        .options(options(Map.of("audio", true)))
                                        .build(),
                                CallOptions.DEFAULT)))
                .hasMessageContaining("audio=on is not available for first_last_frame_to_video")
                .hasMessageContaining("allowed: off");
    }

    @Test
    void rejectsUnpricedCombinationWithPricedOnes() throws Exception {
        JsonNode list = MAPPER.readTree(list(Operation.TEXT_TO_VIDEO));
        list.findParents("credit_rules").stream()
                .filter(l -> l.get("id").asText().equals("wan2.6-t2v"))
                .forEach(l -> ((com.fasterxml.jackson.databind.node.ArrayNode) l.get("credit_rules")).remove(0));
        stubList(Operation.TEXT_TO_VIDEO, okJson(list.toString()));

        assertThat(failure(() -> provider()
                        .plan(
                                request(Operation.TEXT_TO_VIDEO)
                                        .options(options(Map.of("resolution", "720p")))
                                        .build(),
                                CallOptions.DEFAULT)))
                .hasMessageContaining("no price for duration=5 (the default), resolution=720P")
                .hasMessageContaining("duration=5, resolution=1080P: 40 points");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // two rules that both apply
                "[{'points':1,'attribute_id':1,'attributes':{'duration':5}},{'points':2,'attribute_id':2,'attributes':{'resolution':'1080p'}}]|more than one price",
                // the same rule twice is one rule
                "[{'points':3,'attribute_id':3,'attributes':{'duration':'5'}},{'points':3,'attribute_id':3,'attributes':{'duration':'5'}}]|3",
                // the default rule, if nothing else applies
                "[{'points':4,'attribute_id':4,'attributes':{'default':'enabled'}}]|4",
                "[{'points':5,'attribute_id':5,'attributes':{'default':'enabled'}},{'points':6,'attribute_id':6,'attributes':{'Duration ':5}}]|6",
                "[{'points':5,'attribute_id':5,'attributes':{'default':'enabled'}},{'points':6,'attribute_id':6,'attributes':{'default':'enabled'}}]|more than one price",
                // a boolean is not its text
                "[{'points':7,'attribute_id':7,'attributes':{'prompt_extend':'false'}}]|no price",
                "[{'points':8,'attribute_id':8,'attributes':{'prompt_extend':false}}]|8",
                "[{'points':8.5,'attribute_id':8,'attributes':{'prompt_extend':false}}]|8.5",
                // unusable rules
                "[{'points':9,'attribute_id':0,'attributes':{'duration':5}}]|no price",
                "[]|no price"
            })
    void exactlyOneRulePrices(String rules, String expected) throws Exception {
        JsonNode list = MAPPER.readTree(list(Operation.TEXT_TO_VIDEO));
        JsonNode given = MAPPER.readTree(rules.replace('\'', '"'));
        list.findParents("credit_rules").stream()
                .filter(l -> l.get("id").asText().equals("wan2.6-t2v"))
                .forEach(l -> ((ObjectNode) l).set("credit_rules", given));
        stubList(Operation.TEXT_TO_VIDEO, okJson(list.toString()));
        GenerationRequest request = request(Operation.TEXT_TO_VIDEO).build();

        if (expected.endsWith("price")) {
            assertThat(failure(() -> provider().plan(request, CallOptions.DEFAULT)))
                    .hasMessageContaining(expected);
        } else {
            assertThat(await(provider().plan(request, CallOptions.DEFAULT)).credits())
                    .isEqualByComparingTo(expected);
            assertThat(sent(request).at("/parameters/0/credit").asText()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"TEXT_TO_VIDEO", "IMAGE_TO_VIDEO", "FIRST_LAST_FRAME_TO_VIDEO", "REFERENCE_IMAGE_TO_VIDEO"})
    void rejectsMissingPromptBeforeAnythingIsSent(Operation taskType) {
        for (String prompt : new String[] {null, "", "  \n"}) {
            assertThat(failure(() -> provider()
                            .plan(
                                    request(taskType)
                                            .prompt(prompt)
                                            .inputs(List.of(bytes("a.png")))
                                            .build(),
                                    CallOptions.DEFAULT)))
                    .isInstanceOf(InvalidGenerationRequestException.class)
                    .hasMessageContaining("prompt is missing: " + taskType.path() + " needs one; set header"
                            + " CamelGenvideoPrompt or option prompt");
        }
        assertThat(IMA.findAll(anyRequestedFor(anyUrl()))).isEmpty();
    }

    private static GenerationRequest asked(String taskType, String model, String said) throws Exception {
        Map<String, Object> portable = new LinkedHashMap<>();
        Map<String, Object> own = new LinkedHashMap<>();
        @SuppressWarnings("unchecked")
        Map<String, Object> all = MAPPER.readValue(said.replace('\'', '"'), Map.class);
        all.forEach((name, value) -> {
            if (name.startsWith("param.")) {
                own.put(name.substring(6), value);
            } else {
                portable.put(name, value);
            }
        });
        return request(Operation.fromPath(taskType).orElseThrow())
                .model(model)
                .options(options(portable))
                .parameters(own)
                .build();
    }
}
