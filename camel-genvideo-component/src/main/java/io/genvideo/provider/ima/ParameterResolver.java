/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.PortableOptions;
import io.genvideo.provider.support.Values;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides the value of every field of a model (docs/contracts/ima.md sections 3.2 and 3.4): what the user says, else the list's
 * default. A value
 * is sent in the list's own JSON type and spelling; what the list does not allow is refused.
 */
final class ParameterResolver {
    /** Inner names that this component fills itself. */
    static final Set<String> RESERVED = Set.of("prompt", "input_images", "cast", "credit", "attribute_id");

    /** The name of the number of results at every model. */
    static final String COUNT_FIELD = "n";

    static final PortableOptions OPTIONS = new PortableOptions()
            .with("duration", "duration")
            .with("resolution", "resolution", "quality")
            .with("aspectRatio", "aspect_ratio")
            .with(PortableOptions.NEGATIVE_PROMPT, "negative_prompt")
            .with("seed", "seed")
            .with("audio", "generate_audio", "audio", "sound");

    private final ImaLeaf leaf;
    private final Map<String, Choice> fields = new LinkedHashMap<>();
    private final Map<String, Choice> uiFields = new LinkedHashMap<>();
    private @Nullable Choice count;

    private ParameterResolver(ImaLeaf leaf) {
        this.leaf = leaf;
    }

    /** Fails with an {@code INVALID_REQUEST} error that names the option as the user wrote it, its value and what is allowed. */
    static ResolvedParameters resolve(GenerationRequest request, ImaLeaf leaf) {
        ParameterResolver resolver = new ParameterResolver(leaf);
        request.options().asMap().forEach(resolver::portable);
        request.parameters().forEach(resolver::own);
        return resolver.resolved();
    }

    private void portable(String option, Object value) {
        if (option.equals(PortableOptions.COUNT)) {
            count(option, value);
            return;
        }
        String field = OPTIONS.fieldFor(option, leaf::takes).orElseThrow(() -> lacking(option, value));
        set(option, field, value);
    }

