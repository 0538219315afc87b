/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome.Accepted;
import io.genvideo.spi.SubmitOutcome.Deferred;
import io.genvideo.spi.SubmitOutcome.NoCapacity;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Brings a task from RESERVED to accepted: checked, priced, uploaded, in its turn. Each {@link CreateCall} that it makes is
 * journalled before its bytes leave; what is not certainly a "no" is never sent again.
 */
final class TaskSubmitter implements ConcurrencyLimiter.Candidate, SerializationKeys.Candidate {
    private static final long NO_TURN = -1;

    private final EngineContext engine;
    private final OpenTask task;
    private final Submission submission;
    private final SendRetries retries;
    private @Nullable PlannedGeneration plan;
    private @Nullable ReadyGeneration ready;
    private @Nullable CreateCall call;
    private @Nullable ExpectedTime expectedTime;
    private @Nullable String key;
    private boolean holdsKey;
    private long turn = NO_TURN;
    /** Whether the service said no and the journal does not say so yet. */
    private boolean returning;

    private boolean refreshed;

    TaskSubmitter(EngineContext engine, OpenTask task, Submission submission) {
        this.engine = engine;
        this.task = task;
        this.submission = submission;
        this.retries = new SendRetries(engine, task, this::refuse);
    }

    Submission submission() {
        return submission;
    }

    /** Whether a create call is under way, so that its answer must be awaited. */
    boolean isSending() {
        return call != null && call.isSending();
    }

    /** The latest create call. */
    CreateCall lastCall() {
        return Objects.requireNonNull(call, "no create call yet");
    }

    /** Nobody waits any more; if nothing was sent, nothing will be. */
    void abandonUnsent() {
        if (!isSending() && task.record().status().isUnsent() && !task.isOver()) {
            task.ending().discard();
        }
    }

    /** What keeps the task from being sent, or {@code null} if nothing does. */
    @Nullable
    GenerationError obstacle() {
        return retries.obstacle();
    }

    /** The task is over: it waits for nothing any more. */
    void leaveQueues() {
        retries.cancel();
        task.accountState().limiter().withdraw(turn);
        String wanted = key;
        if (wanted != null && !holdsKey) {
            task.accountState().keys().withdraw(wanted, this);
        }
    }

    /** The next task with the same key may be sent. */
    void releaseKey() {
        String held = key;
        if (held != null && holdsKey) {
            holdsKey = false;
            task.accountState().keys().release(held, this);
        }
    }

    /**
     * The task is sent, and keeps the key until it has ended.
     *
     * @return the key; {@code null} for none
     */
    @Nullable
    String passKeyTo(Object holder) {
        String held = holdsKey ? key : null;
        if (held != null) {
            task.accountState().keys().hold(held, holder);
            releaseKey();
        }
        return held;
    }

    void start() {
        if (task.accountState().sending().isOpen()) {
            retries.whenReachable(
                    GenerationError.of(
                                    ErrorCategory.SERVICE_UNAVAILABLE,
                                    task.record().provider(),
                                    "the service can't be reached; other tasks of the account wait for it too")
                            .withRetryable(true),
                    this::plan);
        } else {
            plan();
        }
    }

    private void plan() {
        engine.prepare(
                () -> submission.account().provider().plan(submission.request(), submission.callOptions()),
                this::planned,
                this::notReady);
    }

    private void planned(PlannedGeneration planned) {
        if (task.isOver()) {
            return;
        }
        retries.reached();
        plan = planned;
        if (isAffordable(planned)) {
            stage(planned);
        }
    }

    private boolean isAffordable(PlannedGeneration planned) {
        GenerationError tooExpensive = PriceCheck.aboveLimit(
                planned, submission.request().maxCredits(), task.record().provider());
        if (tooExpensive != null) {
            refuse(tooExpensive);
        }
        return tooExpensive == null;
    }

    private void stage(PlannedGeneration planned) {
        engine.prepare(planned::stage, this::staged, this::notReady);
    }

    private void staged(ReadyGeneration staged) {
        if (task.isOver()) {
            return;
        }
        retries.reached();
        ready = staged;
        if (!isAffordable(staged.plan())) {
            return;
        }
        if (turn == NO_TURN) {
            turn = task.accountState().limiter().newTurn();
        }
        String wanted = staged.serializationKey();
        if (!Objects.equals(wanted, key)) {
            releaseKey();
            key = wanted;
        }
        if (wanted == null || holdsKey) {
            task.accountState().limiter().enter(turn, this);
        } else {
            task.accountState().keys().acquire(wanted, this);
        }
    }

    @Override
    public boolean isWanted() {
        return !task.isOver();
    }

    @Override
    public void keyGranted() {
        holdsKey = true;
        String granted = key;
        if (granted != null) {
            new SessionGuard(engine, task)
                    .whenFree(granted, () -> task.accountState().limiter().enter(turn, this));
        }
    }

