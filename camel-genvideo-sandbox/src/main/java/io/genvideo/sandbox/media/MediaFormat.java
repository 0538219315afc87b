/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Recognises pictures, videos and audio by their first bytes, whatever their name or declared type says. */
public final class MediaFormat {
    /** As many bytes decide. */
    public static final int HEAD_BYTES = 16;

    private MediaFormat() {}

    /** The content type of a file that begins with these bytes; empty if it is no known picture, video or audio. */
    public static Optional<String> contentType(byte[] head) {
        String text = new String(head, 0, Math.min(head.length, HEAD_BYTES), StandardCharsets.ISO_8859_1);
        if (text.startsWith("RIFF") && text.length() >= 12) {
            return switch (text.substring(8, 12)) {
                case "WEBP" -> Optional.of("image/webp");
                case "WAVE" -> Optional.of("audio/wav");
                case "AVI " -> Optional.of("video/x-msvideo");
                default -> Optional.empty();
            };
        }
        if (text.startsWith("ftyp", 4) && text.length() >= 12) {
            return Optional.of(ofBrand(text.substring(8, 12)));
        }
        if (text.startsWith("\u00FF\u00D8\u00FF")) {
            return Optional.of("image/jpeg");
        } else if (text.startsWith("\u0089PNG")) {
            return Optional.of("image/png");
        } else if (text.startsWith("GIF8")) {
            return Optional.of("image/gif");
        } else if (text.startsWith("BM")) {
            return Optional.of("image/bmp");
        } else if (text.startsWith("\u001A\u0045\u00DF\u00A3")) {
            return Optional.of("video/webm");
        } else if (text.startsWith("ID3")) {
            return Optional.of("audio/mpeg");
        }
        return ofAudioFrame(head);
    }

    private static String ofBrand(String brand) {
        if (brand.startsWith("M4A")) {
            return "audio/mp4";
        } else if (brand.startsWith("qt")) {
            return "video/quicktime";
        }
        return brand.startsWith("hei") || brand.startsWith("mif1") || brand.startsWith("avif")
                ? "image/heic"
                : "video/mp4";
    }

    /** A frame of MPEG audio begins with eleven bits set, then version and layer; AAC has layer 0. */
    private static Optional<String> ofAudioFrame(byte[] head) {
        if (head.length < 4 || (head[0] & 0xFF) != 0xFF || (head[1] & 0xE0) != 0xE0) {
            return Optional.empty();
        }
        if ((head[1] & 0xF6) == 0xF0) {
            return Optional.of("audio/aac");
        }
        boolean layer3 = (head[1] & 0x06) == 0x02 && (head[1] & 0x18) != 0x08;
        boolean rates = (head[2] & 0xF0) != 0xF0 && (head[2] & 0x0C) != 0x0C;
        return layer3 && rates ? Optional.of("audio/mpeg") : Optional.empty();
    }

    /**
     * Whether bytes of one content type may be declared as another: kinds must agree, for clients declare raw bytes as JPEG
     * (docs/contracts/ima.md section 4.2). Audio also comes in the containers of videos.
     */
    static boolean isDeclarable(String content, String declared) {
        String kind = declared.toLowerCase(Locale.ROOT).replaceFirst("/.*", "");
        return content.startsWith(kind + "/")
                || (kind.equals("audio") && content.matches("video/(mp4|webm|quicktime)"));
    }
}
