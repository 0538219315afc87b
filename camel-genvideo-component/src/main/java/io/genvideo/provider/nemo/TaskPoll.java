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
        CompletableFuture<PollOutcome> outcome = journalled != null && progress.export() == 0
                ? pollState(progress, task, options)
                : pollRender(progress, task, options).thenCompose(render -> {
                    if (render.outcome() != null) {
                        return CompletableFuture.completedFuture(render.outcome());
                    }
                    return progress.export() > 0
                            ? CompletableFuture.completedFuture(
                                    new PollOutcome.ActionDue(PollResponseMapper.EXPORT, progress.write()))
                            : pollState(progress, task, options);
                });
        return outcome.exceptionally(TaskPoll::withoutToken);
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
        throw new java.util.concurrent.CompletionException(ServiceErrors.unwrap(failure));
    }
}
