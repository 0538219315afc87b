/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.TaskIds;
import io.genvideo.spi.WebhookEvent;
import io.genvideo.spi.WebhookReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks signed by the convention of Standard Webhooks (docs/contracts/skillsvideo.md section 6): a hash over id, time and the
 * very bytes of
 * the body, one or several of them, at most five minutes from now.
 *
 * <p>The shape of the body is not documented beyond {@code prediction.state} and {@code prediction.status}: the id of the task
 * is looked for where it may be. Without one the event wakes nobody, and the task is found by polling.
 */
final class SkillsvideoWebhooks implements WebhookReader {
    private static final String PREFIX = "whsec_";
    private static final String VERSION = "v1,";
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final int MOST_SIGNATURES = 20;
    private static final List<String> ID_PLACES = List.of(
            "/prediction/id",
            "/prediction/generation_id",
            "/data/id",
            "/data/prediction/id",
            "/generation/id",
            "/generation_id",
            "/prediction_id",
            "/task_id",
            "/id");

    private final SecretKeySpec key;
    private final InstantSource clock;

    /**
     * @param secret as the dashboard shows it, {@code whsec_} and base64
     * @throws IllegalArgumentException if it is none
     */
    SkillsvideoWebhooks(String secret, InstantSource clock) {
        this.key = new SecretKeySpec(decoded(secret), "HmacSHA256");
        this.clock = clock;
    }

    private static byte[] decoded(String secret) {
        String base64 = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // the exception of the decoder would show a part of the secret
        }
        throw new IllegalArgumentException(
                "option 'webhookVerifyToken' is not a secret of skills.video: it must be base64, usually" + " behind '"
                        + PREFIX + "'");
    }

    @Override
    public WebhookEvent read(Function<String, @Nullable String> header, byte[] body) {
        String id = header.apply("webhook-id");
        String timestamp = header.apply("webhook-timestamp");
        String signatures = header.apply("webhook-signature");
        if (id == null || id.isBlank() || timestamp == null || signatures == null) {
            return new WebhookEvent.Refused("no signature");
        }
        if (!isNow(timestamp)) {
            return new WebhookEvent.Refused("its time is not within " + TOLERANCE.toMinutes() + " minutes from now");
        }
        if (!isSigned(signatures, expected(id, timestamp, body))) {
            return new WebhookEvent.Refused("its signature is wrong");
        }
        return new WebhookEvent.Genuine(id, taskId(body));
    }

    private boolean isNow(String timestamp) {
        try {
            Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp.trim()));
            return Duration.between(sent, clock.instant()).abs().compareTo(TOLERANCE) <= 0;
        } catch (RuntimeException e) {
            // no number, or one that is no time
            return false;
        }
    }

    private byte[] expected(String id, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** All are compared, each in constant time, so that the time tells nothing about the right one. */
    private static boolean isSigned(String signatures, byte[] expected) {
        boolean signed = false;
        for (String signature : signatures.split(" ", MOST_SIGNATURES)) {
            if (signature.startsWith(VERSION)) {
                signed |= MessageDigest.isEqual(expected, bytes(signature.substring(VERSION.length())));
            }
        }
        return signed;
    }

    private static byte[] bytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64.trim());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static @Nullable String taskId(byte[] body) {
        // Signed, but perhaps no JSON: then nothing is learned
        return Json.read(body)
                .flatMap(event -> ID_PLACES.stream()
                        .map(event::at)
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .filter(TaskIds::isStorable)
                        .findFirst())
                .orElse(null);
    }
}
