/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "task-1", "äöü 視頻 🎬", "line\nbreak\ttab\r", "\\u0000 as text", "a\uffffz"})
    void ordinaryTextStaysAsItIs(String text) {
        assertThat(ColumnText.encode(text)).isSameAs(text);
        assertThat(ColumnText.decode(text)).isSameAs(text);
    }

    @Test
    void whatADatabaseRefusesIsEscaped() {
        assertThat(ColumnText.encode("a\0b")).isEqualTo("a\u001a0000b");
        assertThat(ColumnText.encode("\ud83d!")).isEqualTo("\u001ad83d!");
        assertThat(ColumnText.encode("\u001a")).isEqualTo("\u001a001a");
    }

    @Test
    void everyTextComesBackAndCanBeEncodedAsUtf8() throws CharacterCodingException {
        char[] alphabet = {0, 0x1a, '0', 'a', 0xd83d, 0xde00, 0xe4, 0xffff};
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(12);
            for (int c = 0; c < length; c++) {
                text.append(alphabet[random.nextInt(alphabet.length)]);
            }
            String encoded = ColumnText.encode(text.toString());
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(encoded));
            assertThat(encoded).doesNotContain("\0");
            assertThat(ColumnText.decode(encoded)).isEqualTo(text.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001a", "\u001a12", "\u001axyzw", "a\u001a"})
    void anEscapeThatIsNoneStaysAsItIs(String column) {
        assertThat(ColumnText.decode(column)).isEqualTo(column);
    }
}
