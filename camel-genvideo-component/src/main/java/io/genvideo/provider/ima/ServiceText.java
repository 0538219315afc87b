/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Words that the service wrote, made fit for our messages and read for their meaning. */
final class ServiceText {
    private static final int LONGEST = 300;

    /** Beginnings of words by which the service says that it will not make this content (contract 8, seed's advice). */
    private static final List<String> CONTENT_WORDS = List.of(
            "sensitive", "policy", "policies", "moderation", "violat", "nsfw", "prohibited content", "inappropriate");

    private ServiceText() {}

    /**
     * One line of at most 300 characters.
     *
     * @param secrets what must not be shown although the service may quote it: the key, the prompt; {@code null}s and
     *     very short ones are left alone
     */
    static String shown(String text, @Nullable String... secrets) {
        String clean = onOneLine(text);
        for (String secret : secrets) {
            String hidden = secret == null ? "" : onOneLine(secret);
            if (hidden.length() > 3) {
                clean = clean.replace(hidden, "\u2026");
            }
        }
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST - 3) + "...";
    }

    private static String onOneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ").trim();
    }

    static boolean says(String text, String words) {
        return text.toLowerCase(Locale.ROOT).contains(words);
    }

    /** Whether the words are about what may be shown rather than about a parameter. */
    static boolean isAboutContent(String text) {
        return CONTENT_WORDS.stream().anyMatch(word -> says(text, word));
    }
}
