/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import io.genvideo.sandbox.Ledger;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a result shall show.
 *
 * @param label a few words in the corner, e.g. the model
 * @param prompt drawn over the picture; may be empty
 * @param pictures what moves, in order; none: a generated scene
 * @param shortSide asked resolution, the shorter side in pixels
 * @param aspect {@code width:height}; null: as the first picture, else 16:9
 * @param seconds length of the video; 0 for a picture that stands still
 */
public record RenderRequest(
        String label,
        String prompt,
        List<Picture> pictures,
        int shortSide,
        @Nullable String aspect,
        int seconds) {

    /** Longest video that is rendered, in seconds. */
    public static final int MAX_SECONDS = 60;

    /**
     * One input.
     *
     * @param file its bytes, or null if it is not kept here (a URL elsewhere: nothing is fetched)
     * @param name drawn if the bytes are not there or not readable
     * @param hash of its contents or, without bytes, of its URL
     */
    public record Picture(@Nullable Path file, String name, String hash) {}

    public RenderRequest {
        pictures = List.copyOf(pictures);
        seconds = Math.max(0, Math.min(seconds, MAX_SECONDS));
        shortSide = Math.max(64, Math.min(shortSide, 2160));
    }

    /** Equal for requests with the same result. */
    String key() {
        StringBuilder all = new StringBuilder();
        for (Object part : List.of(label, prompt, shortSide, String.valueOf(aspect), seconds)) {
            all.append(part).append('\0');
        }
        pictures.forEach(p -> all.append(p.hash()).append('/').append(p.name()).append('\0'));
        return Ledger.hash(all.toString());
    }
}
