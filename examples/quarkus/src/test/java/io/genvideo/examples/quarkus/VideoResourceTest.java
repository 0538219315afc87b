/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
class VideoResourceTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @TestHTTPResource("/videos")
    URI videos;

    @ConfigProperty(name = "genvideo.sandbox.url")
    URI sandbox;

    @Test
    void returnsVideoAndChargesTheSameKeyOnce() throws Exception {
        HttpResponse<byte[]> first = post("a fox in the snow", "key 7");
        HttpResponse<byte[]> again = post("a fox in the snow", "key 7");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("content-type")).contains("video/mp4");
        assertThat(new String(first.body(), 4, 8, StandardCharsets.US_ASCII)).isEqualTo("ftypisom");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(ledger()).contains("\"creates\":1,");
    }

    @Test
    void rejectsRequestWithoutPrompt() throws Exception {
        HttpResponse<byte[]> response = post(" ", "key 8");

        assertThat(response.statusCode()).isEqualTo(400);
    }

    private HttpResponse<byte[]> post(String prompt, String key) throws Exception {
        return http.send(
                HttpRequest.newBuilder(videos)
                        .header("Content-Type", "text/plain")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(prompt))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private String ledger() throws Exception {
        return http.send(
                        HttpRequest.newBuilder(sandbox.resolve("/sandbox/ledger"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
