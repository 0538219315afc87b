/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.provider.support.ServiceMessage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the service has said in answer to one message: its text once, whatever it repeats, and without the words that it ends
 * with although nothing is wrong (docs/contracts/nemo.md section 6). Bounded. Not thread-safe.
 */
final class ChatTranscript {
    private static final String NOISE = "I encountered a temporary issue";
    private static final int MOST_CHARACTERS = 20_000;
    private static final int MOST_TOOLS = 50;
    private static final int LONGEST_NAME = 100;

    private final StringBuilder whole = new StringBuilder();
    private final StringBuilder partial = new StringBuilder();
    private final Set<String> tools = new LinkedHashSet<>();
    private @Nullable ServiceMessage error;

    void add(ChatEvent event) {
        event.tools().stream()
                .filter(t -> tools.size() < MOST_TOOLS)
                .map(t -> t.length() > LONGEST_NAME ? t.substring(0, LONGEST_NAME) : t)
                .forEach(tools::add);
        if (event.hasContent()) {
            // what follows an error shows that the service has gone on
            error = event.error();
        }
        if (event.partial()) {
            append(partial, event.text());
        } else if (!event.text().isEmpty()) {
            // the last event of a text has all of it, and replaces its parts
            partial.setLength(0);
            String text = event.text();
            if (!text.strip().startsWith(NOISE) || whole.isEmpty()) {
                append(whole, (whole.isEmpty() ? "" : "\n") + text);
            }
        }
    }

    private static void append(StringBuilder to, String text) {
        to.append(text, 0, Math.min(text.length(), Math.max(0, MOST_CHARACTERS - to.length())));
    }

    /** Without noise at its end; parts whose whole never came count, too. */
    String text() {
        String text = partial.isEmpty() ? whole.toString() : whole + (whole.isEmpty() ? "" : "\n") + partial;
        int noise = text.lastIndexOf(NOISE);
        boolean isAtEnd = noise > 0 && text.indexOf('\n', noise) < 0;
        return (isAtEnd ? text.substring(0, noise) : text).strip();
    }

    List<String> tools() {
        return List.copyOf(tools);
    }

    /** The error with which the service has ended; {@code null} for none. */
    @Nullable
    ServiceMessage error() {
        return error;
    }
}
