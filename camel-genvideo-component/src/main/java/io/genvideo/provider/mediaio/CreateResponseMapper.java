/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
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

/**
 * What the response to the paid call means (docs/contracts/mediaio.md sections 2 and 5).
 *
 * <p>Decisions where the contract is silent: the three codes that it knows are all given before a task exists, so they are a no
 * with any HTTP status but 504. Of another code it does not say that nothing was created: that is a no only together with an
 * HTTP status of 4xx. The service has neither an idempotency key nor a list of tasks, so what is uncertain stays so until a
 * person settles it.
 */
final class CreateResponseMapper extends AbstractCreateResponseMapper {
    private final ServiceText text;

    /** @param text hides the key and the prompts of the request */
    CreateResponseMapper(ServiceText text) {
        super(MediaioErrors.ERRORS, text);
        this.text = text;
    }

    @Override
    protected @Nullable String taskId(JsonNode answer) {
        // Also where the code beside it cannot be read
        return Json.text(answer.path("data").get("task_id"));
    }

    @Override
    protected boolean isSuccess(JsonNode answer) {
        return MediaioEnvelope.of(answer).filter(MediaioEnvelope::isOk).isPresent();
    }

    @Override
    protected Optional<ServiceMessage> message(JsonNode answer) {
        return MediaioEnvelope.of(answer)
                .map(e -> new ServiceMessage(String.valueOf(e.code()), MediaioErrors.reason(e, text)));
    }

    @Override
    protected SubmitOutcome accepted(String taskId, JsonNode answer) {
        return new SubmitOutcome.Accepted(taskId, TaskStatus.QUEUED, null, text.answer(Json.toMap(answer)));
    }

    @Override
    protected SubmitOutcome declined(JsonNode answer, ServiceMessage message, int status, @Nullable Duration wait) {
        MediaioEnvelope envelope = MediaioEnvelope.of(answer).orElseThrow();
        GenerationError error = MediaioErrors.ofEnvelope(DOING, envelope, status, text);
        return switch (envelope.code()) {
            case MediaioErrors.NOT_AUTHENTICATED,
                    MediaioErrors.INSUFFICIENT_CREDITS,
                    MediaioErrors.INVALID_PARAMETERS -> new SubmitOutcome.Refused(error);
            default ->
                isTurnedAway(status)
                        ? new SubmitOutcome.Refused(error)
                        : unknown(shown(message), message.code(), status);
        };
    }
}
