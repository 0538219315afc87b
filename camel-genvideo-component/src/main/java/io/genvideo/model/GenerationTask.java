/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A generation as a route sees it: immutable, and JSON both ways with a plain Jackson {@code ObjectMapper}.
 *
 * @param handle the task id that the service gave; {@code null} before it has accepted the task
 * @param recordId our own id of the task, in every exception, header and journal
 * @param account the name of the account that pays
 * @param model the model used, as the service names it
 * @param media the results; empty until {@link TaskStatus#SUCCEEDED}
 * @param credits the price of all results together in the service's own unit; {@code null} if it does not return one
 * @param createdAt when the request came in
 * @param acceptedAt when the service accepted it
 * @param finishedAt when its end was seen
 * @param reference what the route gave to recognise the task by: a String or a flat Map
 * @param error why it failed
 * @param raw the service's last answer about the task, without the prompt that some repeat in it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record GenerationTask(
        @Nullable String handle,
        String recordId,
        String provider,
        String account,
        Operation operation,
        @Nullable String model,
        TaskStatus status,
        List<Media> media,
        @Nullable BigDecimal credits,

        @JsonSerialize(using = IsoInstant.Writer.class) @JsonDeserialize(using = IsoInstant.Reader.class)
        Instant createdAt,

        @JsonSerialize(using = IsoInstant.Writer.class) @JsonDeserialize(using = IsoInstant.Reader.class) @Nullable
        Instant acceptedAt,

        @JsonSerialize(using = IsoInstant.Writer.class) @JsonDeserialize(using = IsoInstant.Reader.class) @Nullable
        Instant finishedAt,

        @Nullable Object reference,
        @Nullable GenerationError error,
        @Nullable Map<String, Object> raw) {

    public GenerationTask {
        media = List.copyOf(media);
    }
}
