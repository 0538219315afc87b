/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import org.junit.jupiter.api.Test;

class GenerationRequestTest {
    private static final GenerationRequest REQUEST = GenerationRequest.builder()
            .operation(Operation.TEXT_TO_VIDEO)
            .model("wan")
            .prompt("my secret idea")
            .options(new GenerationOptions(5.0, null, null, "no secrets", null, 3, null))
            .parameter("voice", "a secret voice")
            .input(MediaInput.of(new MediaSource.Url(URI.create("https://media.example/a.png?token=secret"))))
            .idempotencyKey("k")
            .maxCredits(BigDecimal.TEN)
            .userId("ann")
            .build();

    @Test
    void whatTheUserWroteIsNotInItsText() {
        assertThat(REQUEST.toString())
                .contains("wan", "voice", "inputs=1")
                .doesNotContain("secret")
                .doesNotContain("ann");
        assertThat(REQUEST.inputs().toString()).doesNotContain("secret");
    }

    @Test
    void aCopyIsEqual() {
        assertThat(REQUEST.toBuilder().build()).isEqualTo(REQUEST);
    }

    @Test
    void theCountIsAtLeastOne() {
        assertThat(REQUEST.count()).isEqualTo(3);
        assertThat(GenerationRequest.builder().build().count()).isEqualTo(1);
        GenerationOptions none = new GenerationOptions(null, null, null, null, null, 0, null);
        assertThat(GenerationRequest.builder().options(none).build().count()).isEqualTo(1);
    }

    @Test
    void optionsFallBackOneByOne() {
        GenerationOptions said = new GenerationOptions(5.0, null, "16:9", null, null, null, null);
        GenerationOptions fallback = new GenerationOptions(9.0, "720p", null, null, 1L, null, true);
        assertThat(said.orElse(fallback)).isEqualTo(new GenerationOptions(5.0, "720p", "16:9", null, 1L, null, true));
        assertThat(said.asMap()).containsOnlyKeys("duration", "aspectRatio");
    }
}
