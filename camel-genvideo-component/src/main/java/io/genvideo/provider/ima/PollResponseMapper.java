/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MimeTypes;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to a poll means: the decision table of docs/contracts/ima.md section 7, row by row and over all media.
 *
 * <p>Its recommendation for {@code status=failed} while {@code resource_status} is still 0 is followed (failed at once),
 * because a task that has failed does not come back; a {@code status} beside {@code medias} is ignored.
 */
final class PollResponseMapper extends AbstractPollResponseMapper {
    private static final Pattern SECONDS =
            Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s?s?", Pattern.CASE_INSENSITIVE);
    private static final String[] ADDRESSES = {"url", "watermark_url", "preview_url"};
    private static final int DONE = 1;
    private static final int FAILED = 2;
    private static final int DELETED = 3;

    private final ImaRequests requests;
    private final ImaCatalogue catalogue;

    PollResponseMapper(ImaRequests requests, ImaCatalogue catalogue) {
        super(ImaErrors.ERRORS);
        this.requests = requests;
        this.catalogue = catalogue;
    }

    PollOutcome of(GatewayResponse answer, SubmittedTask task) {
        Optional<ImaEnvelope> envelope = ImaEnvelope.of(answer);
        if (envelope.isEmpty()) {
            return trouble(ImaErrors.ERRORS.ofStatus(DOING, answer.status()), false, answer);
        }
        ImaEnvelope e = envelope.get();
        if (!e.isOk()) {
            GenerationError error = ImaErrors.ofEnvelope(DOING, e, answer.status(), text(e));
            return trouble(error, isUnknownTask(e), answer);
        }
        if (!answer.isSuccess() || !e.data().isObject()) {
            return trouble(ImaErrors.ERRORS.ofStatus(DOING, answer.status()), false, answer);
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
                        ended(ErrorCategory.CANCELLED, "the task was deleted at IMA Studio", task), kept(envelope));
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
    private PollOutcome finished(ImaEnvelope envelope, List<JsonNode> media) {
        List<Media> results = new ArrayList<>();
        for (JsonNode medium : media) {
            Optional<Media> result = media(medium);
            boolean complete =
                    status(medium).equals("success") || status(medium).equals("completed");
            if (result.isEmpty() && (results.isEmpty() || !complete)) {
                if (Stream.of(ADDRESSES).anyMatch(field -> MediaUrls.isUnusable(medium.get(field)))) {
                    return unusableResult();
                }
                return new PollOutcome.Pending(TaskStatus.RUNNING, 1.0, null);
            }
            result.ifPresent(results::add);
        }
        return new PollOutcome.Succeeded(results, null, kept(envelope));
    }

    private PollOutcome failed(ImaEnvelope envelope, JsonNode medium, SubmittedTask task) {
        String reason = Json.text(medium.get("error_msg"));
        if (reason == null) {
            reason = Json.text(medium.get("remark"));
        }
        String text = reason == null ? "unknown" : text(envelope).shown(reason);
        ErrorCategory category =
                ImaErrors.isAboutContent(text) ? ErrorCategory.CONTENT_REJECTED : ErrorCategory.GENERATION_FAILED;
        GenerationError error = ended(category, "the generation failed: " + text, task)
                .withAlternatives(Alternatives.to(task.model(), catalogue.lastKnown(task.operation())));
        return new PollOutcome.Failed(error, kept(envelope));
    }

    /** Whether it was paid is not in the contract: neither for a failed task nor for a deleted one. */
    private static GenerationError ended(ErrorCategory category, String message, SubmittedTask task) {
        return ImaErrors.ERRORS.ended(category, message, task.taskId(), task.recordId(), false, Paid.UNKNOWN);
    }

    private static boolean isUnknownTask(ImaEnvelope envelope) {
        return envelope.code() == 404
                || ServiceText.contains(envelope.message(), "not found")
                || ServiceText.contains(envelope.message(), "not exist");
    }

    /** The {@code resource_status}, which may be a number, its text, empty or null: the last two mean 0. */
    private static int resource(JsonNode medium) {
        Integer number = Json.integer(medium.get("resource_status"));
        return number == null ? 0 : number;
    }

    private static String status(JsonNode medium) {
        return medium.path("status").asText("").trim().toLowerCase(Locale.ROOT);
    }

    /** The prompt is not kept; a task repeats it, so that it can be hidden where the service quotes it. */
    private ServiceText text(ImaEnvelope envelope) {
        return ServiceText.hiding(requests.key()).andHidingPromptsOf(envelope.whole());
    }

    private Map<String, Object> kept(ImaEnvelope envelope) {
        // prompts that the answer repeats are hidden there
        return ServiceText.hiding(requests.key()).answer(Json.toMap(envelope.whole()));
    }

    /**
     * A finished medium; empty as long as it has no address: {@code url}, else {@code watermark_url}, else
     * {@code preview_url}. Documentation and service differ in the name of the cover, so both are read.
     */
    private static Optional<Media> media(JsonNode medium) {
        URI url = MediaUrls.first(medium, ADDRESSES);
        if (url == null) {
            return Optional.empty();
        }
        String type = mimeType(medium, url);
        MediaKind kind = MediaKind.ofMimeType(type);
        return Optional.of(new Media(
                url,
                kind == MediaKind.OTHER ? MediaKind.VIDEO : kind,
                type,
                MediaUrls.first(medium, "cover_url", "cover"),
                seconds(medium.get("duration_str")),
                Json.integer(medium.get("width")),
                Json.integer(medium.get("height")),
                null));
    }

    private static @Nullable String mimeType(JsonNode medium, URI url) {
        String format = Json.text(medium.get("format"));
        String byFormat = format == null ? null : MimeTypes.ofName("x." + format);
        return byFormat != null ? byFormat : MimeTypes.ofName(url.getPath());
    }

    private static @Nullable Double seconds(@Nullable JsonNode node) {
        String text = Json.text(node);
        Matcher seconds = SECONDS.matcher(text == null ? "" : text);
        return seconds.matches() ? Double.valueOf(seconds.group(1)) : null;
    }
}
