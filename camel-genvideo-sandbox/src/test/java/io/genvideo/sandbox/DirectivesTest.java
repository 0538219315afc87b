/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectivesTest {
    @Test
    void readsSeveralAndStripsThem() {
        Directives d = Directives.parse("A [[take: 1500ms]] cat [[fail: no luck]]");
        assertThat(d.take()).isEqualTo(Duration.ofMillis(1500));
        assertThat(d.outcome()).isEqualTo(Directives.Outcome.FAIL);
        assertThat(d.message()).isEqualTo("no luck");
        assertThat(d.text()).isEqualTo("A  cat");
    }

    @Test
    void readsMarksBesideAnOutcome() {
        Directives d = Directives.parse("[[old-status]] a [[no-terminal]] cat [[canceled]]");
        assertThat(d.outcome()).isEqualTo(Directives.Outcome.CANCELED);
        assertThat(d.noTerminal()).isTrue();
        assertThat(d.oldStatus()).isTrue();
        assertThat(d.text()).isEqualTo("a  cat");
        assertThat(Directives.parse("cat").noTerminal()).isFalse();
    }

    @Test
    void readsDirectivesOfSingleServices() {
        Directives d = Directives.parse("[[timeout]] a [[result: object]] cat");
        assertThat(d.has("timeout")).isTrue();
        assertThat(d.has("code")).isFalse();
        assertThat(d.argument("result")).isEqualTo("object");
        assertThat(d.argument("code")).isEmpty();
        assertThat(d.text()).isEqualTo("a  cat");
        assertThat(Directives.names()).contains("timeout", "result: object");
    }

    @ParameterizedTest
    @CsvSource({"[[take: 30s]],PT30S", "[[take:2m]],PT2M", "[[take: 10 ms]],PT0.01S"})
    void readsTimes(String prompt, Duration take) {
        assertThat(Directives.parse(prompt).take()).isEqualTo(take);
    }

    @ParameterizedTest
    @CsvSource({"[[unknown]]", "[[take: soon]]", "[fail]", "[[fail", "$1 [[x]] \\"})
    void leavesWhatItDoesNotKnow(String prompt) {
        Directives d = Directives.parse(prompt);
        assertThat(d.outcome()).isEqualTo(Directives.Outcome.SUCCEED);
        assertThat(d.text()).isEqualTo(prompt);
    }
}
