/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationError;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.AbstractCreateResponseMapper;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.SubmitOutcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to Run means (docs/contracts/wiro.md sections 4 and 8). Business errors come with HTTP 200: a code or message of
 * the contract's tables is a no. Code 0 with any other message is a failure at the service, after which Run must not be
 * repeated, so it is uncertain; so is a code that the contract does not know, unless the status is a 4xx.
 */
final class CreateResponseMapper extends AbstractCreateResponseMapper {
    private final ServiceText text;

    /** @param text hides the credentials and the prompts of the request */
    CreateResponseMapper(ServiceText text) {
        super(WiroErrors.ERRORS, text);
        this.text = text;
    }

    @Override
    protected @Nullable String taskId(JsonNode answer) {
        // data.taskid is in samples of the service's documentation; a task as other calls describe it has "id"
        JsonNode listed = answer.path("tasklist").path(0);
        return Stream.of(
                        answer.get("taskid"), answer.path("data").get("taskid"), listed.get("taskid"), listed.get("id"))
                .flatMap(id -> Stream.ofNullable(Json.text(id)))
                .findFirst()
                .orElse(null);
    }

    @Override
    protected boolean isSuccess(JsonNode answer) {
        return message(answer).isEmpty() && (taskId(answer) != null || showsTask(answer));
    }

    @Override
    protected Optional<ServiceMessage> message(JsonNode answer) {
        return WiroEnvelope.error(answer);
    }

    @Override
    protected SubmitOutcome accepted(String taskId, JsonNode answer) {
        return new SubmitOutcome.Accepted(taskId, TaskStatus.QUEUED, null, text.answer(Map.of("taskid", taskId)));
    }

    @Override
    protected SubmitOutcome declined(JsonNode answer, ServiceMessage message, int status, @Nullable Duration wait) {
        if (showsTask(answer)) {
            return unknown(shown(message), message.code(), status);
        }
        GenerationError error = WiroErrors.of(DOING, message, status, text);
        WiroErrors.Reason reason = WiroErrors.reason(message);
        if (isTurnedAway(status) && reason != WiroErrors.Reason.NO_CAPACITY) {
            return new SubmitOutcome.Refused(error);
        }
        if (reason == null || status >= 500) {
            return unknown(shown(message), message.code(), status);
        }
        return switch (reason) {
            case INVALID_INPUT, UNKNOWN_MODEL, NO_ACCESS, INSUFFICIENT_BALANCE -> new SubmitOutcome.Refused(error);
            case NO_CAPACITY -> new SubmitOutcome.NoCapacity(error, wait);
            case UNKNOWN_TASK, NOT_CANCELLABLE, SERVER_FAILURE -> unknown(shown(message), message.code(), status);
        };
    }

    /** A success, or what opens a task's socket, perhaps beside an error: the service may have begun to work. */
    private static boolean showsTask(JsonNode answer) {
        return answer.path("result").asBoolean() || Json.text(answer.get("socketaccesstoken")) != null;
    }
}