    /** A free step failed, so it may be repeated for a while if the service was the reason. */
    private void notReady(Throwable failure) {
        if (task.isOver()) {
            return;
        }
        GenerationError error = errorOf(failure);
        if (error.retryable() && error.paid() == Paid.NO) {
            PlannedGeneration planned = plan;
            retries.later(error, null, planned == null ? this::plan : () -> stage(planned));
        } else {
            refuse(error);
        }
    }

    @Override
    public int maxInFlight() {
        return submission.maxInFlight();
    }

    @Override
    public boolean isReady() {
        return !returning;
    }

    @Override
    public void admitted() {
        ReadyGeneration toSend = ready;
        if (toSend == null) {
            throw new IllegalStateException(
                    "admitted before it was ready: " + task.record().recordId());
        }
        task.takePermit();
        call = new CreateCall(engine, task, submission, toSend, this);
        call.start();
    }

    /** The last free step failed. */
    void notPrepared(Throwable failure) {
        if (!task.isOver()) {
            task.releasePermit();
            notReady(failure);
        }
    }

    /** The journal took so long that the lease may not last until the answer; nothing was sent. */
    void announcedTooLate() {
        enterAgain();
        backToReserved(this::readyAgain);
    }

    /** Nobody waits any more, and whoever did was told that nothing was sent; so nothing is. */
    void abandonAnnounced() {
        backToReserved(() -> {});
    }

    void accepted(Accepted answer, @Nullable PushSubscription stream) {
        retries.sent();
        task.accountState().limiter().relax();
        task.accepted(answer);
        forgetPlan();
        if (engine.stopping || expectedTime == null) {
            return;
        }
        task.watch(expectedTime, submission, stream);
    }

    /** A task that runs for minutes must not hold its catalogue and the body of its request. */
    private void forgetPlan() {
        PlannedGeneration sent = ready == null ? plan : ready.plan();
        if (sent != null) {
            expectedTime = sent.expectedTime();
        }
        plan = null;
        ready = null;
    }

    void refuse(GenerationError error) {
        task.ending().finish(TaskStatus.FAILED, task.error(error.withPaid(Paid.NO)), b -> {});
    }

    void deferred(Deferred answer) {
        if (answer.error().category() == ErrorCategory.RATE_LIMITED) {
            retries.delayedBy(answer.error());
            task.accountState().limiter().slowDown(answer.retryAfter());
            enterAgain();
            backToReserved(this::readyAgain);
        } else {
            backToReserved(() -> retries.later(
                    answer.error(),
                    answer.retryAfter(),
                    () -> task.accountState().limiter().enter(turn, this)));
        }
    }

    void noCapacity(NoCapacity answer) {
        retries.delayedBy(answer.error());
        task.accountState().limiter().noCapacity(answer.retryAfter());
        enterAgain();
        backToReserved(this::readyAgain);
    }

    /** The provider is certain that the create call whose answer was lost has created nothing. */
    void notCreated(GenerationError error) {
        backToReserved(() -> retries.later(
                error.withRetryable(true),
                null,
                () -> task.accountState().limiter().enter(turn, this)));
    }

    /** Takes its turn again, before the journal says that it may. */
    private void enterAgain() {
        returning = true;
        task.accountState().limiter().enter(turn, this);
    }

    private void readyAgain() {
        returning = false;
        task.accountState().limiter().ready();
    }

    /** The service said no: what comes next starts from a journal that says that nothing is under way. */
    private void backToReserved(Runnable then) {
        task.releasePermit();
        task.happened(b -> b.status(TaskStatus.RESERVED), () -> {
            if (task.isOver()) {
                return;
            }
            if (engine.stopping || !task.hasWaits()) {
                task.ending().discard();
            } else {
                then.run();
            }
        });
    }

    void stale(GenerationError why) {
        backToReserved(() -> refresh(why));
    }

    private void refresh(GenerationError why) {
        ReadyGeneration stale = ready;
        if (stale == null || refreshed) {
            refuse(why);
            return;
        }
        refreshed = true;
        engine.prepare(stale::refresh, fresh -> refreshed(stale, fresh, why), failure -> {
            if (!task.isOver()) {
                refuse(errorOf(failure));
            }
        });
    }

    private void refreshed(ReadyGeneration stale, ReadyGeneration fresh, GenerationError why) {
        if (task.isOver()) {
            return;
        }
        GenerationError risen = PriceCheck.risen(stale.plan(), fresh.plan(), why.provider());
        if (risen != null) {
            refuse(risen);
        } else {
            staged(fresh);
        }
    }

    GenerationError errorOf(Throwable failure) {
        if (failure instanceof GenvideoException known) {
            return known.getError();
        }
        return GenerationError.of(
                ErrorCategory.SERVICE_UNAVAILABLE, task.record().provider(), "unexpected failure: " + failure);
    }
}
