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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An input medium that was inspected: what it is and how large.
 *
 * @param mimeType by its content; of a URL by its extension, {@code null} if that does not name one
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

    private static final String FORMATS =
            "JPEG, PNG, GIF, WebP, BMP, HEIC; MP4, QuickTime, WebM, Matroska, AVI; MP3, WAV," + " M4A, AAC";

    private static final List<Set<String>> CONTAINERS =
            List.of(Set.of("video/webm", "video/x-matroska"), Set.of("video/mp4", "audio/mp4"));

    private static final String UNKNOWN_TYPE = "application/octet-stream";

    /**
     * Inspects a medium; reads at most a few bytes of a file.
     *
     * @throws io.genvideo.model.InvalidGenerationRequestException if it is no medium, or there is nothing, or too much, to send
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
            return of(input, bytes.name(), bytes.mimeType(), Arrays.copyOf(content, HEAD), content.length, errors);
        }
        MediaSource.Local local = (MediaSource.Local) source;
        Path path = local.path();
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw errors.invalid("input file " + shown(source) + " does not exist or cannot be read");
        }
        try (InputStream in = Files.newInputStream(path)) {
            long size = Files.size(path);
            checkSize(source, size, errors);
            return of(
                    input,
                    source.displayName(),
                    local.mimeType(),
                    Arrays.copyOf(in.readNBytes(HEAD), HEAD),
                    size,
                    errors);
        } catch (IOException e) {
            throw errors.invalid("input file " + shown(source) + " cannot be read", e);
        }
    }

    private static Medium of(
            MediaInput input,
            @Nullable String name,
            @Nullable String declared,
            byte[] head,
            long size,
            ServiceErrors errors) {
        String content = MimeTypes.sniff(head);
        if (content == null) {
            throw errors.invalid("input " + shown(input.source()) + " is no picture, video or audio but "
                    + describe(head, size) + "; allowed: " + FORMATS);
        }
        String named = name == null ? null : MimeTypes.ofName(name);
        String type = MimeTypes.extensionFor(declared) != null ? bare(declared) : named;
        if (type == null || !isOneContainer(type, content)) {
            type = content;
        }
        String suffix = name != null && type.equals(named) ? MimeTypes.extensionOf(name) : "";
        return new Medium(input.role(), input.source(), type, suffix, size);
    }

    /** Formats with the same first bytes are distinguished by the user's content type; all others by their content alone. */
    private static boolean isOneContainer(String type, String content) {
        return CONTAINERS.stream().anyMatch(same -> same.contains(type) && same.contains(content));
    }

    private static String describe(byte[] head, long size) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("%PDF")) {
            return "a PDF document";
        }
        if (text.startsWith("PK")) {
            return "an archive";
        }
        int length = (int) Math.min(size, head.length);
        boolean isText = length > 3
                && text.substring(0, length)
                        .chars()
                        .allMatch(c -> c >= ' ' && c < 0x7F || c == '\t' || c == '\n' || c == '\r');
        return isText
                ? "text"
                : size + " bytes that begin with "
                        + HexFormat.ofDelimiter(" ").withUpperCase().formatHex(head, 0, Math.min(length, 4));
    }

    /**
     * The same medium inspected again: a file may have changed, or gone, while its request waited.
     *
     * @throws io.genvideo.model.InvalidGenerationRequestException also if it is of another kind now, which nobody checked
     */
    public Medium refreshed(ServiceErrors errors) {
        Medium now = of(input(), errors);
        if (now.kind() != kind()) {
            throw errors.invalid("input " + displayName() + " was " + mimeType + " when the request was checked and is "
                    + now.mimeType + " now");
        }
        return now;
    }

    /** As the request gave it. */
    public MediaInput input() {
        return new MediaInput(role, source);
    }

    /** The same medium at a public URL, where it was uploaded to. */
    public Medium at(URI url) {
        return new Medium(role, new MediaSource.Url(url), mimeType, suffix, size);
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

    /**
     * Opens the bytes of what is no URL.
     *
     * @throws IllegalStateException for a URL
     */
    InputStream open() throws IOException {
        if (source instanceof MediaSource.Bytes bytes) {
            return new ByteArrayInputStream(bytes.content());
        }
        if (source instanceof MediaSource.Local local) {
            return Files.newInputStream(local.path());
        }
        throw new IllegalStateException("a URL has no bytes");
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
