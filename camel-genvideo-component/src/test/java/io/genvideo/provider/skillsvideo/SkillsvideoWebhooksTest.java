/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.spi.WebhookEvent;
import io.genvideo.spi.WebhookEvent.Genuine;
import io.genvideo.spi.WebhookEvent.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/contracts/skillsvideo.md section 6, with its test vector. */
class SkillsvideoWebhooksTest {
    private static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final String BODY = "{\"type\":\"task.completed\"}";
    private static final String SIGNATURE = "v1,/uFjLXQqiYMQjMa9diUODt8ALGcoW+n80XiJl5RkHaQ=";
    private static final long SENT = 1_734_513_807;

    private final Map<String, String> headers = new HashMap<>(
            Map.of("webhook-id", "msg_1", "webhook-timestamp", String.valueOf(SENT), "webhook-signature", SIGNATURE));
    private long now = SENT;

    private WebhookEvent read(String body) {
        return new SkillsvideoWebhooks(SECRET, () -> Instant.ofEpochSecond(now))
                .read(name -> headers.get(name.toLowerCase(Locale.ROOT)), body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theVectorOfTheContractIsGenuine() {
        assertThat(read(BODY)).isEqualTo(new Genuine("msg_1", null));
    }

    @Test
    void oneRightSignatureAmongSeveralIsEnough() {
        headers.put("webhook-signature", "v1,AAAA v2,whatever " + SIGNATURE + " v1,%%%");
        assertThat(read(BODY)).isInstanceOf(Genuine.class);
    }

    @Test
    void acceptsSecretWithoutPrefix() {
        WebhookEvent event = new SkillsvideoWebhooks(SECRET.substring(6), () -> Instant.ofEpochSecond(now))
                .read(headers::get, BODY.getBytes(StandardCharsets.UTF_8));
        assertThat(event).isInstanceOf(Genuine.class);
    }

    @Test
    void oneChangedByteIsForged() {
        assertThat(read(BODY + " ")).isInstanceOf(Refused.class);
        assertThat(read("")).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "webhook-id, msg_2",
        "webhook-timestamp, 1734513808",
        "webhook-signature, 'v1,AAAA'",
        "webhook-signature, ''",
        "webhook-signature, '/uFjLXQqiYMQjMa9diUODt8ALGcoW+n80XiJl5RkHaQ='",
        "webhook-signature, 'v2,/uFjLXQqiYMQjMa9diUODt8ALGcoW+n80XiJl5RkHaQ='",
        "webhook-timestamp, soon",
        "webhook-timestamp, 99999999999999999999",
        "webhook-id, ' '"
    })
    void oneChangedHeaderIsForged(String name, String value) {
        headers.put(name, value);
        assertThat(read(BODY)).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
    void oneMissingHeaderIsForged(String name) {
        headers.remove(name);
        assertThat(read(BODY)).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {301, -301, 100_000, -100_000})
    void rejectsStaleTimestamps(long seconds) {
        now = SENT + seconds;
        assertThat(read(BODY)).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 299, -299})
    void acceptsSmallClockDifference(long seconds) {
        now = SENT + seconds;
        assertThat(read(BODY)).isInstanceOf(Genuine.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whsec_", "whsec_***", "not base64!"})
    void rejectsInvalidSecretWithoutShowingIt(String secret) {
        assertThatThrownBy(() -> new SkillsvideoWebhooks(secret, Instant::now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("webhookVerifyToken")
                .hasMessageNotContaining("***")
                .hasNoCause();
    }
}
