/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

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
 * An input medium that was inspected: what it is and how large.
 *
 * @param mimeType what its content, name or the user tell; {@code null} for one that does not tell
 * @param suffix the extension of its name where that goes with the type, without dot; else empty
 * @param size in bytes; 0 for a URL
 */
public record Medium(
        @Nullable MediaRole role,
        MediaSource source,
        @Nullable String mimeType,
        String suffix,
        long size) {

    /** A bound of this component: no service states one for the upload, and all have smaller ones for their models. */
    public static final long MAX_BYTES = 100L << 20;

    /** As many bytes as {@link MimeTypes#sniff} reads. */
    private static final int HEAD = 16;

    private static final String UNKNOWN_TYPE = "application/octet-stream";

    /**
     * Inspects a medium; reads at most a few bytes of a file.
     *
     * @throws io.genvideo.model.InvalidGenerationRequestException if there is nothing, or too much, to send
     */
    public static Medium of(MediaInput input, ServiceErrors errors) {
        MediaSource source = input.source();
        if (source instanceof MediaSource.Url url) {
            String path = url.uri().getPath();
            return new Medium(input.role(), source, path == null ? null : MimeTypes.ofName(path), "", 0);
        }
        if (source instanceof MediaSource.Bytes bytes) {
            byte[] content = bytes.content();
            checkSize(source, content.length, errors);
            return of(input, bytes.name(), bytes.mimeType(), Arrays.copyOf(content, HEAD), content.length);
        }
        MediaSource.Local local = (MediaSource.Local) source;
        Path path = local.path();
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw errors.invalid("input file " + shown(source) + " does not exist or cannot be read");
        }
        try (InputStream in = Files.newInputStream(path)) {
            long size = Files.size(path);
            checkSize(source, size, errors);
            return of(input, source.displayName(), local.mimeType(), in.readNBytes(HEAD), size);
        } catch (IOException e) {
            throw errors.invalid("input file " + shown(source) + " cannot be read", e);
        }
    }

    private static Medium of(
            MediaInput input, @Nullable String name, @Nullable String declared, byte[] head, long size) {
        String named = name == null ? null : MimeTypes.ofName(name);
        String type = MimeTypes.extensionFor(declared) != null ? bare(declared) : named;
        if (type == null) {
            type = MimeTypes.sniff(head);
        }
        String suffix = name != null && type != null && type.equals(named) ? MimeTypes.extensionOf(name) : "";
        return new Medium(input.role(), input.source(), type, suffix, size);
    }

    /** The same medium inspected again: a file may have changed, or gone, while its request waited. */
    public Medium refreshed(ServiceErrors errors) {
        return of(input(), errors);
    }

    /** As the request gave it. */
    public MediaInput input() {
        return new MediaInput(role, source);
    }

    public MediaKind kind() {
        return MediaKind.ofMimeType(mimeType);
    }

    /** The URL, if it is one. */
    public @Nullable URI url() {
        return source instanceof MediaSource.Url url ? url.uri() : null;
    }

    /** The declared type of an upload. */
    public String contentType() {
        return Objects.requireNonNullElse(mimeType, UNKNOWN_TYPE);
    }

    /**
     * The bytes to send; a file is streamed.
     *
     * @throws IllegalStateException for a URL
     */
    public HttpBody body() {
        if (source instanceof MediaSource.Bytes bytes) {
            return new HttpBody.Bytes(bytes.content(), contentType());
        }
        if (source instanceof MediaSource.Local local) {
            return new HttpBody.FromFile(local.path(), contentType());
        }
        throw new IllegalStateException("a URL has no bytes to send");
    }

    /** For messages. */
    public String displayName() {
        return shown(source);
    }

    private static String shown(MediaSource source) {
        return Values.shown(source.displayName());
    }

    private static void checkSize(MediaSource source, long size, ServiceErrors errors) {
        if (size == 0) {
            throw errors.invalid("input " + shown(source) + " is empty");
        }
        if (size > MAX_BYTES) {
            throw errors.invalid("input " + shown(source) + " has " + size + " bytes; at most " + MAX_BYTES
                    + " (100 MiB) can be sent");
        }
    }

    private static @Nullable String bare(@Nullable String type) {
        if (type == null) {
            return null;
        }
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }
}
