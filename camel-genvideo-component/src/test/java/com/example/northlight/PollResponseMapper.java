/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.AbstractPollResponseMapper;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.MediaUrls;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmittedTask;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the response to a poll means. */
final class PollResponseMapper extends AbstractPollResponseMapper {
    private final ServiceText text;

    PollResponseMapper(ServiceText text) {
        super(NorthlightErrors.ERRORS);
        this.text = text;
    }

    PollOutcome of(GatewayResponse response, SubmittedTask task) {
        Optional<JsonNode> body = Json.read(response.body()).filter(JsonNode::isObject);
        Optional<JsonNode> job = body.map(b -> b.path("job")).filter(JsonNode::isObject);
        if (response.isSuccess() && job.isPresent()) {
            return of(job.get(), task, text.andHidingPromptsOf(body.get()));
        }
        Optional<ServiceMessage> message = body.flatMap(NorthlightErrors::message);
        GenerationError error = message.map(
                        m -> NorthlightErrors.of(DOING, m, response.status(), text.andHidingPromptsOf(body.get())))
                .orElseGet(() -> NorthlightErrors.ERRORS.ofStatus(DOING, response.status()));
        boolean unknownJob = message.filter(m -> NorthlightErrors.UNKNOWN_JOB.equals(m.code()))
                .isPresent();
        return trouble(error, unknownJob, response);
    }

    private PollOutcome of(JsonNode job, SubmittedTask task, ServiceText hiding) {
        Map<String, Object> raw = hiding.answer(Json.toMap(job));
        return switch (job.path("state").asText()) {
            case "waiting" -> new PollOutcome.Pending(TaskStatus.QUEUED, null, null);
            case "done" -> done(job, raw);
            case "failed" ->
                new PollOutcome.Failed(
                        ended(
                                ErrorCategory.GENERATION_FAILED,
                                hiding.shown(job.path("reason").asText()),
                                task),
                        raw);
            case "cancelled" ->
                new PollOutcome.Cancelled(ended(ErrorCategory.CANCELLED, "cancelled at Northlight", task), raw);
            default -> new PollOutcome.Pending(TaskStatus.RUNNING, null, null);
        };
    }

    private PollOutcome done(JsonNode job, Map<String, Object> raw) {
        URI video = MediaUrls.read(job.get("video"));
        if (video == null) {
            return MediaUrls.isUnusable(job.get("video"))
                    ? unusableResult()
                    // finished and paid, but not published yet
                    : new PollOutcome.Pending(TaskStatus.RUNNING, 1.0, null);
        }
        Media medium = new Media(video, MediaKind.VIDEO, "video/mp4", null, null, null, null, null);
        return new PollOutcome.Succeeded(List.of(medium), null, raw);
    }

    private static GenerationError ended(ErrorCategory category, String message, SubmittedTask task) {
        return NorthlightErrors.ERRORS.ended(category, message, task.taskId(), task.recordId(), false, Paid.UNKNOWN);
    }
}
