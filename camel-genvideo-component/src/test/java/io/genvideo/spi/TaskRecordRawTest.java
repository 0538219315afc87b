/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.model.Operation;
import io.genvideo.model.TextSanitizer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a record keeps of a response, whoever has made it: also a provider that does not clean what it gets. */
class TaskRecordRawTest {

    private static Map<String, Object> kept(Map<String, Object> raw) {
        return TaskRecord.reservation("r")
                .provider("p")
                .account("p/a")
                .operation(Operation.GENERATE)
                .fingerprint("f")
                .createdAt(Instant.EPOCH)
                .build()
                .toBuilder()
                .raw(raw)
                .build()
                .raw();
    }

    @Test
    void dropsPrompts() {
        assertThat(kept(Map.of("data", List.of(Map.of("actual_prompt", "a red kite", "id", "t")), "Prompt", "x")))
                .isEqualTo(Map.of("data", List.of(Map.of("id", "t"))));
    }

    @Test
    void keepsNulls() {
        assertThat(kept(Map.of("data", Arrays.asList(null, "x")))).isEqualTo(Map.of("data", Arrays.asList(null, "x")));
    }

    @Test
    void boundsNesting() throws JsonProcessingException {
        Object nested = "x";
        for (int i = 0; i < 50_000; i++) {
            nested = i % 2 == 0 ? List.of(nested) : Map.of("a", nested);
        }
        String json = new ObjectMapper().writeValueAsString(kept(Map.of("data", nested)));
        assertThat(json.chars().filter(c -> c == '[' || c == '{').count()).isEqualTo(TextSanitizer.MAX_RAW_DEPTH);
    }
}
