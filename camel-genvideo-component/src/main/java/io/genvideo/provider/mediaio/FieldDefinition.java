/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Values;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One field of a model's definition (docs/contracts/mediaio.md section 7). All are texts on the wire, but a field of several
 * media, which is an array of texts.
 *
 * @param preset the service's default: it is not sent; {@code null} if there is none
 * @param allowed the values that are taken; empty for a text of the user's or a medium
 * @param maxLength in characters; {@code null} for no limit
 * @param maxItems how many media it takes; {@code null} if it is no array
 * @param medium what it may be; {@code null} if it is no medium
 */
record FieldDefinition(
        String name,
        boolean required,
        @Nullable String preset,
        List<String> allowed,
        @Nullable Integer maxLength,
        @Nullable Integer maxItems,
        @Nullable MediaLimits medium) {

    FieldDefinition {
        allowed = List.copyOf(allowed);
    }

    boolean isMedium() {
        return medium != null;
    }

    boolean isArray() {
        return maxItems != null;
    }

    /** How many media it takes. */
    int mostMedia() {
        return medium == null ? 0 : maxItems == null ? 1 : maxItems;
    }

    /** The value to send for what a user wrote, in the definition's spelling; empty if it is not allowed. */
    Optional<JsonNode> match(Object written) {
        if (!allowed.isEmpty()) {
            return allowed.stream()
                    .<JsonNode>map(Json.NODES::textNode)
                    .filter(v -> Values.reads(name, written, v, ""))
                    .findFirst();
        }
        if (Values.isStructured(written)) {
            return Optional.empty();
        }
        String text = Values.textOf(written);
        return maxLength != null && length(text) > maxLength
                ? Optional.empty()
                : Optional.of(Json.NODES.textNode(text));
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Whether its value is the user's own words, so that it is not shown. */
    boolean isText() {
        return allowed.isEmpty();
    }

    /** What {@link #match} takes, for messages and descriptions. */
    String takes() {
        if (!allowed.isEmpty()) {
            return String.join(", ", allowed);
        }
        if (medium != null) {
            return medium.text();
        }
        return maxLength == null ? "any text" : "text of at most " + maxLength + " characters";
    }
}
