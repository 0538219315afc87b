/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmitOutcome.Accepted;
import io.genvideo.spi.SubmitOutcome.Deferred;
import io.genvideo.spi.SubmitOutcome.NoCapacity;
import io.genvideo.spi.SubmitOutcome.Refused;
import io.genvideo.spi.SubmitOutcome.Stale;
import io.genvideo.spi.SubmitOutcome.Unknown;
import io.genvideo.spi.TaskRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One create call, and the only place that sends one: prepared, journalled, sent, answered. A call whose answer is lost is
 * {@linkplain CreateCallRecovery recovered} or becomes uncertain.
 */
final class CreateCall implements CreateCallRecovery.Result {
    private static final Duration DEFAULT_SEND_TIMEOUT = Duration.ofSeconds(30);
    /** Beyond the provider's own time-out: a call that still has not ended then never may. */
    private static final Duration OVERDUE = Duration.ofSeconds(10);
    /** Whatever a provider wants: a record must not be SUBMITTING for days. */
    private static final Duration LONGEST_SEND_TIMEOUT = Duration.ofHours(1);

    private final EngineContext engine;
    private final OpenTask task;
    private final Submission submission;
    /** Until it is sent: the body of the request must not be kept for as long as the task runs. */
    private @Nullable ReadyGeneration ready;

    private final TaskSubmitter submitter;
    /** How long the call may take at most. */
    private Duration sendTimeout = DEFAULT_SEND_TIMEOUT;

    private Duration announcedAt = Duration.ZERO;
    /** Counted by record, from 1; 0 before it is announced. */
    private int number;

    private boolean sending;
    private boolean sent;
    private boolean overdue;
    private @Nullable PushSubscription stream;
    private @Nullable CreateCallRecovery recovery;

    CreateCall(
            EngineContext engine,
            OpenTask task,
            Submission submission,
            ReadyGeneration ready,
            TaskSubmitter submitter) {
        this.engine = engine;
        this.task = task;
        this.submission = submission;
        this.ready = ready;
        this.submitter = submitter;
    }

    /** Whether the call is announced or sent, and has not ended. */
    boolean isSending() {
        return sending;
    }

    void start() {
        engine.prepare(ready()::prepare, this::prepared, submitter::notPrepared);
    }

    private ReadyGeneration ready() {
        return Objects.requireNonNull(ready, "the create call was sent already");
    }

    private void prepared(@Nullable String providerState) {
        if (task.isOver()) {
            return;
        }
        ReadyGeneration next = ready();
        String model = next.plan().model();
        BigDecimal credits = next.plan().credits();
        sendTimeout = sendTimeout(next);
        sending = true;
        number = task.record().creates() + 1;
        announcedAt = engine.loop.elapsed();
        task.writer()
                .announce(
                        b -> b.status(TaskStatus.SUBMITTING)
                                .creates(number)
                                .submittingAt(engine.clock.now())
                                .model(model)
                                .credits(credits)
                                .providerState(providerState),
                        // nobody may take the call for lost while it can still be answered
                        sendTimeout.plus(Journal.LEASE),
                        this::send,
                        this::notAnnounced);
    }

    private void notAnnounced(Throwable failure) {
        sending = false;
        task.ending()
                .failUnannounced(
                        GenerationError.of(
                                        ErrorCategory.SERVICE_UNAVAILABLE,
                                        task.record().provider(),
                                        "the task could not be journalled, so it was not sent: " + failure)
                                .withRetryable(true),
                        failure);
    }

    /** The request time-out, or what the provider needs if that is longer, for example for files in the call. */
    private Duration sendTimeout(ReadyGeneration next) {
        Duration own = submission.callOptions().requestTimeout();
        Duration usual = own == null ? DEFAULT_SEND_TIMEOUT : own;
        Duration needed = next.submitTimeout();
        return needed == null ? usual : Durations.max(usual, Durations.min(needed, LONGEST_SEND_TIMEOUT));
    }

    private void send() {
        boolean isLate = engine.loop.elapsed().minus(announcedAt).compareTo(Journal.LEASE) >= 0;
        if (isLate || !engine.lease.isHeld()) {
            sending = false;
            submitter.announcedTooLate();
            return;
        }
        if (engine.stopping || !task.hasWaits()) {
            sending = false;
            submitter.abandonAnnounced();
            return;
        }
        sent = true;
        PushSubscription listening = openStream();
        EventLoop.Timer patience = engine.loop.schedule(sendTimeout.plus(OVERDUE), this::overdue);
        ReadyGeneration toSend = ready();
        ready = null;
        engine.call(
                () -> listening == null ? toSend.submit() : toSend.submit(listening),
                outcome -> {
                    patience.cancel();
                    handle(outcome);
                },
                failure -> {
                    patience.cancel();
                    handle(new Unknown(submitter.errorOf(failure)));
                });
    }