    private void own(String name, @Nullable Object value) {
        String label = "param." + name;
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw ImaErrors.ERRORS.invalid(label + " cannot be set: the component fills it itself. " + takes());
        }
        if (value == null || Values.isStructured(value)) {
            throw ImaErrors.ERRORS.invalid(label + " needs a single value; " + takes());
        }
        if (name.equalsIgnoreCase(COUNT_FIELD)) {
            count(label, value);
            return;
        }
        String field = spelling(name);
        if (!leaf.takes(field)) {
            throw lacking(label, value);
        }
        set(label, field, value);
    }

    /**
     * The name under which the model has what a user calls {@code name}: {@code audio} and {@code generate_audio} are two
     * spellings of one thing, of which each model has at most one (docs/contracts/ima.md section 3.4).
     */
    private String spelling(String name) {
        if (leaf.takes(name)) {
            return name;
        }
        if (name.equalsIgnoreCase("generate_audio") && leaf.takes("audio")) {
            return "audio";
        }
        return name.equalsIgnoreCase("audio") && leaf.takes("generate_audio") ? "generate_audio" : name;
    }

    private void set(String label, String name, Object value) {
        Optional<FormField> ui = leaf.uiField(name);
        Optional<FormField> field = leaf.field(name);
        // A field and its UI field may share their name: those of the UI come first, they are what people see.
        Optional<JsonNode> matched = ui.flatMap(u -> u.match(value));
        if (matched.isPresent()) {
            remember(uiFields, new Choice(label, ui.orElseThrow(), matched.get()));
            return;
        }
        matched = field.flatMap(f -> f.match(value));
        if (matched.isEmpty()) {
            throw notAllowed(label, value, ui, field);
        }
        remember(fields, new Choice(label, field.orElseThrow(), matched.get()));
    }

    private void count(String label, Object value) {
        JsonNode number = Values.number(COUNT_FIELD, value)
                .filter(Values::isWhole)
                .filter(n -> n.longValue() >= 1 && n.longValue() <= PortableOptions.MAX_COUNT)
                .map(n -> (JsonNode) Json.NODES.numberNode(n.intValue()))
                .orElseThrow(() -> ImaErrors.ERRORS.invalid(
                        label + "=" + Values.shown(value) + " is not allowed: " + PortableOptions.ALLOWED_COUNT));
        Choice choice = new Choice(label, COUNT_FIELD, false, number);
        if (count != null) {
            agree(count, choice);
        }
        count = choice;
    }

    private ResolvedParameters resolved() {
        Map<String, JsonNode> sent = new LinkedHashMap<>();
        Map<String, JsonNode> seen = new LinkedHashMap<>();
        for (FormField field : leaf.form()) {
            if (RESERVED.contains(field.name()) || field.name().equals(COUNT_FIELD)) {
                continue;
            }
            JsonNode value = field.isVirtual() ? translated(field, seen) : plain(field);
            if (value != null) {
                sent.put(field.name(), value);
            }
        }
        seen.putAll(sent);
        Map<String, String> labels = Stream.concat(uiFields.values().stream(), fields.values().stream())
                .collect(Collectors.toMap(Choice::field, Choice::label, (a, b) -> a));
        return new ResolvedParameters(
                sent, seen, labels, count == null ? 1 : count.value().intValue());
    }

    private @Nullable JsonNode plain(FormField field) {
        Choice choice = fields.get(field.name());
        return choice == null ? field.preset() : choice.value();
    }

    /** The one place where a virtual field gets its value, so that nothing is translated twice. */
    private @Nullable JsonNode translated(FormField field, Map<String, JsonNode> seen) {
        Choice direct = fields.get(field.name());
        boolean setInUi = field.ui().stream().anyMatch(u -> uiFields.containsKey(u.name()));
        if (direct != null && !setInUi) {
            return direct.value();
        }
        Map<String, JsonNode> ui = new LinkedHashMap<>();
        for (FormField part : field.ui()) {
            Choice choice = uiFields.get(part.name());
            JsonNode value = choice == null ? part.preset() : choice.value();
            if (value != null) {
                ui.put(part.name(), value);
            }
        }
        seen.putAll(ui);
        Optional<JsonNode> target = field.mappings().stream()
                .filter(m -> m.source().entrySet().stream().allMatch(s -> {
                    JsonNode value = ui.get(s.getKey());
                    return value != null && Values.same(value, s.getValue());
                }))
                .map(FormField.Mapping::target)
                .findFirst();
        if (!setInUi) {
            return target.orElse(field.preset());
        }
        JsonNode value = target.orElseThrow(() ->
                ImaErrors.ERRORS.invalid(describe(ui) + " is no combination that " + leaf.name() + " has; " + takes()));
        if (direct != null && !Values.same(direct.value(), value)) {
            throw ImaErrors.ERRORS.invalid(direct.shown() + " and " + describe(ui) + " (which means " + field.name()
                    + "=" + value.asText() + ") contradict each other; give one of them");
        }
        return value;
    }

    private String describe(Map<String, JsonNode> ui) {
        return ui.entrySet().stream()
                .map(e -> {
                    Choice choice = uiFields.get(e.getKey());
                    return choice == null ? e.getKey() + "=" + e.getValue().asText() : choice.shown();
                })
                .collect(Collectors.joining(", "));
    }

    private static void remember(Map<String, Choice> choices, Choice choice) {
        Choice before = choices.put(choice.field(), choice);
        if (before != null) {
            agree(before, choice);
        }
    }

    private static void agree(Choice before, Choice choice) {
        if (!Values.same(before.value(), choice.value())) {
            throw ImaErrors.ERRORS.invalid(
                    before.shown() + " and " + choice.shown() + " contradict each other; give one of them");
        }
    }

    private RuntimeException lacking(String label, Object value) {
        boolean isText = label.equals(PortableOptions.NEGATIVE_PROMPT) || label.startsWith("param.");
        return ImaErrors.ERRORS.invalid(label + (isText ? "" : "=" + Values.shown(value)) + " cannot be set: "
                + leaf.name() + " has no such parameter. " + takes());
    }

    private RuntimeException notAllowed(String label, Object value, Optional<FormField> ui, Optional<FormField> field) {
        FormField shown = ui.or(() -> field).orElseThrow();
        String what = shown.isText() || Values.isPrompt(label)
                ? label + " (" + String.valueOf(value).length() + " characters)"
                : label + "=" + Values.shown(value);
        return ImaErrors.ERRORS.invalid(what + " is not allowed for " + leaf.name() + "; allowed: " + shown.allowed());
    }

    private String takes() {
        return leaf.name() + " takes: " + String.join(", ", leaf.settable()) + ", " + COUNT_FIELD;
    }

    /** What a user set: under which name, for which field, and what it means in the list's spelling. */
    private record Choice(String label, String field, boolean isText, JsonNode value) {
        Choice(String label, FormField field, JsonNode value) {
            this(label, field.name(), field.isText(), value);
        }

        /** Texts are the user's own words, like the prompt, and not shown. */
        String shown() {
            return isText || Values.isPrompt(label) ? label : label + "=" + value.asText();
        }
    }
}
