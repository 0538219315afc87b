/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Json;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One model.
 *
 * @param id its id in the list of models
 * @param owner raw slug of its owner, e.g. {@code MiniMax}
 * @param project raw slug of the model, which may have spaces and dots
 * @param schema {@code required} and {@code properties} of its input; missing if its parameters are not known
 */
record Model(String id, String owner, String project, JsonNode schema) {
    private static final Pattern VIDEO =
            Pattern.compile("(?i).*(video|animat|lucy|/ovi|avatar|ltx|wan[ -]?2|/wan |sora|veo|kling|"
                    + "seedance|hailuo|motion|director|pixverse|runway|vidu|lipsync|ugc|ads).*");
    private static final Pattern TEXT = Pattern.compile(
            "(?i).*(gemma|ocr|asr|tts|vibevoice|wiro/ai-|gemini|llm|chat|song|music|speech|audio|whisper).*");

    /** What a run of it results in. */
    enum Kind {
        VIDEO,
        IMAGE,
        TEXT
    }

    /** Name in the ledger and in addresses. */
    String name() {
        return owner + "/" + project;
    }

    String cleanOwner() {
        return clean(owner);
    }

    String cleanProject() {
        return clean(project);
    }

    /** Lower case, dots and spaces as dashes (docs/contracts/wiro.md section 4). */
    private static String clean(String slug) {
        return slug.strip().toLowerCase(Locale.ROOT).replaceAll("[. ]", "-");
    }

    JsonNode properties() {
        return schema.path("properties");
    }

    JsonNode property(String name) {
        return properties().path(name);
    }

    /** Derived from the name and the parameters, as the captured data do not say it. */
    Kind kind() {
        JsonNode known = properties();
        if (known.has("session_id") || TEXT.matcher(name()).matches()) {
            return Kind.TEXT;
        }
        boolean timed = known.has("duration")
                || known.has("seconds")
                || known.has("durationSeconds")
                || known.has("fps")
                || known.has("inputVideo")
                || known.has("videoMode");
        return timed || VIDEO.matcher(name()).matches() ? Kind.VIDEO : Kind.IMAGE;
    }

    /** Whether a parameter takes files or their URLs. */
    boolean isInput(String name) {
        JsonNode property = property(name);
        return property.path("x-input-type").asText().endsWith("fileinput")
                || (name.startsWith("input")
                        && property.path("type").asText("string").equals("string"))
                || (property.isMissingNode() && name.matches("input.*|.*Url"));
    }

    /** Its entry in the list of models. */
    ObjectNode listed() {
        ObjectNode tool = Json.MAPPER.createObjectNode().put("id", id).put("title", name());
        tool.put("slugowner", owner).put("slugproject", project);
        tool.put("cleanslugowner", cleanOwner()).put("cleanslugproject", cleanProject());
        tool.put("description", "").put("image", "");
        tool.putArray("categories")
                .add(kind() == Kind.TEXT ? "llm" : kind().name().toLowerCase(Locale.ROOT));
        tool.putArray("tags");
        tool.put("computingtime", kind() == Kind.VIDEO ? "60-300 seconds" : "5-30 seconds");
        tool.put("dynamicprice", "").put("cps", "0.000000000000").put("approximatelycost", "0.000000000000");
        tool.putObject("taskstat")
                .put("runcount", 0)
                .put("successcount", "0")
                .put("errorcount", "0")
                .put("lastruntime", "0");
        return tool;
    }

    /** Its entry with its parameters. */
    ObjectNode detailed() {
        ObjectNode tool = listed();
        if (schema.isMissingNode()) {
            tool.putNull("parameters");
            return tool;
        }
        ArrayNode items = tool.putArray("parameters")
                .addObject()
                .put("title", "Parameters")
                .putArray("items");
        for (Map.Entry<String, JsonNode> e : properties().properties()) {
            boolean address = e.getKey().endsWith("Url")
                    && properties().has(e.getKey().substring(0, e.getKey().length() - "Url".length()));
            if (!e.getKey().equals("callbackUrl") && !address) {
                items.add(item(e.getKey(), e.getValue()));
            }
        }
        return tool;
    }

    private ObjectNode item(String name, JsonNode property) {
        ObjectNode item = Json.MAPPER.createObjectNode().put("id", name).put("type", type(name, property));
        item.put("label", name).put("required", isRequired(name));
        item.put("default", property.path("default").asText(""));
        item.put("placeholder", "").put("note", "");
        ArrayNode options = item.putArray("options");
        property.path("enum")
                .forEach(value ->
                        options.addObject().put("label", value.asText()).put("value", value.asText()));
        for (Map.Entry<String, String> limit :
                Map.of("minimum", "min", "maximum", "max", "multipleOf", "step").entrySet()) {
            if (property.has(limit.getKey())) {
                item.set(limit.getValue(), property.get(limit.getKey()));
            }
        }
        return item;
    }

    boolean isRequired(String name) {
        for (JsonNode required : schema.path("required")) {
            if (required.asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private String type(String name, JsonNode property) {
        String declared = property.path("x-input-type").asText();
        if (!declared.isEmpty()) {
            return declared;
        } else if (isInput(name)) {
            return name.endsWith("Multiple") ? "multifileinput" : "fileinput";
        } else if (property.path("type").asText().equals("number")) {
            return "range";
        }
        return name.toLowerCase(Locale.ROOT).contains("prompt") ? "textarea" : "text";
    }
}
