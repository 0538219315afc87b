/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Words that the service wrote, made fit for our messages and read for their meaning. */
final class ServiceText {
    private static final int LONGEST = 300;
    private static final Pattern QUERY = Pattern.compile("(?i)(https?://[^\\s?\"'<>]+)\\?[^\\s\"'<>]*");

    private ServiceText() {}

    /**
     * One line of at most 300 characters, in which addresses have no query: it may be a signature.
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
        clean = QUERY.matcher(clean).replaceAll("$1?\u2026");
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST - 3) + "...";
    }

    private static String onOneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ").trim();
    }

    /** Whether the words are about what the account has booked rather than about who it is. */
    static boolean isAboutPlan(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.contains("plan") || lower.contains("subscri") || lower.contains("upgrade");
    }
}
