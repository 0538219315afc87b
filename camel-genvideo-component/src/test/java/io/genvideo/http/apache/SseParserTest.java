/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SseParserTest {
    private final List<String> events = new ArrayList<>();
    private int empties;

    private SseParser parser(int maxBytes) {
        return new SseParser(maxBytes, events::add, () -> empties++);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"data:NN,1", "dataNdata:NN,0", "data: NNdata:NNdata: aNN,2", ": pingNN,0", "NN,0", "id: 7NN,0"})
    void reportsEventsWithoutData(String stream, int expected) throws Exception {
        parser(1000).feed(bytes(stream.replace('N', '\n')));

        assertThat(empties).isEqualTo(expected);
    }

    /** R and N stand for the line ends, | separates events. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "data: aNN;a",
                "data:aNN;a",
                "data:  aNN; ` a`",
                "data: aRNRN;a",
                "data: aRR;a",
                "data: aNNdata: bNN;a|b",
                "data: aRNRNdata: bRNRN;a|b",
                "data: aNdata: bNN;a_b",
                "data: aNdataNdata: bNN;a__b",
                ": ping NNdata: aNN;a",
                ":NNNN;``",
                "id: 7Nevent: taskNretry: 10Ndata: aNN;a",
                "dataNN;``",
                "data:NN;``",
                "datum: xNNdata: aNN;a",
                "data: {\"a\": \"x: y\"}NN;{\"a\": \"x: y\"}",
                "Data: aNN;``"
            })
    void readsEventsAsTheStandardDefinesThem(String stream, String expected) throws Exception {
        String text = stream.replace('R', '\r').replace('N', '\n');

        parser(1000).feed(bytes(text));

        assertThat(String.join("|", events).replace('\n', '_')).isEqualTo(expected.replace("` a`", " a"));
    }

    @Test
    void ignoresAByteOrderMark() throws Exception {
        parser(1000).feed(bytes("\uFEFFdata: a\n\n"));

        assertThat(events).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 64})
    void acceptsChunksThatEndInsideACharacter(int size) throws Exception {
        SseParser parser = parser(1000);
        byte[] all = "data: 猫が\uD83C\uDFA5空\r\ndata: é\r\n\r\n: ping\r\rdata: b\n\n".getBytes(StandardCharsets.UTF_8);

        for (int from = 0; from < all.length; from += size) {
            parser.feed(ByteBuffer.wrap(all, from, Math.min(size, all.length - from)));
        }

        assertThat(events).containsExactly("猫が\uD83C\uDFA5空\né", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "data: a;a;``",
                "data: aN;a;a",
                "data: aNdata: b;a_b;a",
                "data: aNN;a;a",
                "data;``;``",
                "``;``;``",
                "data: aNNda;a;a"
            })
    void losesNoCompleteLineIfTheLastBlankLineIsMissing(String stream, String ended, String cutOff) throws Exception {
        String text = stream.replace('N', '\n');
        SseParser first = parser(1000);
        first.feed(bytes(text));
        first.end();
        assertThat(String.join("|", events).replace('\n', '_')).isEqualTo(ended);

        events.clear();
        SseParser second = parser(1000);
        second.feed(bytes(text));
        second.cutOff();
        assertThat(String.join("|", events).replace('\n', '_')).isEqualTo(cutOff);
    }

    @Test
    void boundsEachEventButNotTheirNumber() throws Exception {
        SseParser parser = parser(20);
        for (int i = 0; i < 50; i++) {
            parser.feed(bytes("data: 12345678\n\n: a comment\n"));
        }
        assertThat(events).hasSize(50);

        assertThatThrownBy(() -> parser.feed(bytes("data: 12345\ndata: 123456789\n")))
                .isInstanceOf(Failures.PermanentException.class);
        assertThatThrownBy(() -> parser(20).feed(bytes("x".repeat(21))))
                .isInstanceOf(Failures.PermanentException.class)
                .hasMessageContaining("20 bytes");
    }
}
