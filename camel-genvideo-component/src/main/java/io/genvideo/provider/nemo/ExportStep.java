/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmittedTask;
import java.util.concurrent.CompletableFuture;

/**
 * Exports the video of a task's session (docs/contracts/nemo.md section 8): free, under an id that stands in the journal before
 * and is the same after a crash, so that an export whose response was lost is found again.
 */
final class ExportStep {
    private static final String EXPORTING = "the export";

    /** Ids that are in use already are passed over, but not for ever. */
    static final int MOST_EXPORTS = 5;

    private final NemoRequests requests;
    private final NemoCalls calls;
    private final PollResponseMapper mapper;

    ExportStep(NemoRequests requests, NemoCalls calls, PollResponseMapper mapper) {
        this.requests = requests;
        this.calls = calls;
        this.mapper = mapper;
    }

    CompletableFuture<PollOutcome> perform(SubmittedTask task, CallOptions options) {
        MessageProgress progress = MessageProgress.read(task.providerState()).orElse(null);
        if (progress == null) {
            return CompletableFuture.completedFuture(PollResponseMapper.notOurs(task));
        }
        return calls.read(EXPORTING, token -> requests.state(progress.session(), token), options)
                .thenCompose(answer -> render(answer, progress, task, options))
                .exceptionally(TaskPoll::withoutToken);
    }

    private CompletableFuture<PollOutcome> render(
            GatewayResponse answer, MessageProgress progress, SubmittedTask task, CallOptions options) {
        SessionState state = SessionState.of(answer).orElse(null);
        byte[] draft = state == null ? null : state.draft();
        if (state == null) {
            return CompletableFuture.completedFuture(mapper.ofError(answer));
        }
        if (draft == null || !state.isExportable()) {
            return CompletableFuture.completedFuture(new PollOutcome.Trouble(
                    PollOutcome.Trouble.Kind.UNAVAILABLE,
                    NemoErrors.ERRORS.of(
                            ErrorCategory.SERVICE_UNAVAILABLE, EXPORTING, "the session has nothing to export any more"),
                    null));
        }
        return calls.send(
                        EXPORTING,
                        token -> requests.render(progress.renderId(), progress.session(), draft, token),
                        options)
                .thenApply(started -> started(started, progress, task));
    }

    private PollOutcome started(GatewayResponse answer, MessageProgress progress, SubmittedTask task) {
        boolean isDuplicate = PollResponseMapper.error(answer)
                .filter(m -> NemoErrors.isDuplicate(m, answer.status()))
                .isPresent();
        if (isDuplicate && progress.stage() == MessageProgress.Stage.AGAIN) {
            // the earlier request has arrived
            return new PollOutcome.Pending(
                    TaskStatus.QUEUED, null, progress.started().write());
        }
        if (isDuplicate && progress.export() < MOST_EXPORTS) {
            return new PollOutcome.ActionDue(
                    PollResponseMapper.EXPORT, progress.exporting().write());
        }
        PollOutcome outcome = mapper.ofRender(answer, progress, task);
        return outcome instanceof PollOutcome.Pending pending
                ? new PollOutcome.Pending(
                        pending.status(), pending.progress(), progress.started().write())
                : outcome;
    }
}
