/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

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
 * What the answer to a paid call means, as far as it is the same for every service that takes no idempotency key. Only an
 * answer that certainly means "nothing was created" is a no; everything else stays uncertain:
 *
 * <ul>
 *   <li>no answer after the first byte has left, an answer that is not the service's own, and HTTP 504 are uncertain;
 *   <li>a success that names a task is the task, whatever the HTTP status around it: polling a task that turns out not to
 *       exist costs nothing, and a second create would be a second charge;
 *   <li>a success that names no task, and an error that names one, are uncertain;
 *   <li>HTTP 429 is a refusal for now; redirects that request a repetition elsewhere (301, 302, 307, 308) come from something that
 *       did not handle it and are a no; 303 and the rest of 3xx may follow a call that was handled;
 *   <li>of the other 4xx all are a no but time-out (408), conflict (409) and too early (425).
 * </ul>
 */
public abstract class AbstractCreateResponseMapper {
    /** What was tried, for messages. */
    protected static final String DOING = "create";

    /** The longest task id that is kept, in characters. */
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 307, 308);

    private static final Set<Integer> UNDECIDED = Set.of(408, 409, 425);

    private final ServiceErrors errors;
    private final ServiceText text;

    /** @param text hides the prompts of the request */
    protected AbstractCreateResponseMapper(ServiceErrors errors, ServiceText text) {
        this.errors = errors;
        this.text = text;
    }

    /** The id of a task that an answer names anywhere, in a success or in an error; {@code null} if it names none. */
    protected abstract @Nullable String taskId(JsonNode answer);

    /** Whether an answer is a success, so that work has begun. */
    protected abstract boolean isSuccess(JsonNode answer);

    /** The error message of the service; empty if the answer is not the service's own. */
    protected abstract Optional<ServiceMessage> message(JsonNode answer);

    /** The task that an answer names. */
    protected abstract SubmitOutcome accepted(String taskId, JsonNode answer);

    /**
     * What the service's own error means.
     *
     * @param wait that the service requires; {@code null} for none
     */
    protected abstract SubmitOutcome declined(
            JsonNode answer, ServiceMessage message, int status, @Nullable Duration wait);

    /** There was no complete answer. */
    public final SubmitOutcome ofFailure(Throwable failure) {
        Throwable cause = ServiceErrors.unwrap(failure);
        if (cause instanceof HttpGatewayException e && !e.wasSent()) {
            return new SubmitOutcome.Deferred(errors.noAnswer(DOING, cause), null);
        }
        return unknown(ServiceErrors.reason(cause), null, null);
    }

    /** There was an answer. */
    public final SubmitOutcome of(GatewayResponse answer) {
        int status = answer.status();
        if (status == 504) {
            return unknown("HTTP 504", null, status);
        }
        Optional<JsonNode> root = Json.read(answer.body()).filter(JsonNode::isObject);
        Optional<SubmitOutcome> task = root.flatMap(r -> ofTask(r, status));
        if (task.isPresent()) {
            return task.get();
        }
        Duration wait = answer.retryAfter().orElse(null);
        if (status == 429) {
            GenerationError error = root.flatMap(this::message)
                    .map(m -> errors.of(ErrorCategory.RATE_LIMITED, DOING, shown(m))
                            .withCode(text.code(m.code()), status))
                    .orElseGet(() -> errors.ofStatus(DOING, status));
            return new SubmitOutcome.Deferred(error, wait);
        }
        if (REDIRECTS.contains(status)) {
            return new SubmitOutcome.Refused(redirected(answer));
        }
        return root.flatMap(r -> message(r).map(m -> declined(r, m, status, wait)))
                .orElseGet(() -> withoutMessage(status));
    }

    /** The task that an answer or an event names or shows to have begun; empty if it does neither. */
    protected final Optional<SubmitOutcome> ofTask(JsonNode root, int status) {
        String id = taskId(root);
        if (id == null) {
            return isSuccess(root)
                    ? Optional.of(unknown("a success without a task id", null, status))
                    : Optional.empty();
        }
        if (!isSuccess(root)) {
            return Optional.of(unknown("an error that names task " + text.code(id), null, status));
        }
        return Optional.of(
                TaskIds.isStorable(id)
                        ? accepted(id, root)
                        : unknown(
                                "its task id has " + id.length() + " characters and is not one of up to "
                                        + TaskIds.MAX_LENGTH + " printable characters, so it cannot be kept: "
                                        + text.code(id),
                                null,
                                status));
    }

    private SubmitOutcome withoutMessage(int status) {
        return isTurnedAway(status)
                ? new SubmitOutcome.Refused(errors.ofStatus(DOING, status))
                : unknown("HTTP " + status + " without the service's own answer", null, status);
    }

    /** Whether a status alone proves that the request was not handled. */
    protected static boolean isTurnedAway(int status) {
        return status >= 400 && status < 500 && !UNDECIDED.contains(status);
    }

    /** Nobody knows whether there is a task now. */
    protected final SubmitOutcome unknown(String reason, @Nullable String code, @Nullable Integer status) {
        return new SubmitOutcome.Unknown(GenerationError.of(
                        ErrorCategory.UNCERTAIN_SUBMISSION,
                        errors.provider(),
                        "create was sent, and its answer does not tell whether there is a task now: " + reason)
                .withCode(text.code(code), status)
                .withPaid(Paid.UNKNOWN));
    }

    /** The service's words as they may be shown, or its code. */
    protected final String shown(ServiceMessage message) {
        String shown = text.shown(message.text());
        String code = text.code(message.code());
        return !shown.isEmpty() ? shown : code == null ? "no reason given" : "code " + code;
    }

    private GenerationError redirected(GatewayResponse answer) {
        String target = answer.header("Location")
                .map(AbstractCreateResponseMapper::host)
                .orElse("an address that cannot be read");
        return errors.of(
                        ErrorCategory.SERVICE_UNAVAILABLE,
                        DOING,
                        "HTTP " + answer.status() + ", a redirect to " + target
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
}
