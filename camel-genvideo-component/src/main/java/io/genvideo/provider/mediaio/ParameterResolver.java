/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.provider.support.PortableOptions;
import io.genvideo.provider.support.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides the value of every field that is no medium (docs/contracts/mediaio.md sections 2 and 7). A value that is set is sent
 * in the definition's own spelling, what the definition does not allow is refused, what is not set is left to the service.
 */
final class ParameterResolver {
    static final PortableOptions OPTIONS = new PortableOptions()
            .with("duration", "duration")
            .with("resolution", "resolution")
            .with("aspectRatio", "ratio", "aspect_ratio", "size")
            .with(PortableOptions.COUNT, "counts")
            .with("audio", "generate_audio");

    private final MediaioModel model;
    private final Map<String, Choice> chosen = new LinkedHashMap<>();

    private ParameterResolver(MediaioModel model) {
        this.model = model;
    }

    /** Fails with an {@code INVALID_REQUEST} error that names the option as the user wrote it, its value and what is allowed. */
    static Map<String, JsonNode> resolve(GenerationRequest request, MediaioModel model) {
        ParameterResolver resolver = new ParameterResolver(model);
        String prompt = request.prompt();
        if (prompt != null && !prompt.isBlank()) {
            resolver.set(MediaioModel.PROMPT, resolver.named(MediaioModel.PROMPT, prompt), prompt);
        }
        request.options().asMap().forEach(resolver::portable);
        request.parameters().forEach(resolver::own);
        model.conditions().forEach(resolver::check);
        Map<String, JsonNode> values = new LinkedHashMap<>();
        resolver.chosen.forEach((name, choice) -> values.put(name, choice.value()));
        return values;
    }

    private void portable(String option, Object value) {
        Optional<FieldDefinition> field = OPTIONS.fieldFor(option, model::takes).flatMap(model::field);
        boolean isOne = option.equals(PortableOptions.COUNT) && value.equals(1);
        if (field.isEmpty() && isOne) {
            // One result is what every model makes
            return;
        }
        set(option, field.orElseThrow(() -> lacking(option, value)), value);
    }

    private void own(String name, @Nullable Object value) {
        String label = "param." + name;
        if (value == null || name.isBlank()) {
            throw MediaioErrors.ERRORS.invalid(label + " needs a name and a value");
        }
        FieldDefinition field = named(name, label, value);
        if (!field.isMedium()) {
            set(label, field, value);
        }
    }

    private FieldDefinition named(String name, Object value) {
        return named(name, name, value);
    }

    private FieldDefinition named(String name, String label, Object value) {
        return model.field(name).orElseThrow(() -> lacking(label, value));
    }

    private void set(String label, FieldDefinition field, Object value) {
        JsonNode matched = field.match(value)
                .orElseThrow(() -> MediaioErrors.ERRORS.invalid(described(label, field, value) + " is not allowed for "
                        + model.name() + "; allowed: " + field.takes()));
        Choice choice = new Choice(label, field, matched);
        Choice before = chosen.put(field.name(), choice);
        if (before != null && !before.value().equals(matched)) {
            throw MediaioErrors.ERRORS.invalid(
                    before.shown() + " and " + choice.shown() + " contradict each other; give one of them");
        }
    }

    /** The other field may be left to the service: then its default counts. */
    private void check(MediaioModel.Condition condition) {
        Choice choice = chosen.get(condition.field());
        if (choice == null || !choice.value().asText().equals(condition.value())) {
            return;
        }
        Choice other = chosen.get(condition.other());
        String value = other == null
                ? model.field(condition.other()).map(FieldDefinition::preset).orElse(null)
                : other.value().asText();
        if (!condition.needed().equals(value)) {
            throw MediaioErrors.ERRORS.invalid(choice.shown() + " is allowed for " + model.name() + " only with "
                    + (other == null ? condition.other() : other.label()) + "=" + condition.needed());
        }
    }

    private RuntimeException lacking(String label, Object value) {
        boolean isText =
                label.equals(PortableOptions.NEGATIVE_PROMPT) || label.startsWith("param.") || Values.isPrompt(label);
        return MediaioErrors.ERRORS.invalid(label + (isText ? "" : "=" + Values.shown(value)) + " cannot be set: "
                + model.name() + " has no such parameter. " + model.takes());
    }

    /** Texts are the user's own words, like the prompt, and not shown. */
    private static String described(String label, FieldDefinition field, Object value) {
        if (Values.isStructured(value)) {
            return label + " (a structure)";
        }
        return field.isText()
                ? label + " (" + FieldDefinition.length(Values.textOf(value)) + " characters)"
                : label + "=" + Values.shown(value);
    }

    /** What a user set: under which name, for which field, and what it means in the definition's spelling. */
    private record Choice(String label, FieldDefinition field, JsonNode value) {
        String shown() {
            return field.isText() ? label : label + "=" + value.asText();
        }
    }
}
