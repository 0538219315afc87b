/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Width and height of a picture in pixels, as its header has them: nothing is decoded, and a picture that is turned by its
 * metadata is not turned here.
 */
public record PictureSize(int width, int height) {
    private static final int HEAD = 30;
    private static final int MAX_SEGMENTS = 2000;

    /**
     * Reads the header of a local picture; at most a few KiB of most, and what comes before the size in a JPEG.
     *
     * @return empty if the picture is damaged or of a format that is not known here
     * @throws IOException if it cannot be read
     */
    public static Optional<PictureSize> of(Medium picture) throws IOException {
        @Nullable String type = picture.mimeType();
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream in = new BufferedInputStream(picture.open())) {
            Optional<PictureSize> size = switch (type) {
                case "image/jpeg" -> jpeg(in);
                case "image/heic" -> heic(in);
                default -> simple(type, in.readNBytes(HEAD));
            };
            return size.filter(s -> s.width > 0 && s.height > 0);
        } catch (EOFException e) {
            // It ends before its size: the caller decides what a damaged picture means
            return Optional.empty();
        }
    }

    private static Optional<PictureSize> simple(String type, byte[] head) {
        if (head.length < HEAD) {
            return Optional.empty();
        }
        ByteBuffer big = ByteBuffer.wrap(head);
        ByteBuffer little = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        return switch (type) {
            case "image/png" -> Optional.of(new PictureSize(big.getInt(16), big.getInt(20)));
            case "image/gif" -> Optional.of(new PictureSize(unsigned(little, 6), unsigned(little, 8)));
            case "image/bmp" -> Optional.of(bmp(little));
            case "image/webp" -> webp(little);
            default -> Optional.empty();
        };
    }

    private static PictureSize bmp(ByteBuffer head) {
        return head.getInt(14) == 12
                ? new PictureSize(unsigned(head, 18), unsigned(head, 20))
                // a negative height means that the rows go from top to bottom
                : new PictureSize(head.getInt(18), Math.abs(head.getInt(22)));
    }

    private static Optional<PictureSize> webp(ByteBuffer head) {
        return switch (head.getInt(12)) {
            case 0x20385056 -> // "VP8 "
                Optional.of(new PictureSize(unsigned(head, 26) & 0x3FFF, unsigned(head, 28) & 0x3FFF));
            case 0x4C385056 -> { // "VP8L"
                int bits = head.getInt(21);
                yield Optional.of(new PictureSize((bits & 0x3FFF) + 1, (bits >>> 14 & 0x3FFF) + 1));
            }
            case 0x58385056 -> // "VP8X"
                Optional.of(new PictureSize((head.getInt(24) & 0xFFFFFF) + 1, (head.getInt(26) >>> 8) + 1));
            default -> Optional.empty();
        };
    }

    private static int unsigned(ByteBuffer buffer, int at) {
        return Short.toUnsignedInt(buffer.getShort(at));
    }

    /** Goes from segment to segment to the one that begins the frame. */
    private static Optional<PictureSize> jpeg(InputStream in) throws IOException {
        in.skipNBytes(2);
        for (int i = 0; i < MAX_SEGMENTS; i++) {
            if (in.read() != 0xFF) {
                return Optional.empty();
            }
            int marker = in.read();
            while (marker == 0xFF) {
                marker = in.read();
            }
            boolean hasFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            boolean isLast = marker < 0 || marker == 0xD9 || marker == 0xDA;
            if (isLast) {
                return Optional.empty();
            }
            if (marker == 0x01 || marker >= 0xD0 && marker <= 0xD8) {
                continue;
            }
            int length = twoBytes(in);
            if (hasFrame) {
                in.skipNBytes(1);
                int height = twoBytes(in);
                return Optional.of(new PictureSize(twoBytes(in), height));
            }
            in.skipNBytes(Math.max(0, length - 2));
        }
        return Optional.empty();
    }

    private static int twoBytes(InputStream in) throws IOException {
        int high = in.read();
        int low = in.read();
        if (low < 0) {
            throw new EOFException();
        }
        return high << 8 | low;
    }

    /** The largest of the pictures in it: the others are its tiles and its thumbnail. */
    private static Optional<PictureSize> heic(InputStream in) throws IOException {
        Optional<IsoBoxes.Box> meta = IsoBoxes.find(in, "meta")
                .flatMap(box -> IsoBoxes.read(
                        box, c -> new IsoBoxes.Box("meta", c.position(4).slice())));
        return meta.flatMap(box -> box.at("iprp", "ipco")).stream()
                .flatMap(box -> box.children().stream())
                .filter(box -> box.type().equals("ispe"))
                .flatMap(box -> IsoBoxes.read(box, c -> new PictureSize(c.getInt(4), c.getInt(8))).stream())
                .max(Comparator.comparingLong(s -> (long) s.width * s.height));
    }
}
