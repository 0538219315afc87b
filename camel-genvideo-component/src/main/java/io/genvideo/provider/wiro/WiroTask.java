/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceText;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task as Task/Detail and Task/List describe it (docs/contracts/wiro.md section 5). Nearly every number in it is text.
 *
 * @param id {@code null} if the object does not tell
 */
record WiroTask(@Nullable String id, String status, JsonNode whole) {
    /** Of these two, and of none else, is a task over; how it has ended is told by {@code pexit}. */
    private static final String ENDED = "task_postprocess_end";

    private static final String CANCELLED = "task_cancel";

    /** Here, unlike on the socket, a failure before anything was run. */
    private static final String ERROR = "task_error";

    private static final String QUEUED = "task_queue";

    /** The work is done, the files are on their way. */
    private static final Set<String> PUBLISHING = Set.of("task_end", "task_postprocess_start");

    private static final List<String> NOT_KEPT = List.of(
            "parameters",
            "socketaccesstoken",
            "tasktoken",
            "debugoutput",
            "dynamicprice",
            "accesskey",
            // nobody can guess its path: that is what protects the webhook
            "callbackurl",
            "callbackUrl");

    /** The tasks of an answer. */
    static List<WiroTask> all(JsonNode root) {
        return Json.elements(root.get("tasklist")).map(WiroTask::of).toList();
    }

    static WiroTask of(JsonNode row) {
        String status = Objects.requireNonNullElse(Json.text(row.get("status")), "");
        return new WiroTask(Json.text(row.get("id")), status.toLowerCase(Locale.ROOT), row);
    }

    /** A status that the contract does not know is one of a running task. */
    TaskStatus taskStatus() {
        return switch (status) {
            case QUEUED -> TaskStatus.QUEUED;
            case CANCELLED -> TaskStatus.CANCELLED;
            case ERROR -> TaskStatus.FAILED;
            case ENDED -> isSuccess() ? TaskStatus.SUCCEEDED : TaskStatus.FAILED;
            default -> TaskStatus.RUNNING;
        };
    }

    boolean isPublishing() {
        return PUBLISHING.contains(status);
    }

    private boolean isSuccess() {
        String exit = Json.text(whole.get("pexit"));
        // Older answers have no pexit: then only a task that failed has no outputs
        if (exit == null) {
            return outputs().findAny().isPresent();
        }
        BigDecimal number = Json.decimal(whole.get("pexit"));
        return number != null && number.signum() == 0;
    }

    /** Whether the service tells how the task's process has ended. */
    boolean hasExit() {
        return Json.text(whole.get("pexit")) != null;
    }

    Stream<JsonNode> outputs() {
        return Json.elementsOrSelf(whole.hasNonNull("outputs") ? whole.get("outputs") : whole.get("output"));
    }

    /** What it cost in US dollars; {@code null} if the service does not tell. */
    @Nullable
    BigDecimal cost() {
        return Json.decimal(whole.get("totalcost"));
    }

    /** When the service has created it; empty if it does not tell. */
    Optional<Instant> createdAt() {
        Long seconds = Json.whole(whole.get("createtime"));
        return seconds == null || seconds == 0 || seconds > 253_402_300_799L
                ? Optional.empty()
                : Optional.of(Instant.ofEpochSecond(seconds));
    }

    /** With what it was run: an object, or its text. */
    JsonNode parameters() {
        JsonNode given = whole.path("parameters");
        return given.isTextual() ? Json.read(given.textValue()).orElse(given) : given;
    }

    /** Opens the task's socket; {@code null} if the service does not tell it. */
    @Nullable
    String socketToken() {
        return Json.text(whole.get("socketaccesstoken"));
    }

    /** {@code owner/project}, as far as the service tells it. */
    String slug() {
        return whole.path("modelslugowner").asText() + "/"
                + whole.path("modelslugproject").asText();
    }

    String failure() {
        return Objects.requireNonNullElse(Json.text(whole.get("debugerror")), "");
    }

    /**
     * As it may be kept: without the request, which it repeats, and without what opens its socket or its files.
     *
     * @param text hides what must not be kept even if the service quotes it
     */
    Map<String, Object> raw(ServiceText text) {
        ObjectNode kept = whole.deepCopy();
        kept.remove(NOT_KEPT);
        Stream.of("outputs", "output")
                .flatMap(name -> Json.elementsOrSelf(kept.path(name)))
                .filter(JsonNode::isObject)
                .forEach(o -> ((ObjectNode) o).remove(NOT_KEPT));
        return hiding(text).answer(Json.toMap(kept));
    }

    /** Hides the prompts with which the task was run, too. */
    ServiceText hiding(ServiceText text) {
        return text.andHidingPromptsOf(parameters())
                .andHidingPromptsOf(whole)
                .andHiding(
                        socketToken(),
                        Json.text(whole.get("callbackurl")),
                        Json.text(parameters().get("callbackUrl")));
    }
}
