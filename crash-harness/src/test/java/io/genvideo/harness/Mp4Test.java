/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Mp4Test {
    private static final byte[] COMPLETE = boxes("ftyp", "moov", "mdat");

    @Test
    void acceptsCompleteFileWithMoovBeforeOrAfterMdat() {
        assertThat(Mp4.isComplete(COMPLETE)).isTrue();
        assertThat(Mp4.isComplete(boxes("ftyp", "free", "mdat", "moov"))).isTrue();
    }

    @Test
    void rejectsTruncatedFile() {
        for (int length = 0; length < COMPLETE.length; length++) {
            assertThat(Mp4.isComplete(Arrays.copyOf(COMPLETE, length)))
                    .as("%d bytes", length)
                    .isFalse();
        }
    }

    @Test
    void rejectsTrailingBytesMissingBoxAndOtherContent() {
        assertThat(Mp4.isComplete(Arrays.copyOf(COMPLETE, COMPLETE.length + 3))).isFalse();
        assertThat(Mp4.isComplete(boxes("ftyp", "moov"))).isFalse();
        assertThat(Mp4.isComplete("<html>not found</html>".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    private static byte[] boxes(String... names) {
        ByteBuffer file = ByteBuffer.allocate(names.length * 12);
        for (String name : names) {
            file.putInt(12).put(name.getBytes(StandardCharsets.US_ASCII)).putInt(7);
        }
        return file.array();
    }
}
