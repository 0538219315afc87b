/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** Checks that a file is a complete MP4: its boxes fill it to the end, and those that a player needs are there. */
final class Mp4 {
    private static final int HEADER = 8;
    private static final Set<String> NEEDED = Set.of("ftyp", "moov", "mdat");

    private Mp4() {}

    static boolean isComplete(byte[] file) {
        Set<String> found = new HashSet<>();
        ByteBuffer bytes = ByteBuffer.wrap(file);
        long at = 0;
        while (at + HEADER <= file.length) {
            int start = (int) at;
            long size = Integer.toUnsignedLong(bytes.getInt(start));
            if (size == 1 && start + 2 * HEADER <= file.length) {
                size = bytes.getLong(start + HEADER);
            }
            if (size < HEADER || size > file.length - at) {
                return false;
            }
            found.add(new String(file, start + 4, 4, StandardCharsets.US_ASCII));
            at += size;
        }
        return at == file.length && found.containsAll(NEEDED);
    }
}
