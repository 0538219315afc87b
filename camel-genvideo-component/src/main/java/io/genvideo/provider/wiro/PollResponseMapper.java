/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

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
import io.genvideo.spi.SubmittedTask;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** What the answer of Task/Detail means (docs/contracts/wiro.md sections 5 and 8). */
final class PollResponseMapper extends AbstractPollResponseMapper {
    private final WiroRequests requests;

    PollResponseMapper(WiroRequests requests) {
        super(WiroErrors.ERRORS);
        this.requests = requests;
    }

    PollOutcome of(GatewayResponse answer, SubmittedTask polled) {
        Optional<JsonNode> success = WiroEnvelope.success(answer);
        if (success.isEmpty()) {
            return ofError(answer);
        }
        List<WiroTask> tasks = WiroTask.all(success.get());
        Optional<WiroTask> task =
                tasks.stream().filter(t -> polled.taskId().equals(t.id())).findFirst();
        if (task.isPresent()) {
            return of(task.get(), polled);
        }
        GenerationError error =
                tasks.isEmpty() && success.get().path("tasklist").isArray()
                        ? WiroErrors.ERRORS.of(ErrorCategory.TASK_NOT_FOUND, DOING, "its list of tasks is empty")
                        : WiroErrors.ERRORS.incomplete(DOING, answer);
        return trouble(error, error.category() == ErrorCategory.TASK_NOT_FOUND, answer);
    }

    private PollOutcome ofError(GatewayResponse answer) {
        Optional<JsonNode> body = Json.read(answer.body()).filter(JsonNode::isObject);
        Optional<ServiceMessage> message = body.flatMap(WiroEnvelope::error);
        GenerationError error = message.map(m ->
                        WiroErrors.of(DOING, m, answer.status(), requests.text().andHidingPromptsOf(body.get())))
                .orElseGet(() -> answer.isSuccess()
                        ? WiroErrors.ERRORS.incomplete(DOING, answer)
                        : WiroErrors.ERRORS.ofStatus(DOING, answer.status()));
        if (answer.isSuccess() && message.filter(WiroErrors::isForbidden).isPresent()) {
            // Somebody else's task: the account's other tasks go on
            return trouble(WiroErrors.ERRORS.of(ErrorCategory.TASK_NOT_FOUND, DOING, error.message()), true, answer);
        }
        return trouble(error, error.category() == ErrorCategory.TASK_NOT_FOUND, answer);
    }

    private PollOutcome of(WiroTask task, SubmittedTask polled) {
        ServiceText text = requests.text();
        return switch (task.taskStatus()) {
            case SUCCEEDED -> succeeded(task, text);
            case FAILED -> new PollOutcome.Failed(failed(task, polled, text), task.raw(text));
            case CANCELLED -> new PollOutcome.Cancelled(cancelled(task, polled), task.raw(text));
            case QUEUED -> new PollOutcome.Pending(TaskStatus.QUEUED, null, null);
            default -> new PollOutcome.Pending(TaskStatus.RUNNING, task.isPublishing() ? 1.0 : null, null);
        };
    }

    private PollOutcome succeeded(WiroTask task, ServiceText text) {
        List<Media> media = MediaReader.read(task);
        if (!media.isEmpty()) {
            return new PollOutcome.Succeeded(media, task.cost(), task.raw(text));
        }
        return MediaReader.hasUnusableAddress(task)
                ? unusableResult()
                // Paid and finished, but nothing to fetch yet: to give it up would lose it
                : new PollOutcome.Pending(TaskStatus.RUNNING, 1.0, null);
    }

    private static GenerationError failed(WiroTask task, SubmittedTask polled, ServiceText text) {
        String reason = task.hiding(text).shown(task.failure());
        return WiroErrors.ERRORS.ended(
                ErrorCategory.GENERATION_FAILED,
                "the generation failed: " + (reason.isEmpty() ? "no reason given" : reason),
                polled.taskId(),
                polled.recordId(),
                false,
                paid(task));
    }

    private static GenerationError cancelled(WiroTask task, SubmittedTask polled) {
        return WiroErrors.ERRORS.ended(
                ErrorCategory.CANCELLED,
                "the task was cancelled at Wiro",
                polled.taskId(),
                polled.recordId(),
                false,
                paid(task));
    }

    /** Only successful tasks are billed; what the service has booked all the same is said (section 5). */
    private static Paid paid(WiroTask task) {
        BigDecimal cost = task.cost();
        if (cost != null && cost.signum() > 0) {
            return Paid.YES;
        }
        boolean isTold = cost != null || task.hasExit() || task.taskStatus() == TaskStatus.CANCELLED;
        return isTold ? Paid.NO : Paid.UNKNOWN;
    }
}
