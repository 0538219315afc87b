/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.HttpUris;
import java.net.URI;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads addresses out of answers. */
public final class MediaUrls {
    private MediaUrls() {}

    /** An http or https address as {@link HttpUris} reads it, or {@code null} for anything else: nobody could fetch it. */
    public static @Nullable URI read(@Nullable JsonNode node) {
        String text = Json.text(node);
        if (text == null) {
            return null;
        }
        try {
            return HttpUris.parse(text);
        } catch (IllegalArgumentException e) {
            // The text may be a credential and stays unsaid; the caller decides what a missing address means.
            return null;
        }
    }

    /** Whether there is text that is no address which can be fetched: relative, of another scheme, or none at all. */
    public static boolean isUnusable(@Nullable JsonNode node) {
        String text = Json.text(node);
        return text != null && !text.isBlank() && read(node) == null;
    }

    /** The first of several fields that holds an address, or {@code null}. */
    public static @Nullable URI first(JsonNode object, String... fields) {
        return Stream.of(fields)
                .flatMap(f -> Stream.ofNullable(read(object.get(f))))
                .findFirst()
                .orElse(null);
    }
}
