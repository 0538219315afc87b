/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which of a model's own fields a portable option sets: for each option the names that models use, in order of preference. */
public final class PortableOptions {
    /** The portable option for the number of results. */
    public static final String COUNT = "count";

    /** The portable option whose value is a text of the user's, so that it is not shown. */
    public static final String NEGATIVE_PROMPT = "negativePrompt";

    /** Bounds the number of results where the service does not, because each one costs. */
    public static final int MAX_COUNT = 8;

    /** What is allowed where {@link #MAX_COUNT} is the bound, for messages. */
    public static final String ALLOWED_COUNT =
            "1 to " + MAX_COUNT + " results at once (a bound of this component, because each result costs)";

    private final Map<String, List<String>> fields = new LinkedHashMap<>();

    /** The same with one more option. */
    public PortableOptions with(String option, String... names) {
        PortableOptions more = new PortableOptions();
        more.fields.putAll(fields);
        more.fields.put(option, List.of(names));
        return more;
    }

    /** The field that an option sets: the first that the model has. */
    public Optional<String> fieldFor(String option, Predicate<String> has) {
        return fields.getOrDefault(option, List.of()).stream().filter(has).findFirst();
    }

    /** The option that sets a field of a model, or {@code null}. */
    public @Nullable String optionFor(String field, Predicate<String> has) {
        return fields.keySet().stream()
                .filter(option -> fieldFor(option, has).filter(field::equals).isPresent())
                .findFirst()
                .orElse(null);
    }
}
