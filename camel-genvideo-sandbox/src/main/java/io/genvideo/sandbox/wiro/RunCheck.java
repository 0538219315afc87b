/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.InputUrls;
import io.genvideo.sandbox.PublicUrl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Holds the parameters of a run against those of its model, as far as they are known (docs/contracts/wiro.md section 8 has the
 * messages). It goes on after the first problem, so that the ledger shows all of them; the first one is the answer.
 */
final class RunCheck {
    /** Accepted with every model (docs/contracts/wiro.md section 4). */
    private static final Set<String> COMMON = Set.of("callbackUrl", "projectid", "session_id", "user_id");

    /** @param answer what the service answers */
    record Problem(String answer, String detail) {}

    private final Model model;
    private final InputUrls inputUrls;
    private final Function<String, Optional<String>> own;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> inputs = new ArrayList<>();

    /** @param own path of a URL on this sandbox; empty for one elsewhere */
    RunCheck(Model model, InputUrls inputUrls, Function<String, Optional<String>> own) {
        this.model = model;
        this.inputUrls = inputUrls;
        this.own = own;
    }

    List<Problem> problems() {
        return problems;
    }

    /** What the contract leaves open, and was accepted. */
    List<String> notes() {
        return notes;
    }

    /** Returns the run; empty if something is wrong. */
    Optional<Run> check(ObjectNode body) {
        for (JsonNode required : model.schema().path("required")) {
            required(required.asText(), body);
        }
        for (Map.Entry<String, JsonNode> e : body.properties()) {
            field(e.getKey(), e.getValue());
        }
        return problems.isEmpty() ? Optional.of(new Run(model, body, List.copyOf(inputs))) : Optional.empty();
    }

    private void bad(String answer, String detail) {
        problems.add(new Problem(answer, detail));
    }

    private void required(String name, ObjectNode body) {
        boolean sent = isSent(body.path(name)) || (model.isInput(name) && isSent(body.path(name + "Url")));
        if (!sent) {
            String answer = "Request " + (model.isInput(name) ? "files" : "parameter") + " [" + name + "] required";
            bad(answer, name + " is missing");
        }
    }

    private static boolean isSent(JsonNode value) {
        return value.isContainerNode()
                ? !value.isEmpty()
                : !value.isMissingNode() && !value.asText().isEmpty();
    }

    private void field(String name, JsonNode value) {
        if (name.equals("callbackUrl")) {
            callbackUrl(value);
            return;
        }
        JsonNode property = model.property(name);
        boolean address = name.endsWith("Url") && model.isInput(name.substring(0, name.length() - "Url".length()));
        if (model.isInput(name) || address) {
            input(name, value);
        } else if (property.isMissingNode()) {
            if (!model.schema().isMissingNode() && !COMMON.contains(name)) {
                // names change at the service, so that what it does with others is not known
                notes.add("a parameter that the model does not have: " + name);
            }
        } else if (value.isContainerNode() || value.isNull()) {
            bad(Responses.INVALID_PARAMETERS, name + " must be one value, not " + value.getNodeType());
        } else if (property.path("type").asText().equals("number")) {
            number(name, property, value);
        } else {
            text(name, property, value);
        }
    }

    private void number(String name, JsonNode property, JsonNode value) {
        double number;
        try {
            number = Double.parseDouble(value.asText());
        } catch (NumberFormatException e) {
            bad("Request parameter [" + name + "] must be integer or float", name + " is no number");
            return;
        }
        boolean low =
                property.has("minimum") && number < property.path("minimum").asDouble();
        boolean high =
                property.has("maximum") && number > property.path("maximum").asDouble();
        if (low || high || Double.isNaN(number)) {
            bad(
                    "Request parameter [" + name + "] must be between " + property.path("minimum") + " and "
                            + property.path("maximum"),
                    name + "=" + value.asText() + " is not between " + property.path("minimum") + " and "
                            + property.path("maximum"));
        }
    }

    private void text(String name, JsonNode property, JsonNode value) {
        if (!value.isTextual()) {
            notes.add("a " + value.getNodeType() + " where the vendor's own client sends a text: " + name);
        }
        List<String> allowed = new ArrayList<>();
        property.path("enum").forEach(option -> allowed.add(option.asText()));
        // an option that is sent empty is one that was not chosen
        if (!allowed.isEmpty() && !value.asText().isEmpty() && !allowed.contains(value.asText())) {
            bad(Responses.INVALID_PARAMETERS, name + "=" + value.asText() + " is not one of " + allowed);
        }
    }

    private void input(String name, JsonNode value) {
        List<String> urls = new ArrayList<>();
        for (JsonNode item : value.isArray() ? value : List.of(value)) {
            if (!item.isTextual()) {
                bad(Responses.INVALID_PARAMETERS, name + " must hold URLs, not " + item.getNodeType());
                return;
            }
            urls.addAll(Arrays.asList(item.asText().split(",(?=https?://)")));
        }
        for (String url : urls) {
            Optional<String> complaint = url.isEmpty() ? Optional.empty() : inputUrls.complaint(url, own);
            complaint.ifPresent(why -> bad(Responses.INVALID_PARAMETERS, name + " holds a URL that " + why));
            if (!url.isEmpty()) {
                inputs.add(url);
            }
        }
    }

    private void callbackUrl(JsonNode value) {
        if (!value.asText().isEmpty() && !PublicUrl.hasHost(value.asText())) {
            bad(Responses.INVALID_PARAMETERS, "callbackUrl is no http(s) URL");
        }
    }
}
