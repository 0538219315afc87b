/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Moves the index ({@code moov}) of an MP4 before its samples, so that it plays while it still downloads. */
final class FastStart {
    private static final int MOOV = fourcc("moov");
    private static final int MDAT = fourcc("mdat");
    private static final int STCO = fourcc("stco");
    private static final int CO64 = fourcc("co64");
    /** Boxes on the way from moov to the chunk offsets. */
    private static final Set<Integer> PARENTS =
            Set.of(MOOV, fourcc("trak"), fourcc("mdia"), fourcc("minf"), fourcc("stbl"));

    private FastStart() {}

    /**
     * Rewrites the file in place; one whose index stands before the media data is left alone.
     *
     * @throws IOException also if it is not an MP4 as the encoder here writes it
     */
    static void apply(Path file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.BIG_ENDIAN);
        int mdat = -1;
        int moov = -1;
        int moovSize = 0;
        for (int at = 0; at + 8 <= all.limit(); ) {
            long size = size(all, at);
            int type = all.getInt(at + 4);
            if (size < 8 || at + size > all.limit()) {
                throw new IOException("not an MP4: a box of " + size + " bytes at " + at);
            }
            if (type == MDAT && mdat < 0) {
                mdat = at;
            } else if (type == MOOV) {
                moov = at;
                moovSize = (int) size;
            }
            at += (int) size;
        }
        if (moov < 0 || mdat < 0) {
            throw new IOException("not an MP4: index or samples are missing");
        }
        if (moov < mdat) {
            return;
        }
        shift(all, moov, moov + moovSize, moovSize);
        byte[] bytes = all.array();
        ByteBuffer out = ByteBuffer.allocate(bytes.length);
        out.put(bytes, 0, mdat);
        out.put(bytes, moov, moovSize);
        out.put(bytes, mdat, moov - mdat);
        out.put(bytes, moov + moovSize, bytes.length - moov - moovSize);
        Files.write(file, out.array());
    }

    /** Adds {@code by} to every chunk offset in the boxes from {@code from} to {@code to}. */
    private static void shift(ByteBuffer all, int from, int to, int by) throws IOException {
        for (int at = from; at + 8 <= to; ) {
            int size = (int) size(all, at);
            int type = all.getInt(at + 4);
            if (size < 8 || at + size > to) {
                throw new IOException("not an MP4: a box of " + size + " bytes at " + at);
            }
            if (PARENTS.contains(type)) {
                shift(all, at + 8, at + size, by);
            } else if (type == STCO || type == CO64) {
                int count = all.getInt(at + 12);
                for (int i = 0; i < count; i++) {
                    if (type == STCO) {
                        int p = at + 16 + 4 * i;
                        all.putInt(p, all.getInt(p) + by);
                    } else {
                        int p = at + 16 + 8 * i;
                        all.putLong(p, all.getLong(p) + by);
                    }
                }
            }
            at += size;
        }
    }

    private static long size(ByteBuffer all, int at) {
        long size = all.getInt(at) & 0xffffffffL;
        return size == 1 ? all.getLong(at + 8) : size;
    }

    private static int fourcc(String name) {
        return name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
    }
}
