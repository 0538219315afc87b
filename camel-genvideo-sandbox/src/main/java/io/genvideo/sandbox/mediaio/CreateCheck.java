/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.InputUrls;
import io.genvideo.sandbox.media.MediaStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Holds the body of a request to generate against its operation. It goes on after the first problem, so that the ledger
 * shows all of them; the first one is the answer.
 */
final class CreateCheck {
    /** {@code 1080P} of Hailuo 2.3 needs this length (docs/contracts/mediaio.md section 6). */
    private static final String HAILUO_23 = "i2v-minimax-v2-3";

    private final Operation operation;
    private final InputUrls inputUrls;
    private final MediaStore media;
    private final Function<String, Optional<String>> own;
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> inputs = new ArrayList<>();

    /** @param own path of a URL on this sandbox; empty for one elsewhere */
    CreateCheck(Operation operation, InputUrls inputUrls, MediaStore media, Function<String, Optional<String>> own) {
        this.operation = operation;
        this.inputUrls = inputUrls;
        this.media = media;
        this.own = own;
    }

    /** What is wrong, in the order in which it was found. */
    List<String> problems() {
        return problems;
    }

    /** What the contract leaves open, and was accepted. */
    List<String> notes() {
        return notes;
    }

    /** Returns what is requested; empty if something is wrong. */
    Optional<Generation> check(JsonNode body) throws IOException {
        if (!(body.path("data") instanceof ObjectNode data) || body.size() != 1) {
            problems.add("the body must be {\"data\":{...}} and nothing else");
            return Optional.empty();
        }
        for (Map.Entry<String, JsonNode> e : data.properties()) {
            if (operation.field(e.getKey()).isEmpty()) {
                problems.add("unknown field " + e.getKey());
            }
        }
        for (Field field : operation.fields()) {
            JsonNode value = data.path(field.name());
            if (!value.isMissingNode()) {
                field(field, value);
            } else if (field.required()) {
                problems.add("field " + field.name() + " is missing");
            }
        }
        boolean longFullHd = "1080P".equals(values.get("resolution")) && "10s".equals(values.get("duration"));
        if (operation.model().equals(HAILUO_23) && longFullHd) {
            problems.add("resolution=1080P is available with duration=6s only");
        }
        return problems.isEmpty()
                ? Optional.of(new Generation(operation, Map.copyOf(values), List.copyOf(inputs)))
                : Optional.empty();
    }

    private void field(Field field, JsonNode value) throws IOException {
        if (field.list()) {
            list(field, value);
        } else if (!value.isTextual()) {
            // The books hold no prompts, wrong ones neither.
            String shown = field.name().equals("prompt") ? value.getNodeType().toString() : value.toString();
            problems.add(field.name() + " must be a text, not " + shown);
        } else if (field.isInput()) {
            input(field, value.asText());
        } else {
            text(field, value.asText());
        }
    }

    private void list(Field field, JsonNode value) throws IOException {
        int most = new InputLimits(field).maxCount();
        if (!value.isArray() || value.isEmpty() || value.size() > most) {
            problems.add(field.name() + " must be an array of 1 to " + most + " texts");
            return;
        }
        for (JsonNode item : value) {
            if (item.isTextual()) {
                input(field, item.asText());
            } else {
                problems.add(field.name() + " must hold texts, not " + item);
            }
        }
    }

    private void text(Field field, String text) {
        if (field.required() && text.isBlank()) {
            problems.add(field.name() + " is empty");
        }
        int length = text.codePointCount(0, text.length());
        if (field.maxLength() > 0 && length > field.maxLength()) {
            problems.add(
                    field.name() + " has " + length + " characters, at most " + field.maxLength() + " are allowed");
        }
        String value = text;
        if (!field.allowed().isEmpty() && !field.allowed().contains(text)) {
            Optional<String> otherCase =
                    field.allowed().stream().filter(text::equalsIgnoreCase).findFirst();
            if (otherCase.isEmpty()) {
                problems.add(field.name() + "=" + text + " is not one of " + field.allowed());
                return;
            }
            notes.add("a value of " + field.name() + " differs in case from the definition");
            value = otherCase.get();
        }
        values.put(field.name(), value);
    }

    private void input(Field field, String url) throws IOException {
        Optional<String> complaint = inputUrls.complaint(url, own);
        if (complaint.isPresent()) {
            problems.add(field.name() + " holds a URL that " + complaint.get());
            return;
        }
        Optional<MediaStore.Media> kept = own.apply(url).flatMap(media::find);
        Optional<String> beyond =
                kept.isPresent() ? new InputLimits(field).complaint(kept.get()) : Optional.<String>empty();
        beyond.ifPresent(why -> problems.add("the input in " + field.name() + " " + why));
        inputs.add(url);
    }
}
