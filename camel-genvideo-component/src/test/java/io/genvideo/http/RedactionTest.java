/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "https://cdn.example/v.mp4 https://cdn.example/v.mp4",
                "https://cdn.example/v.mp4?sig=s3cret https://cdn.example/v.mp4?\u2026",
                "https://u:s3cret@cdn.example/v https://cdn.example/v",
                "wss://socket.example:444/v1?token=s3cret wss://socket.example:444/v1?\u2026"
            })
    void showsAddressesWithoutWhatTheyMayCarry(String uri, String expected) {
        assertThat(Redaction.uri(URI.create(uri))).isEqualTo(expected);
    }
}
