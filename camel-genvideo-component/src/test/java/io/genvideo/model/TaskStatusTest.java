/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import static io.genvideo.model.TaskStatus.CANCELLED;
import static io.genvideo.model.TaskStatus.FAILED;
import static io.genvideo.model.TaskStatus.QUEUED;
import static io.genvideo.model.TaskStatus.RESERVED;
import static io.genvideo.model.TaskStatus.RUNNING;
import static io.genvideo.model.TaskStatus.SUBMITTING;
import static io.genvideo.model.TaskStatus.SUCCEEDED;
import static io.genvideo.model.TaskStatus.UNCERTAIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of allowed changes, written down a second time: a change of it has to be meant twice. */
class TaskStatusTest {

    static List<Arguments> table() {
        return List.of(
                Arguments.of(RESERVED, EnumSet.of(SUBMITTING, FAILED, CANCELLED)),
                Arguments.of(SUBMITTING, EnumSet.of(RESERVED, UNCERTAIN, QUEUED, RUNNING, SUCCEEDED, FAILED)),
                Arguments.of(UNCERTAIN, EnumSet.of(QUEUED, RUNNING, FAILED, CANCELLED)),
                Arguments.of(QUEUED, EnumSet.of(RUNNING, SUCCEEDED, FAILED, CANCELLED)),
                Arguments.of(RUNNING, EnumSet.of(SUCCEEDED, FAILED, CANCELLED)),
                Arguments.of(SUCCEEDED, EnumSet.noneOf(TaskStatus.class)),
                Arguments.of(FAILED, EnumSet.noneOf(TaskStatus.class)),
                Arguments.of(CANCELLED, EnumSet.noneOf(TaskStatus.class)));
    }

    @ParameterizedTest
    @MethodSource("table")
    void itMayBecomeWhatTheTableSaysAndNothingElse(TaskStatus from, Set<TaskStatus> to) {
        Set<TaskStatus> allowed = Arrays.stream(TaskStatus.values())
                .filter(next -> next != from && from.mayBecome(next))
                .collect(Collectors.toSet());
        assertThat(allowed).isEqualTo(to);
        assertThat(from.mayBecome(from)).as("staying is allowed").isTrue();
    }

    @Test
    void theTableIsComplete() {
        assertThat(table()).hasSameSizeAs(TaskStatus.values());
    }

    @Test
    void whatWasSentIsNeverUnsentAgainUnlessTheServiceSaidNo() {
        assertThat(EnumSet.allOf(TaskStatus.class).stream().filter(s -> s != RESERVED && s.mayBecome(RESERVED)))
                .containsExactly(SUBMITTING);
    }

    @Test
    void anUncertainTaskIsNeverSentAgain() {
        assertThat(UNCERTAIN.mayBecome(SUBMITTING)).isFalse();
        assertThat(UNCERTAIN.mayBecome(RESERVED)).isFalse();
    }

    @Test
    void theKindsOfStatus() {
        assertThat(EnumSet.allOf(TaskStatus.class).stream().filter(TaskStatus::isTerminal))
                .containsExactly(SUCCEEDED, FAILED, CANCELLED);
        assertThat(EnumSet.allOf(TaskStatus.class).stream().filter(TaskStatus::isWatched))
                .containsExactly(QUEUED, RUNNING);
        assertThat(EnumSet.allOf(TaskStatus.class).stream().filter(TaskStatus::isUnsent))
                .containsExactly(RESERVED);
    }
}
