/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.provider.support.PortableOptions;
import io.genvideo.provider.support.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides the value of every field that is no medium. A value that is set is sent in the schema's own type and spelling, what the
 * schema does not allow is refused, what is not set is left to the service. Without a schema the service's own parameters
 * pass as they are, and portable options cannot be translated.
 */
final class SchemaParameters {
    private final SchemaRules rules;
    private final SchemaModel model;
    private final Map<String, Choice> chosen = new LinkedHashMap<>();

    private SchemaParameters(SchemaRules rules, SchemaModel model) {
        this.rules = rules;
        this.model = model;
    }

    /** Fails with an {@code INVALID_REQUEST} error that names the option as the user wrote it, its value and what is allowed. */
    static Map<String, JsonNode> resolve(SchemaRules rules, GenerationRequest request, SchemaModel model) {
        SchemaParameters resolver = new SchemaParameters(rules, model);
        String prompt = request.prompt();
        if (prompt != null && !prompt.isBlank()) {
            resolver.prompt(prompt);
        }
        request.options().asMap().forEach(resolver::portable);
        request.parameters().forEach(resolver::own);
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        resolver.chosen.forEach((name, choice) -> fields.put(name, choice.value()));
        return fields;
    }

    private void prompt(String prompt) {
        if (model.isDescribed() && !model.takes(SchemaModel.PROMPT)) {
            throw rules.errors().invalid("prompt cannot be set: " + model.takes());
        }
        set(
                SchemaModel.PROMPT,
                model.field(SchemaModel.PROMPT).orElseGet(() -> SchemaField.text(SchemaModel.PROMPT)),
                prompt);
    }

    private void portable(String option, Object value) {
        boolean isOne = option.equals(PortableOptions.COUNT) && value.equals(1);
        Optional<SchemaField> field =
                rules.options().fieldFor(option, model::takes).flatMap(model::field);
        if (field.isEmpty() && isOne) {
            // One result is what every model makes
            return;
        }
        if (!model.isDescribed()) {
            throw rules.errors()
                    .invalid(shown(option, value, option.equals(PortableOptions.NEGATIVE_PROMPT))
                            + " cannot be translated: which parameters " + model.id() + " takes is not known. "
                            + rules.withoutSchema());
        }
        if (field.isEmpty()) {
            throw lacking(option, value, option.equals(PortableOptions.NEGATIVE_PROMPT));
        }
        set(option, field.get(), value);
    }

    private void own(String name, @Nullable Object value) {
        String label = "param." + name;
        if (value == null || name.isBlank()) {
            throw rules.errors().invalid(label + " needs a name and a value");
        }
        if (!model.isDescribed()) {
            remember(new Choice(label, name, true, Values.unchecked(value)));
            return;
        }
        SchemaField field = model.field(name).orElseThrow(() -> lacking(label, value, true));
        set(label, field, value);
    }

    private void set(String label, SchemaField field, Object value) {
        JsonNode matched = field.match(value)
                .filter(v -> isCountable(field, v))
                .orElseThrow(() -> rules.errors()
                        .invalid(shown(label, value, field.isText()) + " is not allowed for " + model.id()
                                + "; allowed: " + allowed(field)));
        remember(new Choice(label, field.name(), field.isText(), matched));
    }

    private boolean isCountable(SchemaField field, JsonNode value) {
        return !isUnboundedCount(field)
                || value.isNumber() && value.intValue() >= 1 && value.intValue() <= PortableOptions.MAX_COUNT;
    }

    private String allowed(SchemaField field) {
        return isUnboundedCount(field) ? PortableOptions.ALLOWED_COUNT : field.takes();
    }

    private boolean isUnboundedCount(SchemaField field) {
        return field.most() == null
                && field.allowed().isEmpty()
                && PortableOptions.COUNT.equals(rules.options().optionFor(field.name(), model::takes));
    }

    private void remember(Choice choice) {
        Choice before = chosen.put(choice.field(), choice);
        if (before != null && !before.value().equals(choice.value())) {
            throw rules.errors()
                    .invalid(before.shown() + " and " + choice.shown() + " contradict each other; give one of them");
        }
    }

    private RuntimeException lacking(String label, Object value, boolean isText) {
        return rules.errors()
                .invalid(shown(label, value, isText) + " cannot be set: " + model.id() + " has no such parameter. "
                        + model.takes());
    }

    /** Texts are the user's own words, like the prompt, and not shown. */
    private static String shown(String label, Object value, boolean isText) {
        return isText || Values.isPrompt(label) || Values.isStructured(value)
                ? label
                : label + "=" + Values.shown(value);
    }

    /** What a user set: under which name, for which field, and what it means in the schema's spelling. */
    private record Choice(String label, String field, boolean isText, JsonNode value) {
        String shown() {
            return SchemaParameters.shown(label, value, isText);
        }
    }
}
