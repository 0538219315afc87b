/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceText;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task as the service describes it: the same object in the answer to create, in the answer to a look, in each event of a
 * stream (docs/contracts/skillsvideo.md sections 2 to 4) and in its list of running tasks.
 *
 * @param id {@code null} if the object does not tell
 * @param status {@code null} if it has none, or one that the contract does not know
 */
record SkillsvideoTask(@Nullable String id, @Nullable TaskStatus status, JsonNode whole) {

    /** Both vocabularies, and the words of the webhooks (docs/contracts/skillsvideo.md sections 3 and 6). */
    private static final Map<String, TaskStatus> STATUSES = Map.ofEntries(
            Map.entry("in_queue", TaskStatus.QUEUED),
            Map.entry("queued", TaskStatus.QUEUED),
            Map.entry("starting", TaskStatus.QUEUED),
            Map.entry("in_progress", TaskStatus.RUNNING),
            Map.entry("processing", TaskStatus.RUNNING),
            Map.entry("running", TaskStatus.RUNNING),
            Map.entry("completed", TaskStatus.SUCCEEDED),
            Map.entry("succeeded", TaskStatus.SUCCEEDED),
            Map.entry("failed", TaskStatus.FAILED),
            Map.entry("canceled", TaskStatus.CANCELLED),
            Map.entry("cancelled", TaskStatus.CANCELLED));

    private static final List<String> STATUS_FIELDS =
            List.of("status", "state", "queue_state", "queueState", "prediction_status", "predictionStatus");

    /** The task that an object describes; empty if it describes an error, or nothing that we know. */
    static Optional<SkillsvideoTask> of(JsonNode root) {
        if (!root.isObject()) {
            return Optional.empty();
        }
        JsonNode body = !root.has("id") && root.path("prediction").isObject() ? root.path("prediction") : root;
        String id = Json.text(body.get("id"));
        TaskStatus status = status(body);
        boolean isError = status == null && (body.hasNonNull("error") || body.hasNonNull("code"));
        return isError || (id == null && status == null)
                ? Optional.empty()
                : Optional.of(new SkillsvideoTask(id, status, body));
    }

    private static @Nullable TaskStatus status(JsonNode body) {
        return STATUS_FIELDS.stream()
                .flatMap(field -> Stream.ofNullable(Json.text(body.get(field))))
                .flatMap(text -> Stream.ofNullable(
                        STATUSES.get(text.toLowerCase(Locale.ROOT).replace('-', '_'))))
                .findFirst()
                .orElse(null);
    }

    boolean isOver() {
        return status != null && status.isTerminal();
    }

    /** Its status as one that is not over: a task that has ended was running before. */
    TaskStatus pendingStatus() {
        return status == TaskStatus.QUEUED ? TaskStatus.QUEUED : TaskStatus.RUNNING;
    }

    /** The credits charged, where the service tells them (docs/contracts/skillsvideo.md section 2). */
    @Nullable
    BigDecimal credits() {
        return Json.decimal(whole.path("usage").get("total"));
    }

    /**
     * As it may be kept: without {@code input}, which repeats the request with its prompt and addresses.
     *
     * @param text hides what must not be kept even if the service quotes it
     */
    Map<String, Object> raw(ServiceText text) {
        Map<String, Object> kept = Json.toMap(whole);
        kept.remove("input");
        return text.andHidingPromptsOf(whole).answer(kept);
    }
}
