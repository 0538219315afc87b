/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a medium is, derived from its content type or the extension of its name. */
public enum MediaKind {
    IMAGE,
    VIDEO,
    AUDIO,
    OTHER;

    /** @param mimeType a content type with or without parameters, or {@code null} for {@link #OTHER} */
    public static MediaKind ofMimeType(@Nullable String mimeType) {
        if (mimeType == null) {
            return OTHER;
        }
        String type = mimeType.trim().toLowerCase(Locale.ROOT);
        if (type.startsWith("image/")) {
            return IMAGE;
        }
        if (type.startsWith("video/")) {
            return VIDEO;
        }
        return type.startsWith("audio/") ? AUDIO : OTHER;
    }

    /** @param name a file name or the path of a URL */
    public static MediaKind ofName(String name) {
        return ofMimeType(MimeTypes.ofName(name));
    }
}
