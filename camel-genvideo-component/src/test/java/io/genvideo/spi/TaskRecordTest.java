/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskRecordTest {
    private final TaskRecord fresh = TaskRecord.reserved(
            "r",
            "ima",
            "ima/ima",
            Operation.TEXT_TO_VIDEO,
            "key",
            "f",
            null,
            1,
            "process/engine",
            "photo.jpg",
            Instant.EPOCH);

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
        TaskRecord parked =
                fresh.toBuilder().status(status).delivery(DeliveryState.PARKED).build();
        assertThat(parked.owner()).isNull();
        TaskRecord owned =
                fresh.toBuilder().status(status).delivery(DeliveryState.OWNED).build();
        assertThat(owned.owner()).isEqualTo("process/engine");
        TaskRecord available = fresh.toBuilder()
                .status(status)
                .delivery(DeliveryState.AVAILABLE)
                .build();
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
