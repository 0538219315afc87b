/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.TaskStatus;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task as the service describes it: the same object in the answer to create, in the answer to a look, in each event of a
 * stream (contract 2 to 4) and in its list of running tasks.
 *
 * @param id {@code null} if the object does not tell
 * @param status {@code null} if it has none, or one that the contract does not know
 */
record SkillsvideoTask(@Nullable String id, @Nullable TaskStatus status, JsonNode whole) {

    /** Both vocabularies, and the words of the webhooks (contract 3 and 6). */
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

    /** Where it stands as something that goes on: a task that has ended was running before. */
    TaskStatus going() {
        return status == TaskStatus.QUEUED ? TaskStatus.QUEUED : TaskStatus.RUNNING;
    }

    /** The credits charged, where they are told (contract 2). */
    @Nullable
    BigDecimal credits() {
        return Json.decimal(whole.path("usage").get("total"));
    }

    /** The prompt that the task repeats, to hide it. */
    @Nullable
    String prompt() {
        return Json.text(whole.path("input").get(SkillsvideoModel.PROMPT));
    }

    /**
     * As it may be kept.
     *
     * @param secrets must not be in it even if the service quotes them
     */
    Map<String, Object> raw(@Nullable String... secrets) {
        List<@Nullable String> all = new ArrayList<>(Arrays.asList(secrets));
        all.add(prompt());
        return Json.kept(whole, words -> ServiceText.shown(words, all.toArray(String[]::new)));
    }
}
