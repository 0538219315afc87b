/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PlannedGeneration;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/contracts/ima.md sections 6 and 13: the body of every leaf's create call, as a whole. */
class ImaCreateBodyTest extends ImaTestSupport {

    @BeforeEach
    void lists() {
        stubLists();
    }

    record Order(
            Operation taskType, String leaf, String name, String modelId, long attributeId, int points, String form) {
        @Override
        public String toString() {
            return taskType.path() + " " + leaf;
        }
    }

    static Stream<Order> orders() {
        return resource(ImaCreateBodyTest.class, "default_orders.csv")
                .lines()
                .skip(1)
                .map(line -> line.split(";"))
                .map(c -> new Order(
                        Operation.fromPath(c[0]).orElseThrow(),
                        c[1],
                        c[2],
                        c[3],
                        Long.parseLong(c[4]),
                        Integer.parseInt(c[5]),
                        c[6]));
    }

    @Test
    void theTableHasAll55Leaves() {
        assertThat(orders()).hasSize(55);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void sendsDefaults(Order order) throws Exception {
        GenerationRequest request =
                request(order.taskType()).model(order.leaf()).build();

        JsonNode body = sent(request);

        ObjectNode inner = (ObjectNode) MAPPER.readTree(order.form());
        inner.put("prompt", PROMPT).put("n", 1);
        inner.set("input_images", MAPPER.valueToTree(urls(order.taskType())));
        inner.set(
                "cast",
                MAPPER.createObjectNode().put("points", order.points()).put("attribute_id", order.attributeId()));
        ObjectNode expected = MAPPER.createObjectNode();
        expected.put("task_type", order.taskType().path()).put("enable_multi_model", false);
        expected.set("src_img_url", MAPPER.valueToTree(urls(order.taskType())));
        expected.putArray("parameters")
                .addObject()
                .put("attribute_id", order.attributeId())
                .put("model_id", order.modelId())
                .put("model_name", order.name())
                .put("model_version", order.leaf())
                .put("app", "ima")
                .put("platform", "web")
                .put("category", order.taskType().path())
                .put("credit", order.points())
                .set("parameters", inner);
        // Through text, because trees tell an int from a long and JSON does not.
        assertThat(body).isEqualTo(MAPPER.readTree(expected.toString()));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void mirrorsTheForm(Order order) throws Exception {
        JsonNode inner = inner(request(order.taskType()).model(order.leaf()).build());

        List<String> names = new ArrayList<>();
        for (JsonNode field : leaf(order).get("form_config")) {
            boolean virtual = field.path("is_ui_virtual").asBoolean();
            if (field.get("value").isNull()) {
                assertThat(inner.has(field.get("field").asText())).isFalse();
                continue;
            }
            names.add(field.get("field").asText());
            JsonNode sent = inner.get(field.get("field").asText());
            assertThat(sent.getNodeType()).isEqualTo(field.get("value").getNodeType());
            if (!virtual) {
                assertThat(sent).isEqualTo(field.get("value"));
            }
        }
        names.addAll(List.of("prompt", "n", "input_images", "cast"));
        assertThat(inner.fieldNames()).toIterable().containsExactlyElementsOf(names);
    }

    /** Every allowed value of every field, one at a time, is sent as the list has it, and priced if the list does. */
    @ParameterizedTest
    @MethodSource("orders")
    void everyAllowedValueIsSentAsListed(Order order) throws Exception {
        JsonNode leaf = leaf(order);
        for (JsonNode field : leaf.get("form_config")) {
            if (field.path("is_ui_virtual").asBoolean()) {
                continue;
            }
            for (JsonNode option : field.path("options")) {
                Map<String, Object> said = new HashMap<>();
                said.put(field.get("field").asText(), option.get("value").asText());
                // What the list disables together is tested elsewhere; here each value gets a partner that it allows.
                if (option.has("disabled")) {
                    option.get("disabled")
                            .fields()
                            .forEachRemaining(d -> said.put(d.getKey(), partner(leaf, d.getKey(), d.getValue())));
                } else if (defaultIsExcluded(leaf, field, option)) {
                    continue;
                }
                JsonNode inner = inner(request(order.taskType())
                        .model(order.leaf())
                        .parameters(said)
                        .build());
                assertThat(inner.get(field.get("field").asText())).isEqualTo(option.get("value"));
                assertThat(rules(leaf).get(inner.at("/cast/attribute_id").asLong()))
                        .allSatisfy((name, value) -> assertThat(inner.get(name)).isEqualTo(value));
            }
        }
    }

    private static boolean defaultIsExcluded(JsonNode leaf, JsonNode field, JsonNode option) {
        for (JsonNode other : leaf.get("form_config")) {
            for (JsonNode o : other.path("options")) {
                if (o.get("value").equals(other.get("value"))) {
                    for (JsonNode excluded :
                            o.path("disabled").path(field.get("field").asText())) {
                        if (excluded.equals(option.get("value"))) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private static Object partner(JsonNode leaf, String field, JsonNode excluded) {
        for (JsonNode f : leaf.get("form_config")) {
            if (f.get("field").asText().equals(field)) {
                for (JsonNode o : f.get("options")) {
                    boolean free = true;
                    for (JsonNode e : excluded) {
                        free &= !e.equals(o.get("value"));
                    }
                    if (free) {
                        return o.get("value").asText();
                    }
                }
            }
        }
        throw new AssertionError(field);
    }

    private static Map<Long, Map<String, JsonNode>> rules(JsonNode leaf) {
        Map<Long, Map<String, JsonNode>> rules = new HashMap<>();
        for (JsonNode rule : leaf.get("credit_rules")) {
            Map<String, JsonNode> attributes = new HashMap<>();
            rule.get("attributes").fields().forEachRemaining(a -> attributes.put(a.getKey(), a.getValue()));
            rules.put(rule.get("attribute_id").asLong(), attributes);
        }
        return rules;
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"TEXT_TO_VIDEO", "IMAGE_TO_VIDEO", "FIRST_LAST_FRAME_TO_VIDEO", "REFERENCE_IMAGE_TO_VIDEO"})
    void withoutAModelTheDefaultIsUsed(Operation taskType) {
        PlannedGeneration plan = await(provider().plan(request(taskType).build(), CallOptions.DEFAULT));

        assertThat(plan.model()).isEqualTo(ModelAliases.defaultFor(taskType));
        boolean kling = plan.model().startsWith("kling");
        assertThat(plan.expectedTime().least()).isEqualTo(Duration.ofSeconds(kling ? 240 : 300));
        assertThat(plan.expectedTime().most()).isEqualTo(Duration.ofSeconds(kling ? 360 : 420));
    }

    @Test
    void usesDefaultTimeForLeafWithoutEstimate() {
        PlannedGeneration plan = await(provider()
                .plan(request(Operation.TEXT_TO_VIDEO).model("ima-pro").build(), CallOptions.DEFAULT));

        assertThat(plan.expectedTime()).isEqualTo(CatalogueReader.USUAL_TIME);
    }

    @Test
    void multipliesPriceByCountButSendsPriceOfOne() {
        GenerationRequest request = request(Operation.TEXT_TO_VIDEO)
                .options(options(Map.of("count", 3)))
                .build();

        assertThat(await(provider().plan(request, CallOptions.DEFAULT)).credits())
                .isEqualByComparingTo(new BigDecimal(120));
        JsonNode order = sent(request).at("/parameters/0");
        assertThat(order.get("credit").asInt()).isEqualTo(40);
        assertThat(order.at("/parameters/n").asInt()).isEqualTo(3);
        assertThat(order.at("/parameters/cast/points").asInt()).isEqualTo(40);
    }

    private static List<String> urls(Operation taskType) {
        return request(taskType).build().inputs().stream()
                .map(i -> ((io.genvideo.model.MediaSource.Url) i.source()).uri().toString())
                .toList();
    }

    private static JsonNode leaf(Order order) throws Exception {
        for (JsonNode group : MAPPER.readTree(list(order.taskType())).get("data")) {
            for (JsonNode leaf : group.get("children")) {
                if (leaf.get("id").asText().equals(order.leaf())) {
                    return leaf;
                }
            }
        }
        throw new AssertionError(order);
    }
}
