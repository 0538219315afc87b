/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.TextSanitizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Texts that a service wrote, made fit for messages by {@link TextSanitizer}. An instance knows what must not be shown even if
 * the service quotes it: the account's credentials, and the prompts of one request. Immutable.
 */
public final class ServiceText {
    private static final int MAX_CODE = 64;

    private final List<String> hidden;

    private ServiceText(List<String> hidden) {
        this.hidden = List.copyOf(hidden);
    }

    /** @param texts credentials and prompts; {@code null}s are ignored */
    public static ServiceText hiding(@Nullable String... texts) {
        return new ServiceText(List.of()).andHiding(texts);
    }

    /** The same, which hides these texts too. */
    public ServiceText andHiding(@Nullable String... texts) {
        List<String> all = new ArrayList<>(hidden);
        Arrays.stream(texts).filter(t -> t != null && !t.isBlank()).forEach(all::add);
        return new ServiceText(all);
    }

    /** The same, which hides every prompt that an answer repeats, wherever it does. */
    public ServiceText andHidingPromptsOf(JsonNode answer) {
        return answer.isObject()
                ? andHiding(TextSanitizer.promptsIn(Json.toMap(answer)).toArray(String[]::new))
                : this;
    }

    /** One line of at most {@link TextSanitizer#MAX_MESSAGE} characters; may be empty. */
    public String shown(String text) {
        return TextSanitizer.clean(text, TextSanitizer.MAX_MESSAGE, hidden);
    }

    /** A service's error code: one line of at most 64 characters, or {@code null} if there is none. */
    public @Nullable String code(@Nullable String code) {
        String clean = code == null ? "" : TextSanitizer.clean(code, MAX_CODE, hidden);
        return clean.isEmpty() ? null : clean;
    }

    /** A complete answer as it may be kept; the prompts that it repeats are hidden too. */
    public Map<String, Object> answer(Map<String, Object> answer) {
        return TextSanitizer.cleanAnswer(answer, hidden);
    }

    /** Whether a text contains words, case aside. */
    public static boolean contains(String text, String words) {
        return text.toLowerCase(Locale.ROOT).contains(words);
    }

    /** Whether a text contains one of several words, case aside. */
    public static boolean containsAny(String text, List<String> words) {
        String lower = text.toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(lower::contains);
    }
}
