/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

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
 * What the answer to the paid call means (docs/contracts/ima.md sections 6 and 8).
 *
 * <p>Decisions where the contract is silent: the codes 500 ("backend error / params too complex") and 503 do not say that
 * nothing was created, so they stay uncertain, although the service's own clients send the request again. A code that the
 * contract does not know is a no only together with an HTTP status of 4xx.
 */
final class CreateResponseMapper extends AbstractCreateResponseMapper {
    private final ServiceText text;

    /** @param text hides the key and the prompts of the request */
    CreateResponseMapper(ServiceText text) {
        super(ImaErrors.ERRORS, text);
        this.text = text;
    }

    @Override
    protected @Nullable String taskId(JsonNode answer) {
        // Also where the code beside it cannot be read
        return Json.text(answer.path("data").get("id"));
    }

    @Override
    protected boolean isSuccess(JsonNode answer) {
        return ImaEnvelope.of(answer).filter(ImaEnvelope::isOk).isPresent();
    }

    @Override
    protected Optional<ServiceMessage> message(JsonNode answer) {
        return ImaEnvelope.of(answer).map(e -> new ServiceMessage(String.valueOf(e.code()), e.message()));
    }

    @Override
    protected SubmitOutcome accepted(String taskId, JsonNode answer) {
        return new SubmitOutcome.Accepted(taskId, TaskStatus.QUEUED, null, text.answer(Json.toMap(answer)));
    }

    @Override
    protected SubmitOutcome declined(JsonNode answer, ServiceMessage message, int status, @Nullable Duration wait) {
        ImaEnvelope envelope = ImaEnvelope.of(answer).orElseThrow();
        GenerationError error = ImaErrors.ofEnvelope(DOING, envelope, status, text);
        if (envelope.code() == 429) {
            return new SubmitOutcome.Deferred(error, wait);
        }
        if (ImaErrors.isStale(envelope)) {
            return new SubmitOutcome.Stale(error);
        }
        return isNo(envelope, error, status)
                ? new SubmitOutcome.Refused(error)
                : unknown(shown(message), message.code(), status);
    }

    private static boolean isNo(ImaEnvelope envelope, GenerationError error, int status) {
        boolean known = switch (error.category()) {
            case AUTHENTICATION, INSUFFICIENT_CREDITS, SUBSCRIPTION_REQUIRED -> true;
            default -> envelope.code() == 400 || ImaErrors.isInvalid(envelope.message());
        };
        return known || isTurnedAway(status);
    }
}
