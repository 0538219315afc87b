/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A service's answer as it may be journalled: services repeat the prompt in it, and prompts are not kept. */
final class RawResponse {
    private static final String PROMPT = "prompt";

    private RawResponse() {}

    static @Nullable Map<String, Object> withoutPrompts(@Nullable Map<String, Object> raw) {
        return raw == null ? null : map(raw);
    }

    private static Map<String, Object> map(Map<?, ?> raw) {
        Map<String, Object> kept = new LinkedHashMap<>();
        raw.forEach((name, value) -> {
            String key = String.valueOf(name);
            boolean isPrompt = key.toLowerCase(Locale.ROOT).contains(PROMPT) && value instanceof CharSequence;
            if (!isPrompt) {
                kept.put(key, value(value));
            }
        });
        return kept;
    }

    private static Object value(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map(map);
        }
        // collected, because an answer may hold null
        return value instanceof List<?> list
                ? list.stream().map(RawResponse::value).collect(Collectors.toList())
                : value;
    }
}
