/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TaskRecordTest {
    private final TaskRecord fresh = TaskRecord.reservation("r")
            .provider("ima")
            .account("ima/ima")
            .operation(Operation.TEXT_TO_VIDEO)
            .key("key")
            .fingerprint("f")
            .owner(new TaskOwner("process", "engine"))
            .reference("photo.jpg")
            .createdAt(Instant.EPOCH)
            .build();

    private TaskRecord.Builder with(TaskStatus status) {
        TaskRecord.Builder change = fresh.toBuilder();
        return fresh.status().mayBecome(status)
                ? change.status(status)
                : change.status(TaskStatus.SUBMITTING).status(status);
    }

    static List<Arguments> pairs() {
        return Stream.of(TaskStatus.values())
                .flatMap(from -> Stream.of(TaskStatus.values()).map(to -> Arguments.of(from, to)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aStatusChangesOnlyAsTheTableAllows(TaskStatus from, TaskStatus to) {
        TaskRecord.Builder change = with(from).build().toBuilder();
        if (from.mayBecome(to)) {
            assertThat(change.status(to).build().status()).isEqualTo(to);
        } else {
            assertThatThrownBy(() -> change.status(to))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("record r can't change from %s to %s", from, to);
            assertThat(change.build().status()).isEqualTo(from);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TaskStatus.class,
            names = {"SUCCEEDED", "FAILED", "CANCELLED"})
    void aTerminalStatusIsNeverLeft(TaskStatus terminal) {
        TaskRecord.Builder change = with(terminal).build().toBuilder();
        for (TaskStatus other : EnumSet.complementOf(EnumSet.of(terminal))) {
            assertThatThrownBy(() -> change.status(other)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aNewRecordIsReservedAndOwned() {
        assertThat(fresh.status()).isEqualTo(TaskStatus.RESERVED);
        assertThat(fresh.delivery()).isEqualTo(DeliveryState.OWNED);
        assertThat(fresh.owner()).isEqualTo("process/engine");
        assertThat(fresh.version()).isZero();
    }

    @Test
    void aReservationWithoutAccountIsRefused() {
        TaskReservation incomplete = TaskRecord.reservation("r")
                .provider("ima")
                .operation(Operation.GENERATE)
                .createdAt(Instant.EPOCH);
        assertThatThrownBy(incomplete::build)
                .isInstanceOf(NullPointerException.class)
                .hasMessage("account");
    }

    @Test
    void theProvidersStateCanBeWrittenTogetherWithSubmitting() {
        TaskRecord submitting = fresh.toBuilder()
                .status(TaskStatus.SUBMITTING)
                .providerState("session-1")
                .build();
        assertThat(submitting.providerState()).isEqualTo("session-1");
        assertThat(submitting.taskId()).isNull();
    }

    @Test
    void thePromptThatAServiceRepeatsIsNotKept() {
        Map<String, Object> answer = new HashMap<>();
        answer.put("id", "t1");
        answer.put("prompt", "a secret");
        answer.put("input", Map.of("prompt", "a secret", "negative_prompt", "a secret", "prompt_extend", true, "n", 1));
        answer.put("medias", Arrays.asList(Map.of("actual_prompt", "a secret", "url", "https://h/a.mp4"), null));
        TaskRecord record = fresh.toBuilder().raw(answer).build();

        assertThat(record.toString()).doesNotContain("a secret");
        assertThat(record.toTask().toString()).doesNotContain("a secret");
        assertThat(record.raw())
                .containsEntry("id", "t1")
                .containsEntry("input", Map.of("prompt_extend", true, "n", 1))
                .containsEntry("medias", Arrays.asList(Map.of("url", "https://h/a.mp4"), null));
    }

    @ParameterizedTest
    @EnumSource(TaskStatus.class)
    void whatNobodyHasToWatchOrDeliverHasNoOwner(TaskStatus status) {
        TaskRecord parked = with(status).delivery(DeliveryState.PARKED).build();
        assertThat(parked.owner()).isNull();
        TaskRecord owned = with(status).delivery(DeliveryState.OWNED).build();
        assertThat(owned.owner()).isEqualTo("process/engine");
        TaskRecord available = with(status).delivery(DeliveryState.AVAILABLE).build();
        boolean open = List.of(TaskStatus.RESERVED, TaskStatus.SUBMITTING, TaskStatus.QUEUED, TaskStatus.RUNNING)
                .contains(status);
        assertThat(available.owner() != null).isEqualTo(open);
    }

    @Test
    void withoutItsResultARecordStillAnswersForItsKey() {
        TaskRecord emptied = fresh.toBuilder().raw(Map.of("id", "t1")).build().withoutResult();
        assertThat(emptied.raw()).isNull();
        assertThat(emptied.reference()).isNull();
        assertThat(emptied.scopedKey()).isEqualTo(fresh.scopedKey());
        assertThat(emptied.fingerprint()).isEqualTo("f");
    }
}
