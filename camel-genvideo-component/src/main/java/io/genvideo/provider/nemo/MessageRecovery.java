/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.RecoveryOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Finds out whether a message whose answer was lost has arrived (docs/contracts/nemo.md section 6): a session that has changed
 * since says so, because messages in a session are sent one after the other. One that has not changed says nothing yet.
 */
final class MessageRecovery {
    private static final String READING = "reading the session's state";

    private final NemoRequests requests;
    private final NemoCalls calls;
    private final InstantSource clock;
    private final Duration recoverFor;

    /** @param recoverFor after so long a message whose session has not changed is uncertain */
    MessageRecovery(NemoRequests requests, NemoCalls calls, InstantSource clock, Duration recoverFor) {
        this.requests = requests;
        this.calls = calls;
        this.clock = clock;
        this.recoverFor = recoverFor;
    }

    CompletableFuture<RecoveryOutcome> recover(LostSubmission lost, CallOptions options) {
        MessageProgress progress = MessageProgress.read(lost.providerState()).orElse(null);
        if (progress == null || progress.before() == null) {
            return CompletableFuture.completedFuture(
                    new RecoveryOutcome.Unclear(error("the state of its session before it is not known")));
        }
        return calls.once(
                token -> requests.state(progress.session(), token),
                options,
                answer -> outcome(answer, progress, lost.submittingAt()),
                failure -> new RecoveryOutcome.Later(NemoErrors.ERRORS.noAnswer(READING, failure), null));
    }

    private RecoveryOutcome outcome(GatewayResponse answer, MessageProgress progress, Instant submittingAt) {
        SessionState state = SessionState.of(answer).orElse(null);
        if (state == null) {
            boolean isGone = PollResponseMapper.error(answer)
                    .filter(NemoErrors::isSessionUnknown)
                    .isPresent();
            return isGone
                    ? new RecoveryOutcome.Unclear(error("its session does not exist any more"))
                    : new RecoveryOutcome.Later(NemoErrors.errorOf(READING, answer, calls.text()), null);
        }
        if (progress.isChanged(state.hash())) {
            return new RecoveryOutcome.Found(
                    progress.taskId(),
                    TaskStatus.RUNNING,
                    progress.write(),
                    Map.of(SessionIds.PARAMETER, progress.session()));
        }
        GenerationError unchanged = error("its session has not changed so far");
        return clock.instant().isBefore(submittingAt.plus(recoverFor))
                ? new RecoveryOutcome.Later(unchanged, null)
                : new RecoveryOutcome.Unclear(unchanged);
    }

    private static GenerationError error(String why) {
        return GenerationError.of(
                        ErrorCategory.UNCERTAIN_SUBMISSION,
                        NemoErrors.NAME,
                        "the answer to the message was lost, and the session does not tell whether it has arrived: "
                                + why)
                .withPaid(Paid.UNKNOWN);
    }
}
