/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
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
import org.jspecify.annotations.Nullable;

/**
 * What the response to the message means (docs/contracts/nemo.md sections 6 and 9). The service names no task: a stream is the
 * acceptance, an error before it comes as JSON.
 */
final class CreateResponseMapper extends AbstractCreateResponseMapper {
    private final ServiceText text;
    private final String registration;

    /**
     * @param text hides the token and the prompts of the request
     * @param registration the end of a sentence for an account without credits; may be empty
     */
    CreateResponseMapper(ServiceText text, String registration) {
        super(NemoErrors.ERRORS, text);
        this.text = text;
        this.registration = registration;
    }

    /** A response that is no stream to be listened to. */
    SubmitOutcome ofPlain(GatewayResponse answer) {
        // events behind an error status may be those of a run
        return NemoEnvelope.isStream(answer)
                ? unknown("events with HTTP " + answer.status(), null, answer.status())
                : of(answer);
    }

    /** The first event of a stream is an error. */
    SubmitOutcome ofEvent(ServiceMessage message) {
        return NemoErrors.category(message).isEmpty()
                ? unknown("the stream began with an error: " + shown(message), message.code(), 200)
                : declined(Json.NODES.objectNode(), message, 200, null);
    }

    /** The stream has ended before its first event. */
    SubmitOutcome ofEmptyStream() {
        return unknown("the stream ended before its first event", null, 200);
    }

    /** The task: its id is made here, because the service has none. */
    SubmitOutcome.Accepted accepted(MessageProgress progress) {
        return new SubmitOutcome.Accepted(
                progress.taskId(),
                TaskStatus.RUNNING,
                progress.write(),
                text.answer(Map.of(SessionIds.PARAMETER, progress.session())));
    }

    @Override
    protected @Nullable String taskId(JsonNode answer) {
        return null;
    }

    @Override
    protected boolean isSuccess(JsonNode answer) {
        return "0".equals(Json.text(answer.get("code")));
    }

    @Override
    protected Optional<ServiceMessage> message(JsonNode answer) {
        return NemoEnvelope.error(answer);
    }

    /** Never called: no response names a task. */
    @Override
    protected SubmitOutcome accepted(String taskId, JsonNode answer) {
        return unknown("a response that names a task", null, null);
    }

    @Override
    protected SubmitOutcome declined(JsonNode answer, ServiceMessage message, int status, @Nullable Duration wait) {
        boolean isKnown = NemoErrors.category(message).isPresent();
        if (status >= 500 || !isKnown && !isTurnedAway(status)) {
            return unknown(shown(message), message.code(), status);
        }
        GenerationError error = NemoErrors.of(DOING, message, status, text);
        return switch (error.category()) {
            case RATE_LIMITED -> new SubmitOutcome.Deferred(error, wait);
            case INSUFFICIENT_CREDITS ->
                new SubmitOutcome.Refused(NemoErrors.ERRORS
                        .of(ErrorCategory.INSUFFICIENT_CREDITS, DOING, shown(message) + registration)
                        .withCode(error.providerCode(), status));
            default -> new SubmitOutcome.Refused(error);
        };
    }
}
