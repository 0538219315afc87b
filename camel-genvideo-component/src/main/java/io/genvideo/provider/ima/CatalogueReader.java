/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.TextSanitizer;
import io.genvideo.provider.support.Json;
import io.genvideo.spi.ExpectedTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the leaves out of a product list (docs/contracts/ima.md sections 2 and 3.4). The tree may be of any depth. A leaf that
 * cannot be read is
 * left out, so that one model that the service describes in a new way does not take the others along.
 */
final class CatalogueReader {
    /** For leaves whose tags tell no estimate. */
    static final ExpectedTime USUAL_TIME = new ExpectedTime(Duration.ofMinutes(2), Duration.ofMinutes(5));

    private static final Logger LOG = LoggerFactory.getLogger(CatalogueReader.class);
    /** The longest id or name of a model; a leaf with a longer one is left out. */
    private static final int MAX_NAME = 200;

    /** The longest description that is kept, in characters. */
    private static final int MAX_DESCRIPTION = 500;

    /** More leaves, fields or prices than these nobody reads: some ten times those of the captured lists. */
    private static final int MAX_LEAVES = 1000;

    private static final int MAX_FIELDS = 200;
    private static final int MAX_RULES = 300;

    private static final Pattern EXPECTED = Pattern.compile("(\\d{1,5})\\s?[~-]\\s?(\\d{1,5})\\s?s");
    private static final Pattern PIXVERSE_VERSION =
            Pattern.compile("V(\\d{1,9}(?:\\.\\d{1,9})?)", Pattern.CASE_INSENSITIVE);

    private CatalogueReader() {}

    /** The leaves below a node, in the order of the list. */
    static List<ImaLeaf> leaves(JsonNode data) {
        List<ImaLeaf> found = new ArrayList<>();
        walk(data, found);
        return List.copyOf(found);
    }

    private static void walk(JsonNode node, List<ImaLeaf> found) {
        if (node.isArray()) {
            node.forEach(child -> walk(child, found));
        } else if (node.isObject()) {
            if (node.path("type").asText().equals("3") && found.size() < MAX_LEAVES) {
                leaf(node).ifPresent(found::add);
            }
            walk(node.path("children"), found);
        }
    }

    private static Optional<ImaLeaf> leaf(JsonNode node) {
        String id = Json.text(node.get("id"));
        String modelId = Json.text(node.get("model_id"));
        if (id == null || modelId == null) {
            LOG.debug("IMA lists a model without id or model_id; it is left out");
            return Optional.empty();
        }
        String name = Optional.ofNullable(Json.text(node.get("name"))).orElse(id);
        if (Stream.of(id, modelId, name).anyMatch(n -> n.length() > MAX_NAME)
                || node.path("credit_rules").size() > MAX_RULES
                || node.path("form_config").size() > MAX_FIELDS) {
            LOG.debug("IMA lists a model with a name, fields or prices beyond all measure; it is left out");
            return Optional.empty();
        }
        List<CreditRule> rules = Json.elements(node.get("credit_rules"))
                .flatMap(r -> rule(r).stream())
                .toList();
        List<FormField> form = Json.elements(node.get("form_config"))
                .flatMap(f -> field(f).stream())
                .collect(Collectors.toCollection(ArrayList::new));
        pixverseVersion(modelId, name, form).ifPresent(form::add);
        form.addAll(onlyInRules(rules, form));
        JsonNode files = node.path("files");
        return Optional.of(new ImaLeaf(
                id,
                name,
                modelId,
                description(node),
                form,
                rules,
                Json.elements(files.get("acceptType")).map(JsonNode::asText).toList(),
                Json.integer(files.get("minLimit")),
                Json.integer(files.get("maxLimit")),
                expectedTime(node)));
    }

    private static @Nullable String description(JsonNode node) {
        String text = Json.text(node.get("description"));
        return text == null ? null : TextSanitizer.clean(text, MAX_DESCRIPTION);
    }

