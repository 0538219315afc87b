/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.AbstractCreateResponseMapper;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.SubmitOutcome;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the response to the paid call means. What is the same for all services is decided by the base class. */
final class CreateResponseMapper extends AbstractCreateResponseMapper {
    private final ServiceText text;

    CreateResponseMapper(ServiceText text) {
        super(NorthlightErrors.ERRORS, text);
        this.text = text;
    }

    @Override
    protected @Nullable String taskId(JsonNode answer) {
        return Json.text(answer.at("/job/id"));
    }

    @Override
    protected boolean isSuccess(JsonNode answer) {
        return answer.path("job").isObject();
    }

    @Override
    protected Optional<ServiceMessage> message(JsonNode answer) {
        return NorthlightErrors.message(answer);
    }

    @Override
    protected SubmitOutcome accepted(String taskId, JsonNode answer) {
        return new SubmitOutcome.Accepted(taskId, TaskStatus.QUEUED, null, text.answer(Json.toMap(answer)));
    }

    @Override
    protected SubmitOutcome declined(JsonNode answer, ServiceMessage message, int status, @Nullable Duration wait) {
        Optional<ErrorCategory> category = NorthlightErrors.category(message);
        if (category.isEmpty()) {
            return unknown(shown(message), message.code(), status);
        }
        GenerationError error = NorthlightErrors.of(DOING, message, status, text);
        return category.get() == ErrorCategory.RATE_LIMITED
                ? new SubmitOutcome.Deferred(error, wait)
                : new SubmitOutcome.Refused(error);
    }
}
