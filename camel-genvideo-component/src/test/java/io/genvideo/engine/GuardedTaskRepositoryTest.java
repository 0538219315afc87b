/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** No repository, also none that a user wrote, can be led out of the table of allowed changes. */
class GuardedTaskRepositoryTest {
    private final MemoryTaskRepository real = new MemoryTaskRepository(InstantSource.system());
    private final GuardedTaskRepository guarded = new GuardedTaskRepository(real);

    private static TaskRecord reserved(String id) {
        return TaskRecord.reserved(
                id,
                "scripted",
                "scripted/default",
                Operation.TEXT_TO_VIDEO,
                "k",
                "f",
                null,
                1,
                "process/engine",
                null,
                Instant.EPOCH);
    }

    private TaskRecord stored(TaskStatus status) {
        TaskRecord fresh = real.reserve(reserved("r"), Duration.ZERO);
        if (status == TaskStatus.RESERVED) {
            return fresh;
        }
        TaskRecord moved = fresh.toBuilder().status(status).build();
        real.update(moved, Duration.ZERO);
        return moved;
    }

    static List<Arguments> pairs() {
        List<Arguments> all = new ArrayList<>();
        for (TaskStatus from : TaskStatus.values()) {
            for (TaskStatus to : TaskStatus.values()) {
                all.add(Arguments.of(from, to));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aWriteIsHeldToTheTable(TaskStatus from, TaskStatus to) {
        TaskRecord next = stored(from).toBuilder().status(to).build();
        if (from.mayBecome(to)) {
            assertThatCode(() -> guarded.update(next, Duration.ZERO)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> guarded.update(next, Duration.ZERO))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(from + " to " + to);
            assertThat(real.find("r").orElseThrow().status()).isEqualTo(from);
        }
    }

    @ParameterizedTest
    @EnumSource(TaskStatus.class)
    void onlyAnUnsentRecordIsDiscarded(TaskStatus status) {
        TaskRecord record = stored(status);
        if (status == TaskStatus.RESERVED) {
            guarded.discard(record);
            assertThat(real.find("r")).isEmpty();
        } else {
            assertThatThrownBy(() -> guarded.discard(record)).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(TaskStatus.class)
    void onlyAKeyThatIsNotInUseIsGivenToAnotherRecord(TaskStatus status) {
        TaskRecord record = stored(status);
        if (status.isTerminal() || status == TaskStatus.RESERVED) {
            assertThat(guarded.replace(record, reserved("next"), Duration.ZERO).recordId())
                    .isEqualTo("next");
        } else {
            assertThatThrownBy(() -> guarded.replace(record, reserved("next"), Duration.ZERO))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aNewRecordIsReserved() {
        TaskRecord sent = reserved("r").toBuilder().status(TaskStatus.QUEUED).build();
        assertThatThrownBy(() -> guarded.reserve(sent, Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    }
}
