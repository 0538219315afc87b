/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import org.jspecify.annotations.Nullable;

/**
 * One input medium of a generation. In JSON a URL as text, or an object with {@code url}, or with {@code content} (Base64)
 * and if needed {@code name} and {@code mimeType}; each with {@code role} if needed. JSON comes from callers, so it can't
 * name a local file.
 *
 * @param role what it is for, or {@code null} if its position in the list decides (first frame, then last frame)
 * @param source where its bytes are
 */
@JsonDeserialize(using = MediaInputJson.Reader.class)
@JsonSerialize(using = MediaInputJson.Writer.class)
public record MediaInput(@Nullable MediaRole role, MediaSource source) {

    public static MediaInput of(MediaSource source) {
        return new MediaInput(null, source);
    }
}
