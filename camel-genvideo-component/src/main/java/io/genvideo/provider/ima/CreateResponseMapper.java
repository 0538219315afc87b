/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.SubmitOutcome;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to the paid call means (contract 6 and 8). The service takes no idempotency key and lists no tasks, so
 * an order whose answer is lost cannot be found again: only an answer that certainly means "nothing was created" is a no,
 * and everything else stays open.
 * A task id is taken whatever the HTTP status around it is: watching a task that turns out not to exist costs nothing.
 *
 * <p>Decisions where the contract is silent: the codes 500 ("backend error / params too complex") and 503 do not say that
 * nothing was created, so they stay open, although the service's own clients order again. A code that the contract does not know is a
 * no only together with an HTTP status of 4xx. Redirects that ask to repeat the call elsewhere (301, 302, 307, 308) come
 * from something that did not handle it and are a no; 303 and the rest of 3xx may follow a call that was handled.
 */
final class CreateResponseMapper {
    private static final String DOING = "create";
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 307, 308);

    /** Of 4xx those that do not mean that the request was turned away: time-out, conflict with what exists, replay. */
    private static final Set<Integer> OPEN = Set.of(408, 409, 425);

    private final ImaRequests wire;
    private final @Nullable String prompt;

    /** @param prompt never shown, even if the service quotes it */
    CreateResponseMapper(ImaRequests wire, @Nullable String prompt) {
        this.wire = wire;
        this.prompt = prompt;
    }

    /** There was no complete answer. */
    SubmitOutcome ofFailure(Throwable failure) {
        Throwable cause = ImaErrors.unwrap(failure);
        if (cause instanceof HttpGatewayException e && !e.wasSent()) {
            return new SubmitOutcome.Deferred(ImaErrors.noAnswer(DOING, cause), null);
        }
        return unknown(ImaErrors.reason(cause), null, null);
    }

    SubmitOutcome of(GatewayResponse answer) {
        int status = answer.status();
        if (status == 504) {
            return unknown("HTTP 504", null, status);
        }
        Optional<ImaEnvelope> envelope = ImaEnvelope.of(answer);
        if (status == 429) {
            GenerationError error = envelope.filter(e -> !e.isOk())
                    .map(e -> ImaErrors.of(ErrorCategory.RATE_LIMITED, DOING, text(e)))
                    .orElseGet(() -> ImaErrors.ofStatus(DOING, status));
            return new SubmitOutcome.Deferred(
                    error.withCode(null, status), answer.retryAfter().orElse(null));
        }
        if (REDIRECTS.contains(status)) {
            return new SubmitOutcome.Refused(redirected(answer));
        }
        return envelope.map(e -> e.isOk() ? accepted(e, status) : refused(e, answer))
                .orElseGet(() -> withoutEnvelope(status));
    }

    private SubmitOutcome accepted(ImaEnvelope envelope, int status) {
        String id = Json.text(envelope.data().get("id"));
        return id == null
                ? unknown("a success without a task id", String.valueOf(envelope.code()), status)
                : new SubmitOutcome.Accepted(id, TaskStatus.QUEUED, null, Json.withoutPrompts(envelope.whole()));
    }

    private SubmitOutcome refused(ImaEnvelope envelope, GatewayResponse answer) {
        int status = answer.status();
        GenerationError error = ImaErrors.ofEnvelope(DOING, envelope, status, wire, prompt);
        if (envelope.code() == 429) {
            return new SubmitOutcome.Deferred(error, answer.retryAfter().orElse(null));
        }
        if (ImaErrors.isStale(envelope)) {
            return new SubmitOutcome.Stale(error);
        }
        return saysNo(envelope, error, status)
                ? new SubmitOutcome.Refused(error)
                : unknown(text(envelope), String.valueOf(envelope.code()), status);
    }

    private static boolean saysNo(ImaEnvelope envelope, GenerationError error, int status) {
        boolean known = switch (error.category()) {
            case AUTHENTICATION, INSUFFICIENT_CREDITS, SUBSCRIPTION_REQUIRED -> true;
            default -> envelope.code() == 400 || ImaErrors.saysInvalid(envelope.message());
        };
        return known || isTurnedAway(status);
    }

    private SubmitOutcome withoutEnvelope(int status) {
        return isTurnedAway(status)
                ? new SubmitOutcome.Refused(ImaErrors.ofStatus(DOING, status))
                : unknown("HTTP " + status + " without the service's own answer", null, status);
    }

    private static boolean isTurnedAway(int status) {
        return status >= 400 && status < 500 && !OPEN.contains(status);
    }

    private static GenerationError redirected(GatewayResponse answer) {
        String host =
                answer.header("Location").map(CreateResponseMapper::host).orElse("an address that cannot be read");
        return ImaErrors.of(
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

    private String text(ImaEnvelope envelope) {
        String text = ServiceText.shown(envelope.message(), wire.key(), prompt);
        return text.isEmpty() ? "code " + envelope.code() : text;
    }

    private static SubmitOutcome unknown(String reason, @Nullable String code, @Nullable Integer status) {
        return new SubmitOutcome.Unknown(GenerationError.of(
                        ErrorCategory.UNCERTAIN_SUBMISSION,
                        ImaProviderFactory.NAME,
                        "create was sent, and its answer does not tell whether there is a task now: " + reason)
                .withCode(code, status)
                .withPaid(Paid.UNKNOWN));
    }
}
