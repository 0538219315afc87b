/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.TaskIds;
import io.genvideo.spi.WebhookEvent;
import io.genvideo.spi.WebhookReader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the service posts to a {@code callbackUrl} (docs/contracts/wiro.md section 7). Neither its shape nor a signature is
 * documented: the id of a task is looked for where it may be, nothing else is believed, and without one there is nothing to do.
 */
final class WiroWebhooks implements WebhookReader {
    @Override
    public WebhookEvent read(Function<String, @Nullable String> header, byte[] body) {
        String taskId = Json.read(body)
                .filter(JsonNode::isObject)
                .flatMap(event -> Stream.of(
                                event,
                                event.path("data"),
                                event.path("tasklist").path(0))
                        .flatMap(place -> Stream.of(place.get("taskid"), place.get("id")))
                        .map(Json::text)
                        .filter(Objects::nonNull)
                        .filter(TaskIds::isStorable)
                        .findFirst())
                .orElse(null);
        return taskId == null
                ? new WebhookEvent.Refused("it names no task")
                : new WebhookEvent.Genuine(digest(body), taskId);
    }

    /** The same event that is sent again has the same bytes. */
    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
