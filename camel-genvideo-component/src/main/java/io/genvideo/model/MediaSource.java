/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the bytes of an input medium are. */
public sealed interface MediaSource {

    /** A name for messages and for the extension; never a full path or query, so it may be shown. */
    String displayName();

    /** A URL that the service fetches itself. */
    record Url(URI uri) implements MediaSource {
        @Override
        public String displayName() {
            String path = Objects.requireNonNullElse(uri.getPath(), "");
            return uri.getScheme() + "://" + uri.getHost() + path;
        }

        @Override
        public String toString() {
            return displayName();
        }
    }

    /**
     * A file on disk.
     *
     * @param mimeType overrides the type that the name implies
     * @param contentId identifies the content where the path does not, because the file is a copy; {@code null} for a file that
     *     its path, size and time identify
     */
    record Local(
            Path path, @Nullable String mimeType, @Nullable String contentId) implements MediaSource {
        public Local(Path path, @Nullable String mimeType) {
            this(path, mimeType, null);
        }

        @Override
        public String displayName() {
            Path name = path.getFileName();
            return name == null ? path.toString() : name.toString();
        }
    }

    /** Bytes in memory; {@code name} may be {@code null}. The array is not copied: it must not be changed afterwards. */
    record Bytes(
            byte[] content, @Nullable String name, @Nullable String mimeType) implements MediaSource {
        @Override
        public String displayName() {
            return name == null ? content.length + " bytes" : name;
        }

        @Override
        public boolean equals(@Nullable Object o) {
            return this == o;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return displayName();
        }
    }
}
