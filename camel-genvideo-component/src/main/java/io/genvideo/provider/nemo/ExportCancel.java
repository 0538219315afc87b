/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.Paid;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import io.genvideo.spi.SubmittedTask;
import java.util.concurrent.CompletableFuture;

/**
 * Cancels the export of a task (docs/contracts/nemo.md section 8). What the service does in answer to a message cannot be
 * cancelled: closing the stream neither stops nor refunds it.
 */
final class ExportCancel {
    private static final String CANCELLING = "cancelling the export";

    private final NemoRequests requests;
    private final NemoCalls calls;

    ExportCancel(NemoRequests requests, NemoCalls calls) {
        this.requests = requests;
        this.calls = calls;
    }

    CompletableFuture<CancelOutcome> cancel(SubmittedTask task, CallOptions options) {
        MessageProgress progress = MessageProgress.read(task.providerState()).orElse(null);
        if (progress == null || progress.export() == 0) {
            return CompletableFuture.completedFuture(new CancelOutcome.Refused(NemoErrors.ERRORS
                    .of(
                            ErrorCategory.CANCELLED,
                            CANCELLING,
                            "only the export can be cancelled, and it has not begun; the message was sent, and is paid")
                    .withPaid(Paid.UNKNOWN)));
        }
        return calls.send(CANCELLING, token -> requests.cancelRender(progress.renderId(), token), options)
                .thenApply(this::outcome);
    }

    private CancelOutcome outcome(GatewayResponse answer) {
        return NemoEnvelope.root(answer).isPresent()
                ? new CancelOutcome.Requested()
                : new CancelOutcome.Refused(NemoErrors.errorOf(CANCELLING, answer, calls.text()));
    }
}
