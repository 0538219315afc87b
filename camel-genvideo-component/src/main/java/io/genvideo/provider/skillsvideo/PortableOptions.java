/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which of a model's own fields stands for a portable option: the names of the known schemas, in order of preference.
 * {@code quality} is none of them: its values speak of effort, not of size.
 */
final class PortableOptions {
    /** Bounds the number of results where the schema does not, because each one costs. */
    static final int MAX_COUNT = 8;

    static final String COUNT = "count";

    private static final Map<String, List<String>> FIELDS = fields();

    private PortableOptions() {}

    /** The field of this model that a portable option sets: the first that it has. */
    static Optional<SchemaField> fieldFor(String option, SkillsvideoModel model) {
        return FIELDS.getOrDefault(option, List.of()).stream()
                .flatMap(name -> model.field(name).stream())
                .findFirst();
    }

    /** The portable option that sets a field of this model, or {@code null}. */
    static @Nullable String optionFor(SchemaField field, SkillsvideoModel model) {
        return FIELDS.keySet().stream()
                .filter(option -> fieldFor(option, model).filter(field::equals).isPresent())
                .findFirst()
                .orElse(null);
    }

    private static Map<String, List<String>> fields() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("duration", List.of("duration", "seconds"));
        all.put("resolution", List.of("resolution"));
        all.put("aspectRatio", List.of("aspect_ratio"));
        all.put("negativePrompt", List.of("negative_prompt"));
        all.put("seed", List.of("seed"));
        all.put(COUNT, List.of("n"));
        all.put("audio", List.of("generate_audio"));
        return all;
    }
}
