/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.model.MimeTypes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** Bytes that begin as a medium of each format does. */
public final class MediaSamples {
    private static final Map<String, byte[]> HEADS = Map.ofEntries(
            Map.entry("image/jpeg", hex("FFD8FFE000104A46494600010100")),
            Map.entry("image/png", hex("89504E470D0A1A0A0000000D49484452")),
            Map.entry("image/gif", ascii("GIF89a..........")),
            Map.entry("image/webp", ascii("RIFF....WEBPVP8 ")),
            Map.entry("image/bmp", hex("424D3600000000000000360000002800")),
            Map.entry("image/heic", ascii("....ftypheic....")),
            Map.entry("video/mp4", ascii("....ftypisom....")),
            Map.entry("video/quicktime", ascii("....ftypqt  ....")),
            Map.entry("video/webm", hex("1A45DFA3A34286810142F78101")),
            Map.entry("video/x-matroska", hex("1A45DFA3A34286810142F78101")),
            Map.entry("video/x-msvideo", ascii("RIFF....AVI LIST")),
            Map.entry("audio/mpeg", ascii("ID3.............")),
            Map.entry("audio/wav", ascii("RIFF....WAVEfmt ")),
            Map.entry("audio/mp4", ascii("....ftypM4A ....")),
            Map.entry("audio/aac", hex("FFF15080001FFC000000000000000000")));

    private MediaSamples() {}

    /** @param name its extension decides the format; {@code null} for PNG */
    public static byte[] named(String name) {
        return ofType(name == null ? "image/png" : MimeTypes.ofName(name));
    }

    public static byte[] ofType(String mimeType) {
        return HEADS.get(mimeType).clone();
    }

    /** A file of that size that begins as its format does. */
    public static byte[] ofSize(String mimeType, int size) {
        return Arrays.copyOf(ofType(mimeType), size);
    }

    private static byte[] hex(String digits) {
        ByteArrayOutputStream padded = new ByteArrayOutputStream();
        padded.writeBytes(HexFormat.of().parseHex(digits));
        padded.writeBytes(new byte[16]);
        return padded.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
