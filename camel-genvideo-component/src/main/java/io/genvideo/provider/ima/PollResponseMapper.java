/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.Trouble.Kind;
import io.genvideo.spi.SubmittedTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to a look at a task means: the decision table of contract 7, row by row and over all media.
 *
 * <p>Its recommendation for {@code status=failed} while {@code resource_status} is still 0 is followed (failed at once),
 * because a task that has failed does not come back; a {@code status} beside {@code medias} is not looked at.
 */
final class PollResponseMapper {
    private static final String DOING = "looking at the task";
    private static final int DONE = 1;
    private static final int FAILED = 2;
    private static final int DELETED = 3;

    private final ImaRequests wire;
    private final ImaCatalogue catalogue;

    PollResponseMapper(ImaRequests wire, ImaCatalogue catalogue) {
        this.wire = wire;
        this.catalogue = catalogue;
    }

    PollOutcome ofFailure(Throwable failure) {
        return new PollOutcome.Trouble(Kind.UNAVAILABLE, ImaErrors.noAnswer(DOING, failure), null);
    }

    PollOutcome of(GatewayResponse answer, SubmittedTask task) {
        Optional<ImaEnvelope> envelope = ImaEnvelope.of(answer);
        if (envelope.isEmpty()) {
            return trouble(ImaErrors.ofStatus(DOING, answer.status()), false, answer);
        }
        ImaEnvelope e = envelope.get();
        if (!e.isOk()) {
            String prompt = Json.text(e.data().get("prompt"));
            GenerationError error = ImaErrors.ofEnvelope(DOING, e, answer.status(), wire, prompt);
            return trouble(error, isUnknownTask(e), answer);
        }
        if (!answer.isSuccess() || !e.data().isObject()) {
            return trouble(ImaErrors.ofStatus(DOING, answer.status()), false, answer);
        }
        return decide(e, task);
    }

    private PollOutcome decide(ImaEnvelope envelope, SubmittedTask task) {
        List<JsonNode> media = Json.elements(envelope.data().get("medias"))
                .filter(JsonNode::isObject)
                .toList();
        if (media.isEmpty()) {
            return new PollOutcome.Pending(TaskStatus.QUEUED, null, null);
        }
        for (JsonNode medium : media) {
            if (resource(medium) == FAILED) {
                return failed(envelope, medium, task);
            }
        }
        for (JsonNode medium : media) {
            if (resource(medium) == DELETED) {
                return new PollOutcome.Cancelled(
                        ended(ErrorCategory.CANCELLED, "the task was deleted at IMA Studio", task),
                        Json.withoutPrompts(envelope.whole()));
            }
        }
        // Rows "failed while 0" and "failed when all are 1" come to the same: a failed medium fails the task.
        for (JsonNode medium : media) {
            if (status(medium).equals("failed")) {
                return failed(envelope, medium, task);
            }
        }
        List<JsonNode> open = media.stream().filter(m -> resource(m) != DONE).toList();
        if (!open.isEmpty()) {
            boolean waiting = open.stream().allMatch(m -> status(m).equals("pending"));
            return new PollOutcome.Pending(waiting ? TaskStatus.QUEUED : TaskStatus.RUNNING, null, null);
        }
        return finished(envelope, media);
    }

    /**
     * All are 1 and none failed. The first medium needs its URL, as the table says; a later one without URL is waited for,
     * too, unless its own status says that nothing more will come.
     */
    private static PollOutcome finished(ImaEnvelope envelope, List<JsonNode> media) {
        List<Media> results = new ArrayList<>();
        for (JsonNode medium : media) {
            Optional<Media> result = MediaReader.read(medium);
            boolean complete =
                    status(medium).equals("success") || status(medium).equals("completed");
            if (result.isEmpty() && (results.isEmpty() || !complete)) {
                return new PollOutcome.Pending(TaskStatus.RUNNING, null, null);
            }
            result.ifPresent(results::add);
        }
        return new PollOutcome.Succeeded(results, null, Json.withoutPrompts(envelope.whole()));
    }

    private PollOutcome failed(ImaEnvelope envelope, JsonNode medium, SubmittedTask task) {
        String said = Json.text(medium.get("error_msg"));
        if (said == null) {
            said = Json.text(medium.get("remark"));
        }
        String text = said == null
                ? "unknown"
                : ServiceText.shown(said, wire.key(), Json.text(envelope.data().get("prompt")));
        ErrorCategory category =
                ServiceText.isAboutContent(text) ? ErrorCategory.CONTENT_REJECTED : ErrorCategory.GENERATION_FAILED;
        GenerationError error = ended(category, "the generation failed: " + text, task)
                .withAlternatives(Alternatives.to(task.model(), catalogue.lastKnown(task.operation())));
        return new PollOutcome.Failed(error, Json.withoutPrompts(envelope.whole()));
    }

    /** Whether it was paid is not in the contract: neither for a failed task nor for a deleted one. */
    private static GenerationError ended(ErrorCategory category, String message, SubmittedTask task) {
        return new GenerationError(
                category,
                message,
                ImaProviderFactory.NAME,
                null,
                null,
                task.taskId(),
                task.recordId(),
                false,
                Paid.UNKNOWN,
                List.of());
    }

    private static boolean isUnknownTask(ImaEnvelope envelope) {
        return envelope.code() == 404
                || ServiceText.says(envelope.message(), "not found")
                || ServiceText.says(envelope.message(), "not exist");
    }

    private static PollOutcome trouble(GenerationError error, boolean unknownTask, GatewayResponse answer) {
        @Nullable Duration wait = answer.retryAfter().orElse(null);
        if (answer.status() == 429 || error.category() == ErrorCategory.RATE_LIMITED) {
            return new PollOutcome.Trouble(Kind.RATE_LIMITED, error, wait);
        }
        if (error.category() == ErrorCategory.AUTHENTICATION) {
            return new PollOutcome.Trouble(Kind.UNAUTHORISED, error, wait);
        }
        return unknownTask
                ? new PollOutcome.Trouble(Kind.UNKNOWN_TASK, unknown(error), wait)
                : new PollOutcome.Trouble(Kind.UNAVAILABLE, error, wait);
    }

    private static GenerationError unknown(GenerationError error) {
        return GenerationError.of(
                        ErrorCategory.TASK_NOT_FOUND,
                        error.provider(),
                        "the service does not know this task: " + error.message())
                .withCode(error.providerCode(), error.httpStatus());
    }

    /** The {@code resource_status}, which may be a number, its text, empty or null: the last two mean 0. */
    private static int resource(JsonNode medium) {
        Integer number = Json.integer(medium.get("resource_status"));
        return number == null ? 0 : number;
    }

    private static String status(JsonNode medium) {
        return medium.path("status").asText("").trim().toLowerCase(Locale.ROOT);
    }
}
