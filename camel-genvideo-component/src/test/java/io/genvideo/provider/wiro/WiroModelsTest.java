/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/contracts/wiro.md section 10: Tool/List and Tool/Detail. */
class WiroModelsTest extends WiroTestSupport {

    private void stubPage(int start, int count, int total) {
        String rows = IntStream.range(start, start + count)
                .mapToObj(i -> "{\"slugowner\":\"acme\",\"slugproject\":\"m" + i + "\",\"title\":\"Model " + i
                        + "\",\"categories\":[\"" + (i % 2 == 0 ? "text-to-video" : "image") + "\"]}")
                .collect(Collectors.joining(","));
        SERVICE.stubFor(post(urlPathEqualTo("/v1/Tool/List"))
                .withRequestBody(equalToJson("{\"start\":\"" + start + "\",\"limit\":\"100\"}", true, true))
                .willReturn(
                        okJson("{\"result\":true,\"errors\":[],\"total\":\"" + total + "\",\"tool\":[" + rows + "]}")));
    }

    @Test
    void readsEveryPage() {
        stubPage(0, 100, 130);
        stubPage(100, 30, 130);

        List<ModelInfo> models = await(provider().models(null, CallOptions.DEFAULT));

        assertThat(models).hasSize(130);
        assertThat(models.get(129).id()).isEqualTo("acme/m129");
        assertThat(models.get(129).name()).isEqualTo("Model 129");
    }

    @Test
    void narrowsTheListToWhatATaskTypeMakes() {
        stubPage(0, 4, 4);

        assertThat(await(provider().models(Operation.TEXT_TO_IMAGE, CallOptions.DEFAULT)))
                .extracting(ModelInfo::id)
                .containsExactly("acme/m1", "acme/m3");
    }

    @Test
    void anEndlessListIsCutOff() {
        SERVICE.stubFor(post(urlPathEqualTo("/v1/Tool/List"))
                .willReturn(okJson("{\"result\":true,\"errors\":[],\"total\":\"999999999\",\"tool\":["
                        + "{\"slugowner\":\"a\",\"slugproject\":\"b\"},".repeat(99)
                        + "{\"slugowner\":\"a\",\"slugproject\":\"c\"}]}")));

        assertThat(await(provider().models(null, CallOptions.DEFAULT))).hasSize(2000);
    }

    @Test
    void aListOfOneRowAPageIsCutOff() {
        stub(
                "/Tool/List",
                okJson("{\"result\":true,\"errors\":[],\"tool\":[{\"slugowner\":\"a\",\"slugproject\":\"b\"}]}"));

        assertThat(await(provider().models(null, CallOptions.DEFAULT))).hasSize(100);
    }

    /** What is kept of a description is bounded, because descriptions of many models are kept. */
    @Test
    void keepsNoBoundlessDescription() {
        String word = "x".repeat(5000);
        String options = "\"option\",".repeat(2000) + "\"last\"";
        stub(
                "/Tool/Detail",
                okJson("{\"result\":true,\"errors\":[],\"tool\":[{\"title\":\"" + word + "\",\"description\":\"" + word
                        + "\",\"categories\":[\"text-to-video\"],\"parameters\":[{\"items\":["
                        + "{\"id\":\"prompt\",\"type\":\"textarea\",\"label\":\"" + word + "\"},"
                        + "{\"id\":\"mode\",\"type\":\"select\",\"options\":[" + options + "]},"
                        + "{\"id\":\"style\",\"type\":\"select\",\"options\":[\"" + word + "\"]},"
                        + "{\"id\":\"" + word + "\",\"type\":\"text\"}]}]}]}"));

        ModelInfo model =
                await(provider().describe("acme/endless", CallOptions.DEFAULT)).get(0);

        assertThat(model.toString()).hasSizeLessThan(5000);
        assertThat(model.parameters()).extracting(ModelInfo.Parameter::name).containsExactly("prompt", "mode", "style");
        assertThat(model.parameters()).allSatisfy(p -> assertThat(p.allowed()).isEmpty());
    }

    @Test
    void describesEachTaskTypeOfAModelWithEveryParameter() {
        List<ModelInfo> described = await(provider().describe(WAN, CallOptions.DEFAULT));

        assertThat(described)
                .extracting(ModelInfo::operation)
                .containsExactly(Operation.TEXT_TO_VIDEO, Operation.IMAGE_TO_VIDEO, Operation.GENERATE);
        ModelInfo.Parameter resolution = described.get(0).parameters().stream()
                .filter(p -> p.name().equals("resolution"))
                .findFirst()
                .orElseThrow();
        assertThat(resolution.option()).isEqualTo("resolution");
        assertThat(resolution.allowed()).containsExactly("720P", "1080P");
        assertThat(resolution.defaultValue()).isEqualTo("1080P");
        assertThat(resolution.note()).contains("required");
    }
}
