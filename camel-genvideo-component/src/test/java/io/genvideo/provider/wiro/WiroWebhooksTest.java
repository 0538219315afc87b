/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.spi.WebhookEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/contracts/wiro.md section 7: any of the shapes that receivers expect, and nothing of it believed but the id. */
class WiroWebhooksTest {
    private static WebhookEvent read(String body) {
        return new WiroWebhooks().read(name -> null, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"taskid\":\"2221\",\"status\":\"x\"}",
                "{\"taskid\":2221}",
                "{\"id\":\"2221\",\"outputs\":[]}",
                "{\"data\":{\"taskid\":\"2221\"}}",
                "{\"tasklist\":[{\"id\":\"2221\"}]}"
            })
    void findsTheTask(String body) {
        assertThat(((WebhookEvent.Genuine) read(body)).taskId()).isEqualTo("2221");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "no json", "{\"taskid\":{}}", "{\"taskid\":\"\\u0000\"}"})
    void whatNamesNoTaskIsRefused(String body) {
        assertThat(read(body)).isInstanceOf(WebhookEvent.Refused.class);
    }

    @Test
    void theSameEventHasTheSameId() {
        WebhookEvent.Genuine first = (WebhookEvent.Genuine) read("{\"taskid\":\"1\"}");

        assertThat(read("{\"taskid\":\"1\"}")).isEqualTo(first);
        assertThat(((WebhookEvent.Genuine) read("{\"taskid\":\"2\"}")).deliveryId())
                .isNotEqualTo(first.deliveryId());
    }
}
