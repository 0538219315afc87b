/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a create by docs/contracts/ima.md sections 3 and 6 and the product list. It goes on after the first mistake,
 * so that the ledger shows all of them; the first one is the response.
 */
final class CreateCheck {
    private static final Set<String> TOP = Set.of("task_type", "enable_multi_model", "src_img_url", "parameters");
    private static final Set<String> TOP_OPTIONAL = Set.of("upload_img_src", "src_image", "src_video", "src_audio");
    private static final Set<String> OUTER = Set.of(
            "attribute_id",
            "model_id",
            "model_name",
            "model_version",
            "app",
            "platform",
            "category",
            "credit",
            "parameters");
    private static final Set<String> INNER = Set.of("prompt", "n", "input_images", "cast");

    /** Parameters that the vendor's own samples send to models whose form has none (docs/contracts/ima.md section 3.4). */
    private static final Set<String> TOLERATED = Set.of("seed");

    /**
     * Something that is wrong.
     *
     * @param violation false if a correct client with an old product list would do the same
     */
    record Problem(int code, String text, boolean violation) {}

    private final Catalogue catalogue;
    private final InputCheck inputs;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private @Nullable CreateRequest create;

    /** @param inputs looks at the URLs of the inputs */
    CreateCheck(Catalogue catalogue, InputCheck inputs) {
        this.catalogue = catalogue;
        this.inputs = inputs;
    }

    /** What is wrong, in the order in which it was found; empty if nothing. */
    List<Problem> problems() {
        return problems;
    }

    /** What is accepted although the contract leaves it open. */
    List<String> notes() {
        return notes;
    }

    /** The request; empty if something is wrong. */
    Optional<CreateRequest> createRequest() {
        return problems.isEmpty() ? Optional.ofNullable(create) : Optional.empty();
    }

    CreateCheck check(JsonNode body) {
        if (!body.isObject()) {
            bad("the body is not a JSON object");
            return this;
        }
        names("body", body, TOP, TOP_OPTIONAL);
        String taskType = body.path("task_type").asText();
        if (!Catalogue.TASK_TYPES.contains(taskType)) {
            bad("unknown task_type " + body.path("task_type"));
        }
        if (!body.path("enable_multi_model").isBoolean()
                || body.path("enable_multi_model").asBoolean()) {
            bad("enable_multi_model must be false");
        }
        JsonNode list = body.path("parameters");
        if (!list.isArray() || list.size() != 1 || !list.get(0).isObject()) {
            bad("parameters must be a list of one object");
            return this;
        }
        outer(body, list.get(0), taskType);
        return this;
    }

    private void outer(JsonNode body, JsonNode outer, String taskType) {
        names("parameters[0]", outer, OUTER, Set.of());
        if (!outer.path("category").asText().equals(taskType)) {
            bad("category " + outer.path("category") + " is not task_type " + body.path("task_type"));
        }
        // The gateway treats webAgent as ima (docs/contracts/ima.md section 1).
        if (!Set.of("ima", "webAgent").contains(outer.path("app").asText())) {
            bad("app must be \"ima\", not " + outer.path("app"));
        }
        if (!outer.path("platform").asText().equals("web")) {
            bad("platform must be \"web\", not " + outer.path("platform"));
        }
        JsonNode inner = outer.path("parameters");
        if (!inner.isObject()) {
            bad("parameters[0].parameters must be an object");
            return;
        }
        String version = outer.path("model_version").asText();
        Optional<Leaf> leaf = catalogue.leaf(taskType, version);
        if (leaf.isEmpty()) {
            problems.add(new Problem(
                    400,
                    "model_version " + outer.path("model_version") + " is not the id of a model of " + taskType,
                    !catalogue.wasListed(taskType, version)));
            return;
        }
        model(outer, leaf.get());
        common(outer, inner);
        List<String> urls = inputs.check(body, inner, leaf.get(), this::bad);
        form(inner, leaf.get());
        int points = price(outer, inner, leaf.get());
        create = new CreateRequest(
                leaf.get(),
                inner,
                inner.path("prompt").asText(),
                inner.path("n").asInt(1),
                points,
                urls);
    }

    private void model(JsonNode outer, Leaf leaf) {
        if (!outer.path("model_id").asText().equals(leaf.modelId())) {
            bad("model_id " + outer.path("model_id") + " does not belong to " + leaf.id() + ": " + leaf.modelId());
        }
        if (!outer.path("model_name").asText().equals(leaf.name())) {
            bad("model_name " + outer.path("model_name") + " does not belong to " + leaf.id() + ": " + leaf.name());
        }
    }

