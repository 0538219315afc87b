/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type-3 node of the product list: one model in one task type (docs/contracts/ima.md section 2).
 *
 * @param taskType category in which it is listed
 * @param node as it is on the wire; not to be changed
 * @param fields its form
 * @param rules its prices, in the order of the list
 */
record Leaf(String taskType, JsonNode node, List<Field> fields, List<Rule> rules) {
    private static final Pattern EET = Pattern.compile("(\\d+)\\s*~\\s*(\\d+)\\s*s");

    /** A price: what a create costs whose parameters have these values. */
    record Rule(int attributeId, int points, Map<String, JsonNode> attributes) {}

    /** Real running time that the product list announces, in seconds. */
    record Expected(int min, int max) {}

    Leaf(String taskType, JsonNode node) {
        this(taskType, node, fields(node), rules(node));
    }

    String id() {
        return node.path("id").asText();
    }

    String name() {
        return node.path("name").asText();
    }

    String modelId() {
        return node.path("model_id").asText();
    }

    private static List<Field> fields(JsonNode node) {
        List<Field> fields = new ArrayList<>();
        node.path("form_config").forEach(n -> fields.add(new Field(n)));
        return List.copyOf(fields);
    }

    private static List<Rule> rules(JsonNode node) {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode rule : node.path("credit_rules")) {
            Map<String, JsonNode> attributes = new LinkedHashMap<>();
            rule.path("attributes").properties().forEach(e -> attributes.put(e.getKey(), e.getValue()));
            rules.add(new Rule(
                    rule.path("attribute_id").asInt(), rule.path("points").asInt(), attributes));
        }
        return List.copyOf(rules);
    }

    /** Names that take part in the price. */
    Set<String> priced() {
        Set<String> names = new HashSet<>();
        rules.forEach(r -> names.addAll(r.attributes().keySet()));
        return names;
    }

    OptionalInt minInputs() {
        return limit("minLimit");
    }

    OptionalInt maxInputs() {
        return limit("maxLimit");
    }

    private OptionalInt limit(String name) {
        JsonNode limit = node.path("files").path(name);
        return limit.isInt() ? OptionalInt.of(limit.asInt()) : OptionalInt.empty();
    }

    /** Whether an input of this content type is taken; a leaf that says nothing takes pictures. */
    boolean accepts(String contentType) {
        JsonNode types = node.path("files").path("acceptType");
        if (!types.isArray() || types.isEmpty()) {
            return contentType.startsWith("image/");
        }
        for (JsonNode type : types) {
            String[] parts = type.asText().split("/", 2);
            for (String sub : parts[1].split(",", -1)) {
                if (matches(contentType, parts[0], sub.trim())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The list names file endings ({@code image/jpg}, {@code video/mov}) where a request names media types. */
    private static boolean matches(String contentType, String kind, String ending) {
        return switch (ending) {
            case "jpg", "jpeg" -> contentType.equals(kind + "/jpeg") || contentType.equals(kind + "/jpg");
            case "mov" -> contentType.equals("video/quicktime") || contentType.equals("video/mov");
            case "avi" -> contentType.equals("video/x-msvideo") || contentType.equals("video/avi");
            case "mp3" -> contentType.equals("audio/mpeg") || contentType.equals("audio/mp3");
            case "wav" -> contentType.matches("audio/(x-|vnd\\.)?wave?");
            case "m4a" -> contentType.matches("audio/(x-)?(m4a|mp4)");
            default -> contentType.equals(kind + "/" + ending);
        };
    }

    /** The announced running time (tag {@code EET}); absent for some models. */
    Optional<Expected> expected() {
        for (JsonNode tag : node.path("tags")) {
            Matcher m = EET.matcher(tag.path("tag_value").asText());
            if (tag.path("tag_type").asText().equals("EET") && m.find()) {
                return Optional.of(new Expected(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2))));
            }
        }
        return Optional.empty();
    }
}
