/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a file was made from, its name can be written on any file system, and stays in its folder. */
class FileNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lake.jpg|lake.jpg",
                "a:b*c?.txt|a_b_c_.txt",
                "lake.|lake",
                " lake .jpg|lake.jpg",
                "con.jpg|_con.jpg",
                "LPT1|_LPT1",
                "湖.jpg|湖.jpg"
            })
    void cleansAName(String text, String name) {
        assertThat(FileNames.segment(text)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", ". ."})
    void findsNoNameInDotsAndSpaces(String text) {
        assertThat(FileNames.segment(text)).isNull();
    }

    @Test
    void replacesWhatCannotBeWritten() {
        assertThat(FileNames.segment("la\uD800ke\u0000.jpg")).isEqualTo("la_ke_.jpg");
        assertThat(FileNames.segment("\uDC00")).isEqualTo("_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "湖", "🏞"})
    void cutsALongNameBetweenCharactersAndKeepsItsExtension(String character) {
        String name = FileNames.segment(character.repeat(306) + ".jpeg");

        assertThat(name).endsWith(character + ".jpeg");
        assertThat(name.getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(FileNames.MAX_BYTES)
                .isGreaterThan(FileNames.MAX_BYTES - 5);
        assertThat(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(name);
    }

    @Test
    void keepsTheLastFoldersOfAnEndlessPath() {
        assertThat(FileNames.path("a/".repeat(2000) + "lake.jpg")).isEqualTo("a/".repeat(15) + "lake.jpg");
    }
}
