/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The portable options: one vocabulary that every provider translates into its own spelling, or refuses. {@code null}
 * means "not set": the model's own default is used.
 *
 * @param duration length of the result in seconds
 * @param resolution for example {@code 720p}
 * @param aspectRatio for example {@code 16:9}
 * @param negativePrompt what must not be seen
 * @param seed for models that can repeat a result
 * @param count how many results to make; each one costs
 * @param audio whether the result has sound
 */
public record GenerationOptions(
        @Nullable Double duration,
        @Nullable String resolution,
        @Nullable String aspectRatio,
        @Nullable String negativePrompt,
        @Nullable Long seed,
        @Nullable Integer count,
        @Nullable Boolean audio) {

    public static final GenerationOptions NONE = new GenerationOptions(null, null, null, null, null, null, null);

    /** These options, with those of {@code fallback} where an option is not set here. */
    public GenerationOptions orElse(GenerationOptions fallback) {
        return new GenerationOptions(
                first(duration, fallback.duration),
                first(resolution, fallback.resolution),
                first(aspectRatio, fallback.aspectRatio),
                first(negativePrompt, fallback.negativePrompt),
                first(seed, fallback.seed),
                first(count, fallback.count),
                first(audio, fallback.audio));
    }

    /** The options that are set, under their names in the URI, in a fixed order. */
    public Map<String, Object> asMap() {
        Map<String, Object> set = new LinkedHashMap<>();
        put(set, "duration", duration);
        put(set, "resolution", resolution);
        put(set, "aspectRatio", aspectRatio);
        put(set, "negativePrompt", negativePrompt);
        put(set, "seed", seed);
        put(set, "count", count);
        put(set, "audio", audio);
        return set;
    }

    private static void put(Map<String, Object> set, String name, @Nullable Object value) {
        if (value != null) {
            set.put(name, value);
        }
    }

    private static <T> @Nullable T first(@Nullable T preferred, @Nullable T fallback) {
        return preferred != null ? preferred : fallback;
    }
}
