/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an input medium is for. */
public enum MediaRole {
    FIRST_FRAME,
    LAST_FRAME,
    REFERENCE,
    IMAGE,
    VIDEO,
    AUDIO;

    /** The spelling in maps, headers and JSON, for example {@code first_frame}. */
    @JsonValue
    public String path() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Finds a role by its spelling; dashes are accepted for underscores, case does not matter. */
    public static Optional<MediaRole> fromPath(String path) {
        String wanted = path.trim().toLowerCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(values()).filter(r -> r.path().equals(wanted)).findFirst();
    }

    @JsonCreator
    static MediaRole fromJson(String path) {
        return fromPath(path)
                .orElseThrow(() -> new IllegalArgumentException("there is no role "
                        + (path.length() <= 40 ? "'" + path + "'" : "of " + path.length() + " characters")
                        + "; there are "
                        + Arrays.stream(values()).map(MediaRole::path).collect(Collectors.joining(", "))));
    }
}
