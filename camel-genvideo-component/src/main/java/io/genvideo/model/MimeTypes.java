/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The content types of the media that the services take and give, and their file extensions. */
public final class MimeTypes {
    private static final Map<String, String> BY_EXTENSION = Map.ofEntries(
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("png", "image/png"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("bmp", "image/bmp"),
            Map.entry("heic", "image/heic"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("m4v", "video/mp4"),
            Map.entry("mov", "video/quicktime"),
            Map.entry("webm", "video/webm"),
            Map.entry("avi", "video/x-msvideo"),
            Map.entry("mkv", "video/x-matroska"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("wav", "audio/wav"),
            Map.entry("m4a", "audio/mp4"),
            Map.entry("aac", "audio/aac"));

    private static final Map<String, String> EXTENSIONS = Map.ofEntries(
            Map.entry("image/jpeg", "jpg"),
            Map.entry("image/png", "png"),
            Map.entry("image/gif", "gif"),
            Map.entry("image/webp", "webp"),
            Map.entry("image/bmp", "bmp"),
            Map.entry("image/heic", "heic"),
            Map.entry("video/mp4", "mp4"),
            Map.entry("video/quicktime", "mov"),
            Map.entry("video/webm", "webm"),
            Map.entry("video/x-msvideo", "avi"),
            Map.entry("video/x-matroska", "mkv"),
            Map.entry("audio/mpeg", "mp3"),
            Map.entry("audio/wav", "wav"),
            Map.entry("audio/mp4", "m4a"),
            Map.entry("audio/aac", "aac"));

    private MimeTypes() {}

    /** The part behind the last dot of the last path segment, lower case, or {@code ""}. */
    public static String extensionOf(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        int dot = last.lastIndexOf('.');
        return dot < 0 ? "" : last.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** The content type that belongs to a file name, or {@code null} if its extension is not a known medium. */
    public static @Nullable String ofName(String name) {
        return BY_EXTENSION.get(extensionOf(name));
    }

    /** The usual extension of a content type (parameters are ignored), or {@code null} if it is not a known medium. */
    public static @Nullable String extensionFor(@Nullable String mimeType) {
        if (mimeType == null) {
            return null;
        }
        int end = mimeType.indexOf(';');
        return EXTENSIONS.get(
                (end < 0 ? mimeType : mimeType.substring(0, end)).trim().toLowerCase(Locale.ROOT));
    }

    /** The content type by the first bytes of a medium, or {@code null} if they match none of the known ones. */
    public static @Nullable String sniff(byte[] head) {
        if (starts(head, 0, 0xFF, 0xD8, 0xFF)) {
            return "image/jpeg";
        }
        if (starts(head, 0, 0x89, 'P', 'N', 'G')) {
            return "image/png";
        }
        if (starts(head, 0, 'G', 'I', 'F', '8')) {
            return "image/gif";
        }
        if (starts(head, 0, 'R', 'I', 'F', 'F')) {
            if (starts(head, 8, 'W', 'E', 'B', 'P')) {
                return "image/webp";
            }
            return starts(head, 8, 'W', 'A', 'V', 'E')
                    ? "audio/wav"
                    : starts(head, 8, 'A', 'V', 'I', ' ') ? "video/x-msvideo" : null;
        }
        if (starts(head, 0, 'B', 'M')) {
            return "image/bmp";
        }
        if (starts(head, 4, 'f', 't', 'y', 'p')) {
            if (starts(head, 8, 'q', 't')) {
                return "video/quicktime";
            }
            if (starts(head, 8, 'M', '4', 'A')) {
                return "audio/mp4";
            }
            return starts(head, 8, 'h', 'e', 'i') || starts(head, 8, 'm', 'i', 'f', '1') ? "image/heic" : "video/mp4";
        }
        if (starts(head, 0, 0x1A, 0x45, 0xDF, 0xA3)) {
            return "video/webm";
        }
        return starts(head, 0, 'I', 'D', '3') ? "audio/mpeg" : ofAudioFrame(head);
    }

    /** MPEG audio without a tag begins with the head of its first frame: eleven bits set, then version and layer. */
    private static @Nullable String ofAudioFrame(byte[] head) {
        if (head.length < 4 || (head[0] & 0xFF) != 0xFF) {
            return null;
        }
        if ((head[1] & 0xF6) == 0xF0) {
            return "audio/aac";
        }
        boolean layer3 = (head[1] & 0xE6) == 0xE2 && (head[1] & 0x18) != 0x08;
        boolean bitRate = (head[2] & 0xF0) != 0xF0 && (head[2] & 0x0C) != 0x0C;
        return layer3 && bitRate ? "audio/mpeg" : null;
    }

    private static boolean starts(byte[] bytes, int offset, int... expected) {
        if (bytes.length < offset + expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes[offset + i] & 0xFF) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
