/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An error is fit to be stored, logged and shown, whoever made it. */
class GenerationErrorTest {
    private static GenerationError error(String message, String code) {
        return GenerationError.of(ErrorCategory.GENERATION_FAILED, "any", message)
                .withCode(code, 500);
    }

    @Test
    void boundsAndCleansMessageAndCode() {
        GenerationError error = error("line\u001b[2J\r\ntwo " + "x".repeat(9000), "A\nB" + "9".repeat(500));

        assertThat(error.message()).startsWith("line [2J two xxx").hasSize(GenerationError.MAX_MESSAGE);
        assertThat(error.providerCode()).startsWith("A B999").hasSize(64);
        assertThat(error.toException().getMessage()).hasSizeLessThan(GenerationError.MAX_MESSAGE + 100);
    }

    @Test
    void keepsNoSignature() {
        assertThat(error("cannot read https://h/x.png?Signature=presigned-secret", "token=abc")
                        .toString())
                .doesNotContain("presigned-secret", "abc");
    }

    @Test
    void staysTheSameWhenItIsReadAgain() {
        GenerationError error =
                error("the prompt 'a \"b\" c' at https://u@h/x?y#z, token=1, " + "y".repeat(5000), "c=1");

        assertThat(error(error.message(), error.providerCode())).isEqualTo(error);
    }
}