    private static Optional<FormField> field(JsonNode node) {
        String name = Json.text(node.get("field"));
        if (name == null) {
            return Optional.empty();
        }
        boolean virtual = node.path("is_ui_virtual").asBoolean();
        return Optional.of(new FormField(
                node.path("type").asText(),
                name,
                scalar(node.get("value")),
                Json.elements(node.get("options"))
                        .filter(o -> o.hasNonNull("value"))
                        .map(CatalogueReader::option)
                        .toList(),
                number(node.path("config").get("minimum")),
                number(node.path("config").get("maximum")),
                Json.elements(node.get("disabled_conditions"))
                        .map(b -> new FormField.Ban(
                                b.path("enum_value"),
                                b.path("category").asText(""),
                                b.path("disabled_key").asText(""),
                                b.path("disabled_value")))
                        .toList(),
                virtual
                        ? Json.elements(node.get("ui_params"))
                                .flatMap(u -> field(u).stream())
                                .toList()
                        : List.of(),
                virtual
                        ? Json.elements(node.path("value_mapping").get("mapping_rules"))
                                .filter(m -> m.hasNonNull("target_value"))
                                .map(m -> new FormField.Mapping(
                                        Json.fields(m.path("source_values")), m.get("target_value")))
                                .toList()
                        : List.of()));
    }

    private static FormField.Option option(JsonNode node) {
        Map<String, List<JsonNode>> excludes = new LinkedHashMap<>();
        Json.fields(node.path("disabled"))
                .forEach((other, values) ->
                        excludes.put(other, Json.elements(values).toList()));
        return new FormField.Option(node.get("value"), node.path("label").asText(""), excludes);
    }

    private static Optional<CreditRule> rule(JsonNode node) {
        BigDecimal points = Json.decimal(node.get("points"));
        JsonNode attributeId = node.path("attribute_id");
        // A create call without both is refused as "Invalid product attribute" (docs/contracts/ima.md section 8).
        if (points == null
                || points.signum() < 0
                || !attributeId.isIntegralNumber()
                || !attributeId.canConvertToLong()
                || attributeId.longValue() <= 0) {
            return Optional.empty();
        }
        Map<String, JsonNode> attributes = new LinkedHashMap<>();
        Json.fields(node.path("attributes")).forEach((name, value) -> {
            if (!name.trim().equalsIgnoreCase("default")) {
                attributes.put(name.trim().toLowerCase(Locale.ROOT), value);
            }
        });
        return Optional.of(new CreditRule(attributeId.longValue(), points, attributes));
    }

    /**
     * Pixverse fails downstream without this field, which its lists usually have; else derived from the name
     * (docs/contracts/ima.md section 3.4).
     */
    private static Optional<FormField> pixverseVersion(String modelId, String name, List<FormField> form) {
        Matcher version = PIXVERSE_VERSION.matcher(name);
        if (!modelId.equalsIgnoreCase("pixverse")
                || form.stream().anyMatch(f -> f.name().equals("model"))
                || !version.find()) {
            return Optional.empty();
        }
        return Optional.of(listed("model", List.of(Json.NODES.textNode("v" + version.group(1)))));
    }

    /** Attributes that prices ask for although the form has no such field: they can be set to what is priced. */
    private static List<FormField> onlyInRules(List<CreditRule> rules, List<FormField> form) {
        Set<String> names =
                form.stream().map(f -> f.name().toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        Map<String, Set<JsonNode>> missing = new LinkedHashMap<>();
        rules.forEach(rule -> rule.attributes().forEach((name, value) -> {
            if (!names.contains(name)) {
                missing.computeIfAbsent(name, n -> new LinkedHashSet<>()).add(value);
            }
        }));
        return missing.entrySet().stream()
                .map(m -> listed(m.getKey(), List.copyOf(m.getValue())))
                .toList();
    }

    /** A field with a closed list of values; a single one needs no asking. */
    private static FormField listed(String name, List<JsonNode> values) {
        return new FormField(
                "tags",
                name,
                values.size() == 1 ? values.get(0) : null,
                values.stream().map(v -> new FormField.Option(v, "", Map.of())).toList(),
                null,
                null,
                List.of(),
                List.of(),
                List.of());
    }

    private static ExpectedTime expectedTime(JsonNode node) {
        return Json.elements(node.get("tags"))
                .filter(t -> t.path("tag_type").asText().equals("EET"))
                .map(t -> EXPECTED.matcher(t.path("tag_value").asText().trim()))
                .filter(Matcher::matches)
                .map(m -> new int[] {Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2))})
                .filter(s -> s[0] <= s[1])
                .map(s -> new ExpectedTime(Duration.ofSeconds(s[0]), Duration.ofSeconds(s[1])))
                .findFirst()
                .orElse(USUAL_TIME);
    }

    private static @Nullable JsonNode scalar(@Nullable JsonNode node) {
        return node == null || !node.isValueNode() || node.isNull() ? null : node;
    }

    private static @Nullable BigDecimal number(@Nullable JsonNode node) {
        return node == null || !node.isNumber() ? null : node.decimalValue();
    }
}
