/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.http.HttpBody;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.model.MimeTypes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An input medium that was looked at: what it is and how large.
 *
 * @param mimeType what name, content or the user tell; {@code null} for one that does not tell
 * @param size in bytes; 0 for a URL
 */
record Medium(
        @Nullable MediaRole role,
        MediaSource source,
        @Nullable String mimeType,
        long size) {

    /** A bound of this component: the contract states none, and what is too large for the service fails only when it is sent. */
    static final long MAX_BYTES = 100L << 20;

    /** As many bytes as {@link MimeTypes#sniff} looks at. */
    private static final int HEAD = 16;

    private static final String UNKNOWN_TYPE = "application/octet-stream";

    /**
     * Looks at a medium; reads at most a few bytes of a file. Fails with an {@code INVALID_REQUEST} error if there is
     * nothing, or too much, to send.
     */
    static Medium of(MediaInput input) {
        MediaSource source = input.source();
        if (source instanceof MediaSource.Url url) {
            String path = url.uri().getPath();
            return new Medium(input.role(), source, path == null ? null : MimeTypes.ofName(path), 0);
        }
        if (source instanceof MediaSource.Bytes bytes) {
            byte[] content = bytes.content();
            checkSize(source, content.length);
            return of(input, bytes.name(), bytes.mimeType(), Arrays.copyOf(content, HEAD), content.length);
        }
        MediaSource.Local local = (MediaSource.Local) source;
        Path path = local.path();
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw Refusal.of("input file " + source.displayName() + " does not exist or cannot be read");
        }
        try (InputStream in = Files.newInputStream(path)) {
            long size = Files.size(path);
            checkSize(source, size);
            return of(input, source.displayName(), local.mimeType(), in.readNBytes(HEAD), size);
        } catch (IOException e) {
            throw Refusal.of("input file " + source.displayName() + " cannot be read", e);
        }
    }

    private static Medium of(
            MediaInput input, @Nullable String name, @Nullable String declared, byte[] head, long size) {
        String type = MimeTypes.extensionFor(declared) != null ? bare(declared) : null;
        if (type == null && name != null) {
            type = MimeTypes.ofName(name);
        }
        return new Medium(input.role(), input.source(), type == null ? MimeTypes.sniff(head) : type, size);
    }

    /** The same medium looked at again: a file may have changed, or gone, while its request waited. */
    Medium asItIsNow() {
        return of(new MediaInput(role, source));
    }

    MediaKind kind() {
        return MediaKind.ofMimeType(mimeType);
    }

    /** The URL, if it is one. */
    @Nullable
    URI url() {
        return source instanceof MediaSource.Url url ? url.uri() : null;
    }

    /**
     * The bytes to send; a file is streamed.
     *
     * @throws IllegalStateException for a URL
     */
    HttpBody body() {
        String type = Objects.requireNonNullElse(mimeType, UNKNOWN_TYPE);
        if (source instanceof MediaSource.Bytes bytes) {
            return new HttpBody.Bytes(bytes.content(), type);
        }
        if (source instanceof MediaSource.Local local) {
            return new HttpBody.FromFile(local.path(), type);
        }
        throw new IllegalStateException("a URL is sent as it is");
    }

    /** A name with the extension of its type. Not its own name: that may say more than is meant for the service. */
    String fileName(String field) {
        return field + "." + Objects.requireNonNullElse(MimeTypes.extensionFor(mimeType), "bin");
    }

    /** For messages. */
    String displayName() {
        return Refusal.shown(source.displayName());
    }

    private static void checkSize(MediaSource source, long size) {
        if (size == 0) {
            throw Refusal.of("input " + source.displayName() + " is empty");
        }
        if (size > MAX_BYTES) {
            throw Refusal.of("input " + source.displayName() + " has " + size + " bytes; at most " + MAX_BYTES
                    + " (100 MiB) can be sent");
        }
    }

    private static @Nullable String bare(@Nullable String type) {
        return type == null ? null : type.replaceFirst(";.*", "").trim().toLowerCase(Locale.ROOT);
    }
}
