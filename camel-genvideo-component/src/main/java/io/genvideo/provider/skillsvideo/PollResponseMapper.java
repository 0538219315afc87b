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
import io.genvideo.provider.support.AbstractPollResponseMapper;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.PollOutcome;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the answer to a poll means, and what an event of its stream (docs/contracts/skillsvideo.md sections 2 to 5). */
final class PollResponseMapper extends AbstractPollResponseMapper {
    private final SkillsvideoRequests requests;

    PollResponseMapper(SkillsvideoRequests requests) {
        super(SkillsvideoErrors.ERRORS);
        this.requests = requests;
    }

    /** @param recordId ours, for messages */
    PollOutcome of(GatewayResponse answer, String taskId, @Nullable String recordId) {
        Optional<JsonNode> body = Json.read(answer.body()).filter(JsonNode::isObject);
        Optional<SkillsvideoTask> task = body.flatMap(SkillsvideoTask::of);
        // A failed task may be answered with the status of its failure (502, 504): then only its body counts
        if (task.isPresent()
                && (answer.isSuccess()
                        || task.get().isOver() && taskId.equals(task.get().id()))) {
            return of(task.get(), taskId, recordId, ServiceText.hiding(requests.key()));
        }
        Optional<ServiceMessage> message = body.flatMap(SkillsvideoEnvelope::of);
        GenerationError error = message.map(m -> SkillsvideoErrors.of(
                        DOING,
                        m,
                        answer.status(),
                        ServiceText.hiding(requests.key()).andHidingPromptsOf(body.get())))
                .orElseGet(() -> SkillsvideoErrors.ERRORS.ofStatus(DOING, answer.status()));
        return trouble(error, answer.status() == 404 && message.isPresent(), answer);
    }

    /**
     * What the service says about a task that it has.
     *
     * @param text hides what must not be shown even if the service quotes it
     */
    PollOutcome of(SkillsvideoTask task, String taskId, @Nullable String recordId, ServiceText text) {
        TaskStatus status = task.status();
        if (status == TaskStatus.SUCCEEDED) {
            List<Media> media = MediaReader.read(task.whole());
            if (media.isEmpty() && MediaReader.hasUnusableAddress(task.whole())) {
                return unusableResult();
            }
            return media.isEmpty()
                    // Paid and finished, but nothing to fetch yet: to give it up would lose it
                    ? new PollOutcome.Pending(TaskStatus.RUNNING, 1.0, null)
                    : new PollOutcome.Succeeded(media, task.credits(), task.raw(text));
        }
        if (status == TaskStatus.FAILED) {
            return new PollOutcome.Failed(failed(task, taskId, recordId, text), task.raw(text));
        }
        if (status == TaskStatus.CANCELLED) {
            GenerationError error = ended(
                    ErrorCategory.CANCELLED, "the task was cancelled at skills.video", false, task, taskId, recordId);
            return new PollOutcome.Cancelled(error, task.raw(text));
        }
        return new PollOutcome.Pending(task.pendingStatus(), null, null);
    }

    private GenerationError failed(SkillsvideoTask task, String taskId, @Nullable String recordId, ServiceText text) {
        ServiceMessage message = SkillsvideoEnvelope.of(task.whole()).orElseGet(() -> new ServiceMessage(null, ""));
        SkillsvideoEnvelope.Reason reason = SkillsvideoEnvelope.reason(message.code());
        ErrorCategory category =
                reason == null ? ErrorCategory.GENERATION_FAILED : SkillsvideoErrors.categoryOf(message, 200);
        String explanation = text.andHidingPromptsOf(task.whole()).shown(message.text());
        // FAILED is "maybe" in the contract, and a repetition a new paid job: that is for a person to decide
        boolean retryable = reason == SkillsvideoEnvelope.Reason.RATE_LIMITED
                || reason == SkillsvideoEnvelope.Reason.PROVIDER_UNAVAILABLE
                || reason == SkillsvideoEnvelope.Reason.TIMEOUT;
        return ended(
                        category,
                        "the generation failed: " + (explanation.isEmpty() ? "no reason given" : explanation),
                        retryable,
                        task,
                        taskId,
                        recordId)
                .withCode(text.code(message.code()), null);
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
        Paid paid = credits == null ? Paid.UNKNOWN : credits.signum() > 0 ? Paid.YES : Paid.NO;
        return SkillsvideoErrors.ERRORS.ended(category, message, taskId, recordId, retryable, paid);
    }
}
