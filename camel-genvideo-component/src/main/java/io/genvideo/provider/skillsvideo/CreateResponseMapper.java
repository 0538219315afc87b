/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.model.GenerationError;
import io.genvideo.provider.support.AbstractCreateResponseMapper;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.SubmitOutcome;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to the paid call means (docs/contracts/skillsvideo.md sections 2 and 5), be it one answer or the events of a
 * stream.
 *
 * <p>The codes, in the contract's own words. {@code PROVIDER_UNAVAILABLE} (503) is "retry: yes", and 503 is among the three
 * answers after which no id can have been issued, so it is "not now". {@code FAILED} (502) is "maybe; a new paid job": what
 * failed was a job, and to send the request again would be a second one, so it stays uncertain. So do {@code TIMEOUT} (504), and
 * a 5xx with any other code: the contract does not say that nothing was created. A 503 without the service's own words may come
 * from anything that stands before it, and stays uncertain too. A code that the contract does not know is a no only together
 * with a status of 4xx.
 */
final class CreateResponseMapper extends AbstractCreateResponseMapper {
    private static final int STREAM_STATUS = 200;

    private final ServiceText text;

    /** @param text hides the key and the prompts of the request */
    CreateResponseMapper(ServiceText text) {
        super(SkillsvideoErrors.ERRORS, text);
        this.text = text;
    }

    /** A stream ended before it named its task. */
    SubmitOutcome ofEnd(@Nullable HttpGatewayException cause) {
        return unknown(
                "the stream ended before it told the task's id"
                        + (cause == null ? "" : ": " + ServiceErrors.reason(cause)),
                null,
                null);
    }

    /**
     * What an event of a stream means that has not named its task yet; empty if it is nothing that we know.
     *
     * @param first whether nothing came before it. A refusal that follows another event is uncertain: the stream was about
     *     a request that was being handled
     */
    Optional<SubmitOutcome> ofEvent(JsonNode event, boolean first) {
        return ofTask(event, STREAM_STATUS)
                .or(() -> message(event)
                        .map(m -> first
                                ? declined(event, m, STREAM_STATUS, null)
                                : unknown("after another event came: " + shown(m), m.code(), STREAM_STATUS)));
    }

    @Override
    protected @Nullable String taskId(JsonNode answer) {
        return SkillsvideoTask.of(answer)
                .map(SkillsvideoTask::id)
                .or(() -> message(answer).flatMap(m -> Optional.ofNullable(Json.text(answer.get("id")))))
                .orElse(null);
    }

    @Override
    protected boolean isSuccess(JsonNode answer) {
        return SkillsvideoTask.of(answer).isPresent();
    }

    @Override
    protected Optional<ServiceMessage> message(JsonNode answer) {
        return SkillsvideoEnvelope.of(answer);
    }

    @Override
    protected SubmitOutcome accepted(String taskId, JsonNode answer) {
        SkillsvideoTask task = SkillsvideoTask.of(answer).orElseThrow();
        return new SubmitOutcome.Accepted(taskId, task.pendingStatus(), null, task.raw(text));
    }

    @Override
    protected SubmitOutcome declined(JsonNode answer, ServiceMessage message, int status, @Nullable Duration wait) {
        GenerationError error = SkillsvideoErrors.of(DOING, message, status, text);
        SkillsvideoEnvelope.Reason reason = SkillsvideoEnvelope.reason(message.code());
        if (reason == null) {
            return isTurnedAway(status)
                    ? new SubmitOutcome.Refused(error)
                    : unknown(shown(message), message.code(), status);
        }
        return switch (reason) {
            case INVALID_INPUT, UNSUPPORTED_MODEL, INSUFFICIENT_CREDITS, CONTENT_REJECTED ->
                new SubmitOutcome.Refused(error);
            case RATE_LIMITED, PROVIDER_UNAVAILABLE -> new SubmitOutcome.Deferred(error, wait);
            case FAILED, TIMEOUT -> unknown(shown(message), message.code(), status);
        };
    }
}
