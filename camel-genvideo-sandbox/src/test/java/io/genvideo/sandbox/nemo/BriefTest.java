/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BriefTest {
    @ParameterizedTest
    @CsvSource({
        "animate this image into a 5-second video, 5, ''",
        "'a lake, 12s, 16:9', 12, 16:9",
        "一个湖 8秒 9:16, 8, 9:16",
        "'Duration: 10 seconds. Aspect ratio: 1:1', 10, 1:1",
        "a lake at 1080p, 5, ''",
        "99 seconds of a lake, 60, ''",
        "0 s, 1, ''",
        "2.5 seconds, 5, ''",
        "12 swans, 5, ''"
    })
    void readsLengthAndAspect(String text, int seconds, String aspect) {
        assertThat(Brief.of(text, List.of())).isEqualTo(new Brief(text, seconds, aspect));
    }

    @Test
    void keepsWhatEarlierMessagesWanted() {
        Brief first = Brief.of("a lake, 8s, 16:9", List.of());

        assertThat(Brief.of("add a boat", List.of(first))).isEqualTo(new Brief("add a boat", 8, "16:9"));
        assertThat(Brief.of("make it 3s", List.of(first)).seconds()).isEqualTo(3);
    }
}
