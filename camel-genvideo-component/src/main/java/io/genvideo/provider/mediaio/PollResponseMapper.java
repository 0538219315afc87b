/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MimeTypes;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.AbstractPollResponseMapper;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.MediaUrls;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmittedTask;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the response to a poll means (docs/contracts/mediaio.md sections 3 and 5), with the synonyms of each status. */
final class PollResponseMapper extends AbstractPollResponseMapper {
    private static final Set<String> QUEUED = Set.of("waiting", "pending");
    private static final Set<String> SUCCEEDED = Set.of("completed", "succeeded");
    private static final String FAILED = "failed";
    private static final String TIMEOUT = "timeout";

    private final MediaioRequests requests;
    private final MediaioCatalogue catalogue;

    PollResponseMapper(MediaioRequests requests, MediaioCatalogue catalogue) {
        super(MediaioErrors.ERRORS);
        this.requests = requests;
        this.catalogue = catalogue;
    }

    PollOutcome of(GatewayResponse answer, SubmittedTask task) {
        Optional<MediaioEnvelope> envelope = MediaioEnvelope.of(answer);
        if (envelope.isEmpty()) {
            return trouble(MediaioErrors.ERRORS.ofStatus(DOING, answer.status()), false, answer);
        }
        MediaioEnvelope e = envelope.get();
        if (!e.isOk()) {
            GenerationError error = MediaioErrors.ofEnvelope(DOING, e, answer.status(), text(e));
            return trouble(error, isUnknownTask(e, answer.status()), answer);
        }
        if (!answer.isSuccess() || !isTask(e.data())) {
            GenerationError error = answer.isSuccess()
                    ? MediaioErrors.ERRORS.incomplete(DOING, answer)
                    : MediaioErrors.ERRORS.ofStatus(DOING, answer.status());
            return trouble(error, false, answer);
        }
        return decide(e, task);
    }

    /** A task whose status is empty is there all the same. */
    private static boolean isTask(JsonNode data) {
        return data.has("status") || data.has("task_id");
    }

    /** What the service answers to an unknown id is not known; a poll has no other parameter that could be wrong. */
    private static boolean isUnknownTask(MediaioEnvelope envelope, int status) {
        return status == 404
                || envelope.code() == MediaioErrors.INVALID_PARAMETERS
                || ServiceText.containsAny(envelope.message(), List.of("not found", "not exist"));
    }

    private PollOutcome decide(MediaioEnvelope envelope, SubmittedTask task) {
        String status = status(envelope.data());
        if (SUCCEEDED.contains(status)) {
            return finished(envelope, task);
        }
        if (isFailure(status)) {
            return failed(envelope, task, status);
        }
        return new PollOutcome.Pending(QUEUED.contains(status) ? TaskStatus.QUEUED : TaskStatus.RUNNING, null, null);
    }

    /**
     * A result that has no address yet is waited for, because it is paid; one whose every part has failed will never have one.
     */
    private PollOutcome finished(MediaioEnvelope envelope, SubmittedTask task) {
        List<JsonNode> results = Json.elementsOrSelf(envelope.data().get("result"))
                .filter(JsonNode::isObject)
                .toList();
        List<Media> media = new ArrayList<>();
        boolean complete = !results.isEmpty();
        for (JsonNode result : results) {
            Optional<Media> medium = medium(result, task);
            medium.ifPresent(media::add);
            complete &= medium.isPresent() || isFailure(status(result));
        }
        if (complete) {
            return media.isEmpty()
                    ? failed(envelope, task, status(results.get(0)))
                    : new PollOutcome.Succeeded(media, null, kept(envelope));
        }
        return results.stream().anyMatch(r -> MediaUrls.isUnusable(r.get("preview")))
                ? unusableResult()
                : new PollOutcome.Pending(TaskStatus.RUNNING, 1.0, null);
    }

    /** {@code preview} is the public address; {@code val} is a path in the service's own storage, good for its extension. */
    private Optional<Media> medium(JsonNode result, SubmittedTask task) {
        URI url = MediaUrls.read(result.get("preview"));
        if (url == null) {
            return Optional.empty();
        }
        String type = url.getPath() == null ? null : MimeTypes.ofName(url.getPath());
        String stored = Json.text(result.get("val"));
        if (type == null && stored != null) {
            type = MimeTypes.ofName(stored);
        }
        MediaKind kind = MediaKind.ofMimeType(type);
        return Optional.of(
                new Media(url, kind == MediaKind.OTHER ? expected(task) : kind, type, null, null, null, null, null));
    }

    private MediaKind expected(SubmittedTask task) {
        Operation operation = task.operation();
        MediaKind byOperation = operation.produces();
        return byOperation != null
                ? byOperation
                : catalogue.ofId(task.model()).map(MediaioModel::kind).orElse(MediaKind.VIDEO);
    }

    /** Whether a failed task was paid is not in the contract. A time-out of the service is no fault of the request. */
    private PollOutcome failed(MediaioEnvelope envelope, SubmittedTask task, String status) {
        boolean timedOut = status.equals(TIMEOUT);
        String message = timedOut ? "the generation took too long for Media.io" : "the generation failed";
        String reason = Json.text(envelope.data().get("reason"));
        if (reason != null && !reason.equalsIgnoreCase("success")) {
            message += ": " + text(envelope).shown(reason);
        } else if (!timedOut) {
            message += ": no reason given";
        }
        String trace = text(envelope).code(envelope.traceId());
        GenerationError error = MediaioErrors.ERRORS.ended(
                ErrorCategory.GENERATION_FAILED,
                message + (trace == null ? "" : " (trace_id " + trace + ")"),
                task.taskId(),
                task.recordId(),
                timedOut,
                Paid.UNKNOWN);
        return new PollOutcome.Failed(error, kept(envelope));
    }

    private static boolean isFailure(String status) {
        return status.equals(FAILED) || status.equals(TIMEOUT);
    }

    private static String status(@Nullable JsonNode object) {
        String status = object == null ? null : Json.text(object.get("status"));
        return status == null ? "" : status.toLowerCase(Locale.ROOT);
    }

    /** The prompt is not kept; where a response repeats it, it is hidden. */
    private ServiceText text(MediaioEnvelope envelope) {
        return ServiceText.hiding(requests.key()).andHidingPromptsOf(envelope.whole());
    }

    private Map<String, Object> kept(MediaioEnvelope envelope) {
        // prompts that the answer repeats are hidden there
        return ServiceText.hiding(requests.key()).answer(Json.toMap(envelope.whole()));
    }
}
