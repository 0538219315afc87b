/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.AbstractPollResponseMapper;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.MediaUrls;
import io.genvideo.provider.support.ServiceMessage;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmittedTask;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a session's state and a render mean for a task (docs/contracts/nemo.md sections 8 and 10). A state that has not changed
 * never ends a task by itself, however long that takes: the message is paid, and about a third of all edits are done in silence.
 * An error with which the service has ended its stream ends it, if nothing has changed then.
 */
final class PollResponseMapper extends AbstractPollResponseMapper {
    /** The step that exports the video once it exists. */
    static final String EXPORT = "export";

    /** Errors in the stream that say nothing about the generation. */
    private static final Set<ErrorCategory> ABOUT_THE_CONNECTION =
            Set.of(ErrorCategory.AUTHENTICATION, ErrorCategory.RATE_LIMITED);

    private final NemoCalls calls;
    private final Duration settleFor;

    /** @param settleFor how long a state stays the same before it is exported */
    PollResponseMapper(NemoCalls calls, Duration settleFor) {
        super(NemoErrors.ERRORS);
        this.calls = calls;
        this.settleFor = settleFor;
    }

    /** The state of the session. */
    PollOutcome ofState(GatewayResponse answer, MessageProgress progress, SubmittedTask task, Instant now) {
        SessionState state = SessionState.of(answer).orElse(null);
        if (state == null) {
            return ofError(answer);
        }
        String hash = state.hash();
        if (!progress.isChanged(hash)) {
            return unchanged(hash, progress, task, now);
        }
        MessageProgress seeing = progress.seeing(hash, now);
        return state.isExportable() && progress.isSettled(hash, now, settleFor)
                ? new PollOutcome.ActionDue(EXPORT, progress.exporting().write())
                : new PollOutcome.Pending(TaskStatus.RUNNING, null, seeing.write());
    }

    private PollOutcome unchanged(String hash, MessageProgress progress, SubmittedTask task, Instant now) {
        String reply = progress.reply();
        ErrorCategory category = errorOf(progress);
        if (category != null && progress.isSettled(hash, now, settleFor)) {
            return new PollOutcome.Failed(error(category, progress, task), null);
        }
        if (category != null) {
            // the service may have made something all the same
            return new PollOutcome.Pending(
                    TaskStatus.RUNNING, null, progress.seeing(hash, now).write());
        }
        // the words are shown to whoever waits until the deadline; they do not end the task
        return reply == null
                ? new PollOutcome.Pending(TaskStatus.RUNNING, null, null)
                : new PollOutcome.Trouble(
                        PollOutcome.Trouble.Kind.UNUSABLE_RESULT,
                        NemoErrors.ERRORS
                                .of(
                                        ErrorCategory.SERVICE_UNAVAILABLE,
                                        "the generation",
                                        "the service replied, and nothing in the session has changed so far: " + reply)
                                .withPaid(Paid.UNKNOWN),
                        null);
    }

    /** What the error means with which the service has ended its stream; {@code null} if there is none that ends the task. */
    private static @Nullable ErrorCategory errorOf(MessageProgress progress) {
        String code = progress.code();
        if (code == null) {
            return null;
        }
        ErrorCategory category =
                NemoErrors.category(new ServiceMessage(code, "")).orElse(ErrorCategory.GENERATION_FAILED);
        return ABOUT_THE_CONNECTION.contains(category) ? null : category;
    }

    private GenerationError error(ErrorCategory category, MessageProgress progress, SubmittedTask task) {
        String code = MessageProgress.NO_CODE.equals(progress.code()) ? null : progress.code();
        String reason = Objects.requireNonNullElse(progress.reply(), "no reason given")
                + (category == ErrorCategory.INSUFFICIENT_CREDITS
                        ? calls.tokens().registration()
                        : "");
        GenerationError error = NemoErrors.ERRORS.of(category, "the generation", reason);
        return NemoErrors.ERRORS
                .ended(category, error.message(), task.taskId(), task.recordId(), false, Paid.UNKNOWN)
                .withCode(code, null);
    }