    private @Nullable PushSubscription openStream() {
        StreamLimiter streams = task.accountState().streams();
        boolean pushes = submission.account().descriptor().streamsCreate();
        stream = pushes && streams.enter(submission.maxStreams()) ? new PushSubscription(engine, streams) : null;
        return stream;
    }

    /** The provider has broken its contract: its call has not ended within its own time-out. */
    private void overdue() {
        if (task.isOver()) {
            return;
        }
        overdue = true;
        lost(unclear("the create call has not ended within " + WaitErrors.text(sendTimeout.plus(OVERDUE))));
    }

    private void handle(@Nullable SubmitOutcome outcome) {
        try {
            answered(outcome);
        } catch (RuntimeException | Error e) {
            if (outcome instanceof Accepted named && !isBlank(named.taskId()) && named.raw() != null) {
                // the id is what counts: with it the task is watched, whatever else was returned
                answered(new Accepted(named.taskId(), named.status(), named.providerState(), null));
                return;
            }
            if (task.isOver() || task.record().status() != TaskStatus.SUBMITTING) {
                throw e;
            }
            // what was returned can't be used, but it was sent
            lost(unclear("the outcome of the create call is malformed: " + e));
        }
    }

    private void answered(@Nullable SubmitOutcome outcome) {
        if (overdue && !endRecovery() || task.isOver()) {
            if (outcome instanceof Accepted late && !isBlank(late.taskId())) {
                acceptedLate(late);
            }
            closeStream();
            return;
        }
        overdue = false;
        if (!(outcome instanceof Accepted)) {
            closeStream();
        }
        if (!(outcome instanceof Unknown) && !isUnreachable(outcome)) {
            task.accountState().sending().succeeded();
        }
        sending = false;
        if (outcome instanceof NoCapacity full) {
            submitter.noCapacity(full);
        }
        task.accountState().limiter().answered(submitter);
        if (outcome instanceof Accepted accepted) {
            if (isBlank(accepted.taskId())) {
                lost(unclear("the answer has no task id"));
            } else {
                submitter.accepted(accepted, stream);
            }
        } else if (outcome instanceof Refused refused) {
            submitter.refuse(refused.error());
        } else if (outcome instanceof Unknown unknown) {
            lost(unknown.error());
        } else if (outcome instanceof Deferred deferred) {
            submitter.deferred(deferred);
        } else if (outcome instanceof Stale stale) {
            submitter.stale(stale.error());
        } else if (!(outcome instanceof NoCapacity)) {
            lost(unclear("the provider gave no outcome"));
        }
    }

    /** The call had been given up. Its task takes the place of a call that was not sent yet, and stands beside one that was. */
    private void acceptedLate(Accepted late) {
        CreateCall last = submitter.lastCall();
        boolean isSentAgain = last != this && last.sent;
        LateTask accepted = new LateTask(engine, submission.account());
        TaskRecord fact = accepted.fact(task.record(), isSentAgain ? number : Math.max(number, last.number), late);
        boolean isUnsent = !isSentAgain && !task.isOver() && task.record().taskId() == null;
        accepted.journal(fact, isUnsent ? task.supersede() : List.of());
    }

    private void closeStream() {
        if (stream != null) {
            stream.ended();
        }
    }

    /** @return whether a recovery was under way, so that an answer that came late still counts */
    private boolean endRecovery() {
        CreateCallRecovery asking = recovery;
        recovery = null;
        return asking != null && asking.end();
    }

    private static boolean isUnreachable(@Nullable SubmitOutcome outcome) {
        return outcome instanceof Deferred deferred && deferred.error().category() == ErrorCategory.SERVICE_UNAVAILABLE;
    }

    /** A provider that others wrote may break its contract; what it sent may be paid all the same. */
    private GenerationError unclear(String why) {
        return GenerationError.of(
                ErrorCategory.UNCERTAIN_SUBMISSION, task.record().provider(), why);
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private void lost(GenerationError cause) {
        sending = false;
        task.accountState().limiter().answered(submitter);
        recovery = new CreateCallRecovery(engine, task, this);
        recovery.start(cause);
    }

    @Override
    public void found(Accepted accepted) {
        submitter.accepted(accepted, null);
    }

    @Override
    public void notCreated(GenerationError error) {
        submitter.notCreated(error);
    }

    @Override
    public void unclear(GenerationError cause) {
        GenerationError error = task.error(uncertain(cause));
        engine.observer.warning(error.message() + " [record " + task.record().recordId() + "]");
        task.ending().finish(TaskStatus.UNCERTAIN, error, b -> {});
    }

    private static GenerationError uncertain(GenerationError cause) {
        return new GenerationError(
                ErrorCategory.UNCERTAIN_SUBMISSION,
                "the answer to the create call was lost, the task may exist and may have been paid; it is not sent again"
                        + " (" + cause.message() + ")",
                cause.provider(),
                cause.providerCode(),
                cause.httpStatus(),
                null,
                null,
                false,
                Paid.UNKNOWN,
                cause.alternatives());
    }
}
