/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Headers of pictures and videos of any size, as they begin a file of their format; there is nothing behind them. */
public final class PictureSamples {
    private PictureSamples() {}

    /** @param type for example {@code image/png} */
    public static byte[] picture(String type, int width, int height) {
        return switch (type) {
            case "image/png" ->
                bytes(32, ByteOrder.BIG_ENDIAN)
                        .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'})
                        .putInt(13)
                        .put(ascii("IHDR"))
                        .putInt(width)
                        .putInt(height)
                        .array();
            case "image/jpeg" -> jpeg(width, height);
            case "image/gif" ->
                bytes(32, ByteOrder.LITTLE_ENDIAN)
                        .put(ascii("GIF89a"))
                        .putShort((short) width)
                        .putShort((short) height)
                        .array();
            case "image/bmp" ->
                bytes(32, ByteOrder.LITTLE_ENDIAN)
                        .put(ascii("BM"))
                        .putInt(54 + width * height * 3)
                        .putInt(0)
                        .putInt(54)
                        .putInt(40)
                        .putInt(width)
                        .putInt(-height)
                        .array();
            case "image/webp" -> webp("VP8 ", width, height);
            case "image/heic" -> heic(width, height);
            default -> throw new IllegalArgumentException(type);
        };
    }

    /** A comment and a thumbnail that is a JPEG of its own stand before the frame. */
    private static byte[] jpeg(int width, int height) {
        ByteBuffer head = bytes(1200, ByteOrder.BIG_ENDIAN).putShort((short) 0xFFD8);
        byte[] thumbnail = {(byte) 0xFF, (byte) 0xC0, 0, 11, 8, 0, 16, 0, 16};
        head.putShort((short) 0xFFE1).putShort((short) 1000).put(thumbnail).position(2 + 2 + 1000);
        head.put((byte) 0xFF).putShort((short) 0xFFFE).putShort((short) 6).put(ascii("note"));
        head.putShort((short) 0xFFC4).putShort((short) 3).put((byte) 0);
        return head.putShort((short) 0xFFC2)
                .putShort((short) 17)
                .put((byte) 8)
                .putShort((short) height)
                .putShort((short) width)
                .array();
    }

    /** @param form {@code "VP8 "}, {@code VP8L} or {@code VP8X} */
    static byte[] webp(String form, int width, int height) {
        ByteBuffer head = bytes(40, ByteOrder.LITTLE_ENDIAN)
                .put(ascii("RIFF"))
                .putInt(100)
                .put(ascii("WEBP" + form))
                .putInt(80);
        switch (form) {
            case "VP8 " -> head.position(26).putShort((short) width).putShort((short) (height | 0x4000));
            case "VP8L" -> head.put((byte) 0x2F).putInt(width - 1 | (height - 1) << 14);
            default -> head.position(24).putInt(width - 1).position(27).putInt(height - 1);
        }
        return head.array();
    }

    private static byte[] heic(int width, int height) {
        byte[] tile = box(
                "ispe",
                ByteBuffer.allocate(12).putInt(0).putInt(512).putInt(512).array());
        byte[] whole = box(
                "ispe",
                ByteBuffer.allocate(12).putInt(0).putInt(width).putInt(height).array());
        byte[] properties = box("iprp", box("ipco", tile, whole));
        return join(
                box("ftyp", ascii("heic....mif1")), box("meta", new byte[4], properties), box("mdat", new byte[64]));
    }

    /** An MP4 whose description stands behind its content, as most programs write it; a sound comes first. */
    public static byte[] video(int width, int height, double seconds, int frames) {
        return join(
                box("ftyp", ascii("isom....mp42")),
                box("mdat", new byte[20_000]),
                box("moov", track("soun", 0, 0, seconds, 500), track("vide", width, height, seconds, frames)));
    }

    private static byte[] track(String handler, int width, int height, double seconds, int frames) {
        byte[] header = ByteBuffer.allocate(84)
                .putInt(76, width << 16)
                .putInt(80, height << 16)
                .array();
        byte[] time = ByteBuffer.allocate(24)
                .putInt(12, 12_800)
                .putInt(16, (int) Math.round(seconds * 12_800))
                .array();
        byte[] handlerBox = ByteBuffer.allocate(24).put(8, ascii(handler)).array();
        byte[] samples = ByteBuffer.allocate(24)
                .putInt(4, 2)
                .putInt(8, 1)
                .putInt(16, frames - 1)
                .array();
        return box(
                "trak",
                box("tkhd", header),
                box(
                        "mdia",
                        box("mdhd", time),
                        box("hdlr", handlerBox),
                        box("minf", box("stbl", box("stts", samples)))));
    }

    static byte[] box(String type, byte[]... parts) {
        byte[] content = join(parts);
        return ByteBuffer.allocate(8 + content.length)
                .putInt(8 + content.length)
                .put(ascii(type))
                .put(content)
                .array();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static ByteBuffer bytes(int size, ByteOrder order) {
        return ByteBuffer.allocate(size).order(order);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
