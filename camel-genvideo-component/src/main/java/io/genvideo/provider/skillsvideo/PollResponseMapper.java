/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.Trouble.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the answer to a look at a task means, and what an event of its stream (contract 2 to 5). */
final class PollResponseMapper {
    private static final String DOING = "looking at the task";

    private final SkillsvideoRequests wire;

    PollResponseMapper(SkillsvideoRequests wire) {
        this.wire = wire;
    }

    static PollOutcome ofFailure(Throwable failure) {
        return new PollOutcome.Trouble(Kind.UNAVAILABLE, SkillsvideoErrors.noAnswer(DOING, failure), null);
    }

    /** @param recordId ours, for messages */
    PollOutcome of(GatewayResponse answer, String taskId, @Nullable String recordId) {
        Optional<JsonNode> body = Json.read(answer.body()).filter(JsonNode::isObject);
        Optional<SkillsvideoTask> task = body.flatMap(SkillsvideoTask::of);
        // A failed task may be answered with the status of its failure (502, 504): then only its own words count
        if (task.isPresent()
                && (answer.isSuccess()
                        || task.get().isOver() && taskId.equals(task.get().id()))) {
            return of(task.get(), taskId, recordId, null);
        }
        Optional<SkillsvideoEnvelope> envelope = body.flatMap(SkillsvideoEnvelope::of);
        GenerationError error = envelope.map(e -> SkillsvideoErrors.ofEnvelope(DOING, e, answer.status(), wire.key()))
                .orElseGet(() -> SkillsvideoErrors.ofStatus(DOING, answer.status()));
        return trouble(error, envelope.isPresent(), answer);
    }

    /**
     * What the service says about a task that it has.
     *
     * @param prompt never shown, even if the service quotes it; {@code null} if only the task itself may tell it
     */
    PollOutcome of(SkillsvideoTask task, String taskId, @Nullable String recordId, @Nullable String prompt) {
        TaskStatus status = task.status();
        if (status == TaskStatus.SUCCEEDED) {
            List<Media> media = MediaReader.read(task.whole());
            return media.isEmpty()
                    // Paid and finished, but nothing to fetch yet: to give it up would lose it
                    ? new PollOutcome.Pending(TaskStatus.RUNNING, null, null)
                    : new PollOutcome.Succeeded(media, task.credits(), task.raw(wire.key(), prompt));
        }
        if (status == TaskStatus.FAILED) {
            return new PollOutcome.Failed(failed(task, taskId, recordId, prompt), task.raw(wire.key(), prompt));
        }
        if (status == TaskStatus.CANCELLED) {
            GenerationError error = ended(
                    ErrorCategory.CANCELLED, "the task was cancelled at skills.video", false, task, taskId, recordId);
            return new PollOutcome.Cancelled(error, task.raw(wire.key(), prompt));
        }
        return new PollOutcome.Pending(task.going(), null, null);
    }

    private GenerationError failed(
            SkillsvideoTask task, String taskId, @Nullable String recordId, @Nullable String prompt) {
        SkillsvideoEnvelope said =
                SkillsvideoEnvelope.of(task.whole()).orElseGet(() -> new SkillsvideoEnvelope(null, ""));
        SkillsvideoEnvelope.Reason reason = said.reason();
        ErrorCategory category =
                reason == null ? ErrorCategory.GENERATION_FAILED : SkillsvideoErrors.categoryOf(said, 200);
        String text = ServiceText.shown(said.message(), wire.key(), prompt, task.prompt());
        // FAILED is "maybe" in the contract, and a repetition a new paid job: that is for a person to decide
        boolean retryable = reason == SkillsvideoEnvelope.Reason.RATE_LIMITED
                || reason == SkillsvideoEnvelope.Reason.PROVIDER_UNAVAILABLE
                || reason == SkillsvideoEnvelope.Reason.TIMEOUT;
        return ended(
                        category,
                        "the generation failed: " + (text.isEmpty() ? "no reason given" : text),
                        retryable,
                        task,
                        taskId,
                        recordId)
                .withCode(said.code(), null);
    }

    /**
     * Whether it was paid is what {@code usage} says it charged; whether that is given back later the contract does not tell.
     */
    private static GenerationError ended(
            ErrorCategory category,
            String message,
            boolean retryable,
            SkillsvideoTask task,
            String taskId,
            @Nullable String recordId) {
        BigDecimal credits = task.credits();
        return new GenerationError(
                category,
                message,
                SkillsvideoProviderFactory.NAME,
                null,
                null,
                taskId,
                recordId,
                retryable,
                credits == null ? Paid.UNKNOWN : credits.signum() > 0 ? Paid.YES : Paid.NO,
                List.of());
    }

    private static PollOutcome trouble(GenerationError error, boolean hasEnvelope, GatewayResponse answer) {
        int status = answer.status();
        @Nullable Duration wait = answer.retryAfter().orElse(null);
        if (status == 429 || error.category() == ErrorCategory.RATE_LIMITED) {
            return new PollOutcome.Trouble(Kind.RATE_LIMITED, error, wait);
        }
        if (status == 401 || status == 403) {
            return new PollOutcome.Trouble(Kind.UNAUTHORISED, error, wait);
        }
        return status == 404 && hasEnvelope
                ? new PollOutcome.Trouble(Kind.UNKNOWN_TASK, unknown(error), wait)
                : new PollOutcome.Trouble(Kind.UNAVAILABLE, error, wait);
    }

    private static GenerationError unknown(GenerationError error) {
        return GenerationError.of(
                        ErrorCategory.TASK_NOT_FOUND,
                        error.provider(),
                        "the service does not know this task: " + Objects.requireNonNull(error.message()))
                .withCode(error.providerCode(), error.httpStatus());
    }
}