    private void common(JsonNode outer, JsonNode inner) {
        if (!inner.path("prompt").isTextual() || inner.path("prompt").asText().isBlank()) {
            bad("prompt is missing in the inner parameters");
        }
        JsonNode n = inner.path("n");
        if (!n.isInt() || n.asInt() < 1 || n.asInt() > CreateRequest.MAX_COUNT) {
            bad("n must be an integer of at least 1 (here at most " + CreateRequest.MAX_COUNT + "), not " + n);
        }
        JsonNode cast = inner.path("cast");
        if (!cast.isObject()) {
            bad("cast is missing in the inner parameters");
            return;
        }
        names("cast", cast, Set.of("points", "attribute_id"), Set.of());
        if (!cast.path("points").equals(outer.path("credit"))) {
            problems.add(new Problem(
                    6006, "credit " + outer.path("credit") + " is not cast.points " + cast.path("points"), true));
        }
        if (!cast.path("attribute_id").equals(outer.path("attribute_id"))) {
            problems.add(new Problem(
                    6010,
                    "attribute_id " + outer.path("attribute_id") + " is not cast.attribute_id "
                            + cast.path("attribute_id"),
                    true));
        }
    }

    private void form(JsonNode inner, Leaf leaf) {
        Set<String> known = new LinkedHashSet<>(INNER);
        Set<String> uiOnly = new LinkedHashSet<>();
        Set<String> priced = leaf.priced();
        for (Field field : leaf.fields()) {
            known.add(field.name());
            uiOnly.addAll(field.uiNames());
            JsonNode value = inner.path(field.name());
            if (value.isMissingNode()) {
                missing(field, leaf, priced);
                continue;
            }
            // a price value that no option has matches no rule, and that is what the service says
            int code = priced.contains(field.name()) ? 6009 : 400;
            field.complaint(value).ifPresent(text -> problems.add(new Problem(code, text, true)));
            field.conflict(value, inner).ifPresent(this::bad);
        }
        for (Map.Entry<String, JsonNode> e : inner.properties()) {
            if (known.contains(e.getKey())) {
                continue;
            }
            if (TOLERATED.contains(e.getKey())) {
                notes.add("parameter " + e.getKey() + " for a model whose form has none");
                continue;
            }
            bad(
                    uiOnly.contains(e.getKey())
                            ? e.getKey() + " is a name of the user interface only; its mapped value is to be sent"
                            : "unknown parameter " + e.getKey() + " for " + leaf.id());
        }
    }

    private void missing(Field field, Leaf leaf, Set<String> priced) {
        if (field.name().equals("model") && leaf.modelId().equals("pixverse")) {
            bad("downstream error: err_code=400017 err_msg=Invalid value for model");
        } else if (field.required() && !priced.contains(field.name())) {
            bad("parameter " + field.name() + " is missing; the product list has a default for it");
        }
    }

    /** Finds the price of what is asked; the answer to a missing priced parameter is 6009, as no rule matches then. */
    private int price(JsonNode outer, JsonNode inner, Leaf leaf) {
        JsonNode idNode = outer.path("attribute_id");
        int id = idNode.isInt() ? idNode.asInt() : 0;
        int credit = outer.path("credit").isInt() ? outer.path("credit").asInt() : -1;
        boolean stale = catalogue.wasValid(leaf.taskType(), leaf.id(), id, credit);
        if (leaf.rules().stream().noneMatch(r -> r.attributeId() == id)) {
            problems.add(new Problem(id == 0 ? 400 : 6010, "Invalid product attribute", !stale));
            return 0;
        }
        Optional<Leaf.Rule> calculated = leaf.rules().stream()
                .filter(r -> r.attributes().entrySet().stream()
                        .allMatch(e ->
                                e.getKey().equals("default") || e.getValue().equals(inner.path(e.getKey()))))
                .findFirst();
        if (calculated.isEmpty()) {
            problems.add(new Problem(6009, "No rule matches the parameters", true));
            return 0;
        }
        if (calculated.get().attributeId() != id) {
            problems.add(new Problem(6010, "Attribute ID does not match the calculated rule", true));
        } else if (calculated.get().points() != credit) {
            problems.add(new Problem(
                    6006,
                    "credit " + outer.path("credit") + " differs from the price "
                            + calculated.get().points(),
                    !stale));
        }
        return calculated.get().points();
    }

    private void names(String where, JsonNode object, Set<String> needed, Set<String> optional) {
        for (Map.Entry<String, JsonNode> e : object.properties()) {
            if (!needed.contains(e.getKey()) && !optional.contains(e.getKey())) {
                bad("unknown field " + e.getKey() + " in " + where);
            }
        }
        needed.stream()
                .sorted()
                .filter(name -> !object.has(name))
                .forEach(name -> bad("field " + name + " is missing in " + where));
    }

    private void bad(String text) {
        problems.add(new Problem(400, text, true));
    }
}
