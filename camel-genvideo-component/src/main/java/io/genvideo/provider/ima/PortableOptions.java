/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which of a model's own fields stands for a portable option. {@code count} is none of them: it is {@code n} everywhere. */
final class PortableOptions {
    /** The number of results: bounded here because IMA states no bound and each one costs. */
    static final String COUNT_FIELD = "n";

    static final int MAX_COUNT = 8;

    private static final Map<String, List<String>> FIELDS = fields();

    private PortableOptions() {}

    /** The field of this model that a portable option sets: the first that it has. */
    static Optional<String> fieldFor(String option, ImaLeaf leaf) {
        return FIELDS.getOrDefault(option, List.of()).stream()
                .filter(leaf::takes)
                .findFirst();
    }

    /** The portable option that sets a field of this model, or {@code null}. */
    static @Nullable String optionFor(String field, ImaLeaf leaf) {
        return FIELDS.keySet().stream()
                .filter(option -> fieldFor(option, leaf).filter(field::equals).isPresent())
                .findFirst()
                .orElse(null);
    }

    /**
     * The name under which a model has what a user calls {@code name}: {@code audio} and {@code generate_audio} are two
     * spellings of one thing, of which each model has at most one (contract 3.4).
     */
    static String spelling(String name, ImaLeaf leaf) {
        if (!leaf.takes(name) && name.equalsIgnoreCase("generate_audio") && leaf.takes("audio")) {
            return "audio";
        }
        return !leaf.takes(name) && name.equalsIgnoreCase("audio") && leaf.takes("generate_audio")
                ? "generate_audio"
                : name;
    }

    private static Map<String, List<String>> fields() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("duration", List.of("duration"));
        all.put("resolution", List.of("resolution", "quality"));
        all.put("aspectRatio", List.of("aspect_ratio"));
        all.put("negativePrompt", List.of("negative_prompt"));
        all.put("seed", List.of("seed"));
        all.put("audio", List.of("generate_audio", "audio", "sound"));
        return all;
    }
}
