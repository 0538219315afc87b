/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/**
 * One input medium of a generation.
 *
 * @param role what it is for, or {@code null} to let its place in the list say so (first frame, then last frame)
 * @param source where its bytes are
 */
public record MediaInput(@Nullable MediaRole role, MediaSource source) {

    public static MediaInput of(MediaSource source) {
        return new MediaInput(null, source);
    }
}