    /** A render that the service knows. */
    PollOutcome ofRender(GatewayResponse answer, MessageProgress progress, SubmittedTask task) {
        JsonNode render = NemoEnvelope.render(answer).orElse(null);
        if (render == null) {
            return ofRenderError(answer, progress, task);
        }
        String status = render.path("status").asText();
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "pending", "queued" -> new PollOutcome.Pending(TaskStatus.QUEUED, fraction(render), null);
            case "completed" -> completed(render, progress);
            case "failed" -> failed(render, progress, task);
            case "cancelled", "canceled" ->
                new PollOutcome.Cancelled(
                        ended(ErrorCategory.CANCELLED, "the export was cancelled", progress, task),
                        raw(render, progress));
            default -> new PollOutcome.Pending(TaskStatus.RUNNING, fraction(render), null);
        };
    }

    /** Whether the service says that it has no such render. */
    static boolean isRenderUnknown(GatewayResponse answer) {
        return NemoEnvelope.render(answer).isEmpty()
                && error(answer)
                        .filter(m -> NemoErrors.isRenderUnknown(m, answer.status()))
                        .isPresent();
    }

    static Optional<ServiceMessage> error(GatewayResponse answer) {
        return Json.read(answer.body()).filter(JsonNode::isObject).flatMap(NemoEnvelope::error);
    }

    private static @Nullable Double fraction(JsonNode render) {
        Integer percent = Json.integer(render.get("progress"));
        // 1 would mean that the work is done
        return percent == null || percent < 0 || percent > 100 ? null : Double.valueOf(Math.min(0.99, percent / 100.0));
    }

    private PollOutcome completed(JsonNode render, MessageProgress progress) {
        JsonNode output = render.path("output");
        List<JsonNode> addresses = Stream.of(render.get("outputUrl"), output.get("url"), render.get("url"))
                .filter(Objects::nonNull)
                .toList();
        URI url = addresses.stream()
                .flatMap(a -> Stream.ofNullable(MediaUrls.read(a)))
                .findFirst()
                .orElse(null);
        if (url == null) {
            return addresses.stream().anyMatch(MediaUrls::isUnusable)
                    ? unusableResult()
                    : new PollOutcome.Pending(TaskStatus.RUNNING, 1.0, null);
        }
        BigDecimal duration = Json.decimal(output.get("duration"));
        Media video = new Media(
                url,
                MediaKind.VIDEO,
                "video/mp4",
                null,
                duration == null ? null : duration.doubleValue(),
                null,
                null,
                Json.whole(output.get("size")));
        return new PollOutcome.Succeeded(List.of(video), null, raw(render, progress));
    }

    private PollOutcome failed(JsonNode render, MessageProgress progress, SubmittedTask task) {
        if (progress.failures() == 0) {
            return new PollOutcome.ActionDue(EXPORT, progress.exportingAgain().write());
        }
        String reason = Stream.of(
                        render.get("error"),
                        render.get("message"),
                        render.path("error").get("message"))
                .flatMap(n -> Stream.ofNullable(Json.text(n)))
                .findFirst()
                .orElse("");
        String shown = calls.text().andHidingPromptsOf(render).shown(reason);
        return new PollOutcome.Failed(
                ended(
                        ErrorCategory.GENERATION_FAILED,
                        "the export failed: " + (shown.isEmpty() ? "no reason given" : shown),
                        progress,
                        task),
                raw(render, progress));
    }

    /** The video stays in its session, from where it can be exported without being paid again. */
    private static GenerationError ended(
            ErrorCategory category, String message, MessageProgress progress, SubmittedTask task) {
        return NemoErrors.ERRORS.ended(
                category,
                message + "; genvideo:nemo/export with sessionId=" + progress.session()
                        + " exports the video again, free of charge",
                task.taskId(),
                task.recordId(),
                false,
                Paid.YES);
    }

    private Map<String, Object> raw(JsonNode render, MessageProgress progress) {
        Map<String, Object> raw = new LinkedHashMap<>(calls.text().answer(Json.toMap(render)));
        raw.put(SessionIds.PARAMETER, progress.session());
        return raw;
    }

    /** An error of the export or of a poll of it: what the plan does not allow is final, anything else is trouble. */
    PollOutcome ofRenderError(GatewayResponse answer, MessageProgress progress, SubmittedTask task) {
        ServiceMessage message = error(answer).orElse(null);
        ErrorCategory category = message == null ? null : NemoErrors.categoryOf(message, answer.status());
        if (category == ErrorCategory.SUBSCRIPTION_REQUIRED || category == ErrorCategory.INSUFFICIENT_CREDITS) {
            GenerationError error = NemoErrors.errorOf("the export", answer, calls.text());
            return new PollOutcome.Failed(
                    ended(category, error.message() + calls.tokens().registration(), progress, task)
                            .withCode(error.providerCode(), answer.status()),
                    null);
        }
        return ofError(answer);
    }

    PollOutcome ofError(GatewayResponse answer) {
        ServiceText text = Json.read(answer.body())
                .map(b -> calls.text().andHidingPromptsOf(b))
                .orElseGet(calls::text);
        boolean unknown = error(answer).filter(NemoErrors::isSessionUnknown).isPresent();
        return trouble(NemoErrors.errorOf(DOING, answer, text), unknown, answer);
    }

    /** The id is none of this provider's, so that no service has to be asked. */
    static PollOutcome notOurs(SubmittedTask task) {
        return new PollOutcome.Trouble(
                PollOutcome.Trouble.Kind.UNKNOWN_TASK,
                NemoErrors.ERRORS.of(
                        ErrorCategory.TASK_NOT_FOUND,
                        DOING,
                        "'" + ServiceText.hiding().code(task.taskId())
                                + "' is no task of NemoVideo; its tasks have the form <session>-<number>"),
                null);
    }
}
