/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A task is JSON both ways with a mapper that nobody has configured. */
class GenerationTaskJsonTest {
    private final ObjectMapper plain = new ObjectMapper();

    private static GenerationTask full() {
        return new GenerationTask(
                "task-1",
                "r1",
                "wiro",
                "default",
                Operation.IMAGE_TO_VIDEO,
                "wan/2.6",
                TaskStatus.SUCCEEDED,
                List.of(new Media(
                        URI.create("https://media.example/a.mp4"),
                        MediaKind.VIDEO,
                        "video/mp4",
                        URI.create("https://media.example/a.jpg"),
                        5.04,
                        1280,
                        720,
                        123_456_789_012L)),
                new BigDecimal("12.50"),
                Instant.parse("2026-01-01T00:00:00.123456Z"),
                Instant.parse("2026-01-01T00:00:01Z"),
                Instant.parse("2026-01-01T00:01:00Z"),
                Map.of("file", "cat.png"),
                GenerationError.of(ErrorCategory.GENERATION_FAILED, "wiro", "gave up")
                        .withCode("E7", 200)
                        .withPaid(Paid.YES)
                        .withAlternatives(List.of("kling"))
                        .at("r1", "task-1"),
                Map.of("status", "done", "n", 1));
    }

    private static GenerationTask bare() {
        return new GenerationTask(
                null,
                "r2",
                "ima",
                "default",
                Operation.GENERATE,
                null,
                TaskStatus.RESERVED,
                List.of(),
                null,
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                null);
    }

    @Test
    void itComesBackAsItWas() throws Exception {
        assertThat(plain.readValue(plain.writeValueAsString(full()), GenerationTask.class))
                .isEqualTo(full());
        assertThat(plain.readValue(plain.writeValueAsString(bare()), GenerationTask.class))
                .isEqualTo(bare());
    }

    @Test
    void timesAreIsoText() {
        JsonNode json = plain.valueToTree(full());
        assertThat(json.get("createdAt").textValue()).isEqualTo("2026-01-01T00:00:00.123456Z");
        assertThat(json.get("finishedAt").textValue()).isEqualTo("2026-01-01T00:01:00Z");
    }

    @Test
    void whatIsUnknownIsLeftOut() {
        assertThat(plain.valueToTree(bare()).properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder(
                        "recordId", "provider", "account", "operation", "status", "media", "createdAt");
    }

    @Test
    void fieldsOfALaterVersionDoNotDisturb() throws Exception {
        String later = plain.writeValueAsString(bare()).replaceFirst("\\{", "{\"fromTheFuture\":1,");
        assertThat(plain.readValue(later, GenerationTask.class)).isEqualTo(bare());
    }

    @Test
    void aTimeThatIsNoneIsSaid() throws Exception {
        String broken = plain.writeValueAsString(bare()).replace("1970-01-01T00:00:00Z", "yesterday");
        assertThatThrownBy(() -> plain.readValue(broken, GenerationTask.class))
                .isInstanceOf(InvalidFormatException.class)
                .hasMessageContaining("ISO-8601");
    }

    @Test
    void theMediaOfATaskCannotBeChanged() {
        List<Media> media = new ArrayList<>(full().media());
        GenerationTask task = new GenerationTask(
                "t",
                "r",
                "p",
                "a",
                Operation.GENERATE,
                null,
                TaskStatus.SUCCEEDED,
                media,
                null,
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                null);
        media.clear();
        assertThat(task.media()).hasSize(1).isUnmodifiable();
    }
}
