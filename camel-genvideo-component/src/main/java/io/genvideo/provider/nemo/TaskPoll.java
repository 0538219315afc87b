/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmittedTask;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Reads how far a task is: the session's state until the export has begun, the render from then on. */
final class TaskPoll {
    private final NemoRequests requests;
    private final NemoCalls calls;
    private final ActiveSessions active;
    private final PollResponseMapper mapper;
    private final InstantSource clock;

    TaskPoll(
            NemoRequests requests,
            NemoCalls calls,
            ActiveSessions active,
            PollResponseMapper mapper,
            InstantSource clock) {
        this.requests = requests;
        this.calls = calls;
        this.active = active;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** A render, or that the service does not know it. */
    private record Render(@Nullable PollOutcome outcome) {}

    CompletableFuture<PollOutcome> poll(SubmittedTask task, CallOptions options) {
        MessageProgress journalled = MessageProgress.read(task.providerState()).orElse(null);
        MessageProgress progress =
                journalled == null ? MessageProgress.ofTaskId(task.taskId()).orElse(null) : journalled;
        if (progress == null) {
            return CompletableFuture.completedFuture(PollResponseMapper.notOurs(task));
        }
        if (active.isStreaming(progress.taskId())) {
            // the service works on it: its state is not final
            return CompletableFuture.completedFuture(new PollOutcome.Pending(TaskStatus.RUNNING, null, null));
        }
        CompletableFuture<PollOutcome> outcome = journalled == null
                ? pollUnjournalled(progress, task, options)
                : switch (progress.stage()) {
                    case NONE -> pollState(progress, task, options);
                    case DUE, AGAIN ->
                        CompletableFuture.completedFuture(new PollOutcome.ActionDue(
                                PollResponseMapper.EXPORT, progress.repeating().write()));
                    case STARTED ->
                        pollRender(progress, task, options)
                                .thenApply(render -> render.outcome() != null ? render.outcome() : gone(progress));
                };
        return outcome.exceptionally(TaskPoll::withoutToken);
    }

    /** Only the id is known: the export has an id that is made from it, and the session tells what there is without one. */
    private CompletableFuture<PollOutcome> pollUnjournalled(
            MessageProgress progress, SubmittedTask task, CallOptions options) {
        return pollRender(progress, task, options)
                .thenCompose(render -> render.outcome() != null
                        ? CompletableFuture.completedFuture(render.outcome())
                        : pollState(progress, task, options));
    }

    /** The service had the export and does not know it any more. */
    private static PollOutcome gone(MessageProgress progress) {
        return progress.export() < ExportStep.MOST_EXPORTS
                ? new PollOutcome.ActionDue(
                        PollResponseMapper.EXPORT, progress.exporting().write())
                : new PollOutcome.Trouble(
                        PollOutcome.Trouble.Kind.UNKNOWN_TASK,
                        NemoErrors.ERRORS.of(
                                ErrorCategory.TASK_NOT_FOUND, "polling the task", "its export does not exist any more"),
                        null);
    }

    private CompletableFuture<PollOutcome> pollState(
            MessageProgress progress, SubmittedTask task, CallOptions options) {
        return calls.once(
                token -> requests.state(progress.session(), token),
                options,
                answer -> mapper.ofState(answer, progress, task, clock.instant()),
                mapper::ofFailure);
    }

    private CompletableFuture<Render> pollRender(MessageProgress progress, SubmittedTask task, CallOptions options) {
        return calls.once(
                token -> requests.renderStatus(progress.renderId(), token),
                options,
                answer -> render(answer, progress, task),
                failure -> new Render(mapper.ofFailure(failure)));
    }

    private Render render(GatewayResponse answer, MessageProgress progress, SubmittedTask task) {
        return PollResponseMapper.isRenderUnknown(answer)
                ? new Render(null)
                : new Render(mapper.ofRender(answer, progress, task));
    }

    /** There is no token, so that nothing was learned about the task. */
    static PollOutcome withoutToken(Throwable failure) {
        if (ServiceErrors.unwrap(failure) instanceof GenvideoException known) {
            boolean isUnauthorised = known.getCategory() == ErrorCategory.AUTHENTICATION;
            return new PollOutcome.Trouble(
                    isUnauthorised ? PollOutcome.Trouble.Kind.UNAUTHORISED : PollOutcome.Trouble.Kind.UNAVAILABLE,
                    known.getError(),
                    null);
        }
        throw new CompletionException(ServiceErrors.unwrap(failure));
    }
}
