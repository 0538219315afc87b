/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MimeTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether downloaded bytes are the medium that the service has announced, and not an error page. */
final class MediaContent {
    private static final int HEAD = 512;

    private final byte[] head;
    private final Media medium;
    private final @Nullable String contentType;
    private final @Nullable String sniffed;

    private MediaContent(byte[] head, Media medium, @Nullable String contentType) {
        this.head = head;
        this.medium = medium;
        this.contentType = contentType;
        this.sniffed = MimeTypes.sniff(head);
    }

    /** @param contentType as the server declared it, or {@code null} */
    static MediaContent of(Path file, Media medium, @Nullable String contentType) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new MediaContent(in.readNBytes(HEAD), medium, contentType);
        }
    }

    /** What is wrong with the bytes, to follow "the result is "; {@code null} if nothing is. */
    @Nullable
    String mismatch() {
        if (head.length == 0) {
            return "an empty file";
        }
        if (medium.kind() == MediaKind.OTHER) {
            boolean page = isText() && baseType(contentType).equals("text/html");
            return page && !baseType(medium.mimeType()).equals("text/html") ? "a web page" : null;
        }
        if (sniffed != null) {
            return isExpected(MediaKind.ofMimeType(sniffed)) ? null : "of type " + sniffed + ", not " + announced();
        }
        if (isText()) {
            return "text, not " + announced();
        }
        // Containers that are not recognised by their first bytes: the server's word counts
        return MediaKind.ofMimeType(contentType) == medium.kind() ? null : "not recognised as " + announced();
    }

    private boolean isExpected(MediaKind kind) {
        // Sound comes in the containers of videos too
        return kind == medium.kind() || medium.kind() == MediaKind.AUDIO && kind == MediaKind.VIDEO;
    }

    private String announced() {
        return medium.kind() == MediaKind.IMAGE
                ? "an image"
                : medium.kind() == MediaKind.VIDEO ? "a video" : "an audio file";
    }

    /** No medium begins with 512 bytes of text. */
    private boolean isText() {
        for (byte b : head) {
            if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f') {
                return false;
            }
        }
        return true;
    }

    private static String baseType(@Nullable String type) {
        return type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }

    /** The extension that belongs to the content, without a dot. */
    String extension() {
        for (String type : new @Nullable String[] {contentType, sniffed, medium.mimeType()}) {
            String extension = MimeTypes.extensionFor(type);
            if (extension != null
                    && (medium.kind() == MediaKind.OTHER || MediaKind.ofMimeType(type) == medium.kind())) {
                return extension;
            }
        }
        return medium.kind() == MediaKind.VIDEO ? "mp4" : medium.kind() == MediaKind.IMAGE ? "png" : "bin";
    }
}
