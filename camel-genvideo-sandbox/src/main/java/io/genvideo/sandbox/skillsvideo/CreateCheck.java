/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.PublicUrl;
import io.genvideo.sandbox.media.MediaStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Holds the body of a create against the schema of its model, as far as that is known. It goes on after the first thing
 * that is wrong, so that the ledger shows all of them; the first one is the answer.
 */
final class CreateCheck {
    private final Model model;
    private final MediaStore media;
    private final Function<String, Optional<String>> own;
    private final List<String> problems = new ArrayList<>();
    private final List<String> first = new ArrayList<>();
    private final List<String> last = new ArrayList<>();

    /** @param own path of a URL on this sandbox; empty for one elsewhere */
    CreateCheck(Model model, MediaStore media, Function<String, Optional<String>> own) {
        this.model = model;
        this.media = media;
        this.own = own;
    }

    /** What is wrong, in the order in which it was found; empty if nothing. */
    List<String> problems() {
        return problems;
    }

    void bad(String text) {
        problems.add(text);
    }

    /** Returns the request; empty if something is wrong, now or before. */
    Optional<CreateRequest> check(JsonNode body) {
        if (body.isMissingNode() && !problems.isEmpty()) {
            return Optional.empty();
        }
        if (!(body instanceof ObjectNode input)) {
            bad("the body is not a JSON object");
            return Optional.empty();
        }
        JsonNode schema = model.schema();
        if (schema != null) {
            for (JsonNode name : schema.path("required")) {
                if (!input.has(name.asText())) {
                    bad("field " + name.asText() + " is missing");
                }
            }
        }
        for (Map.Entry<String, JsonNode> e : input.properties()) {
            field(e.getKey(), e.getValue());
        }
        boolean prompt = input.path("prompt").isTextual()
                && !input.path("prompt").asText().isBlank();
        if (!prompt && (input.has("prompt") || (first.isEmpty() && last.isEmpty()))) {
            bad("neither a prompt that is not empty nor a medium");
        }
        List<String> inputs = new ArrayList<>(first);
        inputs.addAll(last);
        return problems.isEmpty() ? Optional.of(new CreateRequest(model, input, inputs)) : Optional.empty();
    }

    private void field(String name, JsonNode value) {
        JsonNode property = model.field(name);
        if (model.schema() != null && property.isMissingNode()) {
            bad("unknown field " + name + " for " + model.name());
            return;
        }
        if (model.isMedia(name)) {
            media(name, value);
            return;
        }
        if (model.schema() != null) {
            complaint(name, property, value).ifPresent(this::bad);
        }
        switch (name) {
            case "n" -> count(name, value, CreateRequest.MAX_COUNT);
            case "duration", "seconds" -> count(name, value, CreateRequest.MAX_SECONDS);
            default -> {}
        }
    }

    /** No schema bounds these from below, some do not from above; without bounds a video would be free, or its price overflow. */
    private void count(String name, JsonNode value, int max) {
        double number = value.asDouble(1);
        if (!(number >= 1)) {
            bad(name + " must be 1 or more, not " + value);
        } else if (number > max) {
            bad(name + " must be at most " + max + ", not " + value);
        } else if (name.equals("n") && number != Math.rint(number)) {
            bad("n must be a whole number, not " + value);
        }
    }

    private static Optional<String> complaint(String name, JsonNode property, JsonNode value) {
        String type = property.path("type").asText();
        boolean right = switch (type) {
            case "integer" -> value.isIntegralNumber() && value.canConvertToInt();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray();
            default -> value.isTextual();
        };
        if (!right) {
            // The books hold no prompts, wrong ones neither.
            String shown = name.contains("prompt") ? value.getNodeType().toString() : value.toString();
            return Optional.of(name + " must be of type " + type + ", not " + shown);
        }
        JsonNode allowed = property.path("enum");
        if (allowed.isArray()) {
            for (JsonNode option : allowed) {
                if (option.equals(value)) {
                    return Optional.empty();
                }
            }
            return Optional.of(name + "=" + value + " is not one of " + allowed);
        }
        boolean low = property.has("minimum")
                && value.asLong() < property.path("minimum").asLong();
        boolean high = property.has("maximum")
                && value.asLong() > property.path("maximum").asLong();
        return low || high
                ? Optional.of(name + " must be " + property.path("minimum") + " to " + property.path("maximum")
                        + ", not " + value)
                : Optional.empty();
    }

    private void media(String name, JsonNode value) {
        if (model.schema() != null && value.isArray() != model.isList(name)) {
            bad(name + (value.isArray() ? " takes one medium, not a list" : " must be a list"));
            return;
        }
        for (JsonNode url : value.isArray() ? value : List.of(value)) {
            Optional<String> complaint = !url.isTextual()
                    ? Optional.of("is not an http(s) URL")
                    : own.apply(url.asText()).isPresent() ? Optional.empty() : PublicUrl.complaint(url.asText());
            if (complaint.isPresent()) {
                bad(name + " holds something that " + complaint.get());
                continue;
            }
            known(name, url.asText());
            (name.startsWith("last") || name.startsWith("end") ? last : first).add(url.asText());
        }
    }

    private void known(String name, String url) {
        Optional<String> path = own.apply(url);
        if (path.isEmpty()) {
            return;
        }
        Optional<MediaStore.Media> found = media.find(path.get());
        if (found.isEmpty()) {
            bad(name + ": " + path.get() + " is not here");
        } else if (!found.get().contentType().startsWith(Model.kind(name) + "/")) {
            bad(name + " takes no " + found.get().contentType());
        }
    }
}
