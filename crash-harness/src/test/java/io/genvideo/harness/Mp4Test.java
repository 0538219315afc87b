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
    private static final byte[] WHOLE = boxes("ftyp", "moov", "mdat");

    @Test
    void aFileOfAllItsBoxesIsWhole() {
        assertThat(Mp4.isWhole(WHOLE)).isTrue();
        assertThat(Mp4.isWhole(boxes("ftyp", "free", "mdat", "moov"))).isTrue();
    }

    @Test
    void aFileThatBreaksOffIsNot() {
        for (int length = 0; length < WHOLE.length; length++) {
            assertThat(Mp4.isWhole(Arrays.copyOf(WHOLE, length)))
                    .as("%d bytes", length)
                    .isFalse();
        }
    }

    @Test
    void aFileWithMoreThanItsBoxesOrWithoutOneIsNot() {
        assertThat(Mp4.isWhole(Arrays.copyOf(WHOLE, WHOLE.length + 3))).isFalse();
        assertThat(Mp4.isWhole(boxes("ftyp", "moov"))).isFalse();
        assertThat(Mp4.isWhole("<html>not found</html>".getBytes(StandardCharsets.UTF_8)))
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
