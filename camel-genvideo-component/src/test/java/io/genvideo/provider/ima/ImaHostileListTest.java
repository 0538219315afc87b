/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Json;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One absurd model in the product list is left out; the others stay, and reading takes no time. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ImaHostileListTest {
    private static final String GOOD =
            "{\"type\":\"3\",\"id\":\"good\",\"model_id\":\"good\",\"name\":\"Good\",\"form_config\":[{\"type\":\"tags\","
                    + "\"field\":\"duration\",\"value\":5,\"options\":[{\"label\":\"5\",\"value\":5},{\"label\":\"10\",\"value\":10}]}],"
                    + "\"credit_rules\":[{\"points\":25,\"attribute_id\":1,\"attributes\":{\"duration\":5}},"
                    + "{\"points\":50,\"attribute_id\":2,\"attributes\":{\"duration\":10}}]}";

    private static List<ImaLeaf> leaves(String... nodes) {
        return CatalogueReader.leaves(
                Json.read("[" + String.join(",", nodes) + "]").orElseThrow());
    }

    private static List<ModelInfo> described(String... nodes) {
        return ModelDescriber.describe(leaves(nodes), Operation.TEXT_TO_VIDEO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e200000000", "1e-100000000", "1e999", "-1", "1e39", "\"x\"", "null", "[]"})
    void leavesOutAbsurdPrices(String points) {
        List<ModelInfo> models = described(GOOD.replace("\"good\"", "\"odd\"").replace("25", points), GOOD);

        assertThat(models).hasSize(2);
        assertThat(models.get(0).prices()).hasSize(1);
        assertThat(models.get(1).prices()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"value\":1e200000000",
                "\"value\":5,\"config\":{\"minimum\":1e-100000000,\"maximum\":1e200000000}",
                "\"value\":1e999"
            })
    void ignoresAbsurdFieldValues(String value) {
        assertThat(described(
                                GOOD.replace("\"good\"", "\"odd\"")
                                        .replace("\"value\":5,\"options\"", value + ",\"options\""),
                                GOOD)
                        .get(1)
                        .prices())
                .hasSize(2);
    }

    @Test
    void leavesOutModelsWithOversizedValues() {
        String endless = GOOD.replace("Good", "V" + "9".repeat(500_000));
        String versions = GOOD.replace("Good", "V" + "1.".repeat(250_000));
        String rules = GOOD.replace(
                "\"credit_rules\":[",
                "\"credit_rules\":[" + "{\"points\":1,\"attribute_id\":1,\"attributes\":{}},".repeat(10_000));

        assertThat(leaves(endless, versions, rules, GOOD))
                .extracting(ImaLeaf::id)
                .containsExactly("good");
    }

    @Test
    void readsVeryLongListInTime() {
        String[] many = new String[5000];
        java.util.Arrays.fill(many, GOOD);

        assertThat(described(many)).hasSize(1000);
    }

    @Test
    void ignoresEndlesslyNestedChildren() {
        String deep = "{\"type\":\"2\",\"children\":[".repeat(5000) + GOOD + "]}".repeat(5000);

        assertThat(leaves(deep, GOOD)).extracting(ImaLeaf::id).containsExactly("good");
    }

    /** Every price that is listed is the price that a request with these parameters is planned at. */
    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"TEXT_TO_VIDEO", "IMAGE_TO_VIDEO", "FIRST_LAST_FRAME_TO_VIDEO", "REFERENCE_IMAGE_TO_VIDEO"})
    void everyListedPriceCanBeOrdered(Operation taskType) {
        ObjectNode list = (ObjectNode) Json.read(ImaTestSupport.list(taskType)).orElseThrow();
        List<ImaLeaf> leaves = CatalogueReader.leaves(list.get("data"));

        List<ModelInfo> models = ModelDescriber.describe(leaves, taskType);

        assertThat(models).hasSameSizeAs(leaves).allSatisfy(model -> {
            ImaLeaf leaf = leaves.stream()
                    .filter(l -> l.id().equals(model.version()))
                    .findFirst()
                    .orElseThrow();
            assertThat(model.prices()).isNotEmpty();
            model.prices().forEach(price -> {
                ResolvedParameters parameters = ParameterResolver.resolve(
                        ImaTestSupport.request(taskType)
                                .parameters(price.attributes())
                                .build(),
                        leaf);
                Combinations.check(parameters, leaf, taskType);
                assertThat(PriceFinder.find(leaf, parameters).points()).isEqualByComparingTo(price.credits());
            });
        });
    }

    @Test
    void doesNotListDisabledPrices() {
        ModelInfo hailuo = ModelDescriber.describe(
                        CatalogueReader.leaves(Json.read(ImaTestSupport.list(Operation.TEXT_TO_VIDEO))
                                .orElseThrow()
                                .get("data")),
                        Operation.TEXT_TO_VIDEO)
                .stream()
                .filter(m -> m.id().equals("MiniMax-Hailuo-02"))
                .findFirst()
                .orElseThrow();

        assertThat(hailuo.prices())
                .extracting(ModelInfo.Price::attributes)
                .contains(java.util.Map.of("duration", 10, "resolution", "768P"))
                .doesNotContain(java.util.Map.of("duration", 10, "resolution", "1080P"));
    }
}
