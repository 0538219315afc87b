/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.spi.SubmitOutcome;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to the paid call means (contract 2 and 5). The service takes no idempotency key, so an order whose answer
 * is lost cannot simply be given again: only an answer that certainly means "nothing was created" is a no, and everything
 * else stays open. A task id is taken whatever the HTTP status around it is (but 504, which stays open always): watching a
 * task that turns out not to exist costs nothing.
 *
 * <p>The codes, in the contract's own words. {@code PROVIDER_UNAVAILABLE} (503) is "retry: yes", and 503 is among the three
 * answers after which no id can have been issued, so it is "not now". {@code FAILED} (502) is "maybe; a new paid job": what
 * failed was a job, and to send the order again would be a second one, so it stays open. So do {@code TIMEOUT} (504), and a
 * 5xx with any other code: the contract does not say that nothing was created. A 503 without the service's own words may come
 * from anything that stands before it, and stays open too. A code that the contract does not know is a no only together with
 * a status of 4xx.
 */
final class CreateResponseMapper {
    private static final String DOING = "create";
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 307, 308);

    /** Of 4xx those that do not mean that the request was turned away: time-out, conflict with what exists, replay. */
    private static final Set<Integer> OPEN = Set.of(408, 409, 425);

    private final SkillsvideoRequests wire;
    private final @Nullable String prompt;
    private final @Nullable String negativePrompt;

    /**
     * @param prompt never shown, even if the service quotes it
     * @param negativePrompt neither
     */
    CreateResponseMapper(SkillsvideoRequests wire, @Nullable String prompt, @Nullable String negativePrompt) {
        this.wire = wire;
        this.prompt = prompt;
        this.negativePrompt = negativePrompt;
    }

    /** There was no complete answer. */
    SubmitOutcome ofFailure(Throwable failure) {
        Throwable cause = SkillsvideoErrors.unwrap(failure);
        if (cause instanceof HttpGatewayException e && !e.wasSent()) {
            return new SubmitOutcome.Deferred(SkillsvideoErrors.noAnswer(DOING, cause), null);
        }
        return unknown(SkillsvideoErrors.reason(cause), null, null);
    }

    /** There was a stream, and it ended before it said which task it is about. */
    SubmitOutcome ofEnd(@Nullable HttpGatewayException cause) {
        return unknown(
                "the stream ended before it told the task's id"
                        + (cause == null ? "" : ": " + SkillsvideoErrors.reason(cause)),
                null,
                null);
    }

    SubmitOutcome of(GatewayResponse answer) {
        int status = answer.status();
        if (status == 504) {
            return unknown("HTTP 504", null, status);
        }
        Optional<JsonNode> body = Json.read(answer.body()).filter(JsonNode::isObject);
        Duration wait = answer.retryAfter().orElse(null);
        if (status == 429) {
            GenerationError error = body.flatMap(SkillsvideoEnvelope::of)
                    .map(e -> SkillsvideoErrors.of(ErrorCategory.RATE_LIMITED, DOING, text(e))
                            .withCode(e.code(), status))
                    .orElseGet(() -> SkillsvideoErrors.ofStatus(DOING, status));
            return new SubmitOutcome.Deferred(error, wait);
        }
        if (REDIRECTS.contains(status)) {
            return new SubmitOutcome.Refused(redirected(answer));
        }
        return body.flatMap(b -> of(b, status, wait)).orElseGet(() -> withoutEnvelope(status));
    }

    /**
     * What the service itself says, in an answer or in an event; empty if it is none of what it says.
     *
     * @param status of the answer around it
     * @param wait that it asked for, if it did
     */
    Optional<SubmitOutcome> of(JsonNode said, int status, @Nullable Duration wait) {
        Optional<SkillsvideoTask> task = SkillsvideoTask.of(said);
        String id = task.map(SkillsvideoTask::id).orElse(null);
        if (task.isPresent() && id != null) {
            return Optional.of(new SubmitOutcome.Accepted(
                    id, task.get().going(), null, task.get().raw(wire.key(), prompt, negativePrompt)));
        }
        if (task.isPresent()) {
            return Optional.of(unknown("a task without an id", null, status));
        }
        return SkillsvideoEnvelope.of(said).map(e -> refused(e, status, wait));
    }

    private SubmitOutcome refused(SkillsvideoEnvelope envelope, int status, @Nullable Duration wait) {
        GenerationError error =
                SkillsvideoErrors.ofEnvelope(DOING, envelope, status, wire.key(), prompt, negativePrompt);
        SkillsvideoEnvelope.Reason reason = envelope.reason();
        if (reason == null) {
            return isTurnedAway(status)
                    ? new SubmitOutcome.Refused(error)
                    : unknown(text(envelope), envelope.code(), status);
        }
        return switch (reason) {
            case INVALID_INPUT, UNSUPPORTED_MODEL, INSUFFICIENT_CREDITS, CONTENT_REJECTED ->
                new SubmitOutcome.Refused(error);
            case RATE_LIMITED, PROVIDER_UNAVAILABLE -> new SubmitOutcome.Deferred(error, wait);
            case FAILED, TIMEOUT -> unknown(text(envelope), envelope.code(), status);
        };
    }

    private SubmitOutcome withoutEnvelope(int status) {
        return isTurnedAway(status)
                ? new SubmitOutcome.Refused(SkillsvideoErrors.ofStatus(DOING, status))
                : unknown("HTTP " + status + " without the service's own answer", null, status);
    }

    private static boolean isTurnedAway(int status) {
        return status >= 400 && status < 500 && !OPEN.contains(status);
    }

    private static GenerationError redirected(GatewayResponse answer) {
        String host =
                answer.header("Location").map(CreateResponseMapper::host).orElse("an address that cannot be read");
        return SkillsvideoErrors.of(
                        ErrorCategory.SERVICE_UNAVAILABLE,
                        DOING,
                        "HTTP " + answer.status() + ", a redirect to " + host
                                + "; redirects are never followed with a paid call, is the base URL right?")
                .withCode(null, answer.status())
                .withRetryable(false);
    }

    private static String host(String location) {
        try {
            URI uri = URI.create(location.trim());
            return uri.getHost() == null ? "another path of the same host" : Origin.shown(uri);
        } catch (IllegalArgumentException e) {
            // Not an address; its text is not shown because a query in it could carry a credential.
            return "an address that cannot be read";
        }
    }

    private String text(SkillsvideoEnvelope envelope) {
        String text = ServiceText.shown(envelope.message(), wire.key(), prompt, negativePrompt);
        return text.isEmpty() ? "code " + envelope.code() : text;
    }

    private static SubmitOutcome unknown(String reason, @Nullable String code, @Nullable Integer status) {
        return new SubmitOutcome.Unknown(GenerationError.of(
                        ErrorCategory.UNCERTAIN_SUBMISSION,
                        SkillsvideoProviderFactory.NAME,
                        "create was sent, and its answer does not tell whether there is a task now: " + reason)
                .withCode(code, status)
                .withPaid(Paid.UNKNOWN));
    }
}
