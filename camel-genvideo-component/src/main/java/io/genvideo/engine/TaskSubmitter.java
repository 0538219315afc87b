/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmitOutcome.Accepted;
import io.genvideo.spi.SubmitOutcome.Deferred;
import io.genvideo.spi.SubmitOutcome.Refused;
import io.genvideo.spi.SubmitOutcome.Stale;
import io.genvideo.spi.SubmitOutcome.Unknown;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings a task from RESERVED to accepted, and is the only place that sends a create call. Each call is journalled before
 * its bytes leave; what is not certainly a "no" is never sent again.
 */
final class TaskSubmitter implements ConcurrencyLimiter.Candidate, CircuitBreaker.Call {
    private static final Duration DEFAULT_SEND_TIMEOUT = Duration.ofSeconds(30);

    private final EngineContext engine;
    private final OpenTask task;
    private final Submission submission;
    private @Nullable PlannedGeneration plan;
    private @Nullable ReadyGeneration ready;
    private @Nullable Instant unavailableSince;
    private @Nullable Runnable stopped;
    private @Nullable GenerationError obstacle;
    private Backoff retry = Backoff.between(Duration.ofSeconds(1), Duration.ofSeconds(8));
    private boolean refreshed;
    private boolean sending;
    private @Nullable PushSubscription stream;

    TaskSubmitter(EngineContext engine, OpenTask task, Submission submission) {
        this.engine = engine;
        this.task = task;
        this.submission = submission;
    }

    /** Whether a create call is under way, so that its answer must be awaited. */
    boolean isSending() {
        return sending;
    }

    /** Nobody waits any more; if nothing was sent, nothing will be. */
    void abandonUnsent() {
        if (!sending && task.record().status().isUnsent() && !task.isOver()) {
            task.discard();
        }
    }

    /** What keeps the task from being sent, or {@code null} if nothing does. */
    @Nullable
    GenerationError obstacle() {
        return obstacle;
    }

    void start() {
        if (task.accountState().sending().isOpen()) {
            stop(
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
        engine.call(
                () -> submission.account().provider().plan(submission.request(), submission.callOptions()),
                this::planned,
                this::notReady);
    }

    private void planned(PlannedGeneration planned) {
        if (task.isOver()) {
            return;
        }
        reached();
        plan = planned;
        if (isAffordable(planned)) {
            stage(planned);
        }
    }

    private boolean isAffordable(PlannedGeneration planned) {
        BigDecimal limit = submission.request().maxCredits();
        BigDecimal price = planned.credits();
        if (limit == null || price == null || price.compareTo(limit) <= 0) {
            return true;
        }
        refuse(GenerationError.of(
                ErrorCategory.COST_LIMIT_EXCEEDED,
                task.record().provider(),
                "the price of " + price.toPlainString() + " is above the limit of " + limit.toPlainString()));
        return false;
    }

    /** The service answered: if it is away again later, that is a new story. */
    private void reached() {
        unavailableSince = null;
        obstacle = null;
        retry = retry.reset();
    }

    private void stage(PlannedGeneration planned) {
        engine.call(planned::stage, this::staged, this::notReady);
    }

    private void staged(ReadyGeneration staged) {
        if (task.isOver()) {
            return;
        }
        reached();
        ready = staged;
        if (isAffordable(staged.plan())) {
            task.accountState().limiter().enter(this);
        }
    }

    /** Preparing failed: that cost nothing, so it may be repeated for a while if the service was the reason. */
    private void notReady(Throwable failure) {
        if (task.isOver()) {
            return;
        }
        GenerationError error = errorOf(failure);
        if (error.retryable() && error.paid() == Paid.NO) {
            PlannedGeneration planned = plan;
            later(error, null, planned == null ? this::plan : () -> stage(planned));
        } else {
            refuse(error);
        }
    }

    @Override
    public int maxInFlight() {
        return submission.maxInFlight();
    }

    @Override
    public boolean isWanted() {
        return !task.isOver();
    }

    @Override
    public void admitted() {
        ReadyGeneration toSend = ready;
        if (toSend == null) {
            throw new IllegalStateException(
                    "admitted before it was ready: " + task.record().recordId());
        }
        task.takePermit();
        sending = true;
        Instant announced = engine.loop.now();
        task.prepare(
                b -> b.status(TaskStatus.SUBMITTING)
                        .creates(task.record().creates() + 1)
                        .submittingAt(engine.loop.now())
                        .model(toSend.plan().model())
                        .credits(toSend.plan().credits()),
                // nobody may take the call for lost while it can still be answered
                sendTimeout().plus(Journal.LEASE),
                () -> send(toSend, announced),
                failure -> {
                    sending = false;
                    task.failUnannounced(
                            GenerationError.of(
                                            ErrorCategory.SERVICE_UNAVAILABLE,
                                            task.record().provider(),
                                            "the task could not be journalled, so it was not sent: " + failure)
                                    .withRetryable(true),
                            failure);
                });
    }

    /** How long a create call may take at most. */
    private Duration sendTimeout() {
        Duration own = submission.callOptions().requestTimeout();
        return own == null ? DEFAULT_SEND_TIMEOUT : own;
    }

    private void send(ReadyGeneration toSend, Instant announced) {
        if (Duration.between(announced, engine.loop.now()).compareTo(Journal.LEASE) >= 0) {
            // the journal took so long that the lease may not last until the answer; nothing was sent
            sending = false;
            backToReserved(() -> task.accountState().limiter().enterFirst(this));
            return;
        }
        if (engine.stopping || !task.hasWaits()) {
            // whoever waited was told, while this was being journalled, that nothing was sent; so nothing is
            sending = false;
            backToReserved(() -> {});
            return;
        }
        PushSubscription listening = listening();
        engine.call(
                () -> listening == null ? toSend.submit() : toSend.submit(listening),
                this::answered,
                failure -> answered(new Unknown(errorOf(failure))));
    }

    private @Nullable PushSubscription listening() {
        StreamLimiter streams = task.accountState().streams();
        boolean pushes = submission.account().descriptor().streamsCreate();
        stream = pushes && streams.enter(submission.maxStreams()) ? new PushSubscription(engine, streams) : null;
        return stream;
    }

    private void answered(@Nullable SubmitOutcome outcome) {
        sending = false;
        if (stream != null && !(outcome instanceof Accepted)) {
            stream.ended();
        }
        if (!(outcome instanceof Unknown) && !isUnreachable(outcome)) {
            task.accountState().sending().succeeded();
        }
        if (outcome instanceof Accepted accepted) {
            if (isBlank(accepted.taskId())) {
                uncertain(unclear("the answer has no task id"));
            } else {
                accepted(accepted);
            }
        } else if (outcome instanceof Refused refused) {
            refuse(refused.error());
        } else if (outcome instanceof Unknown unknown) {
            uncertain(unknown.error());
        } else if (outcome instanceof Deferred deferred) {
            backToReserved(() -> deferred(deferred));
        } else if (outcome instanceof SubmitOutcome.NoCapacity full) {
            backToReserved(() -> deferred(new Deferred(full.error(), full.retryAfter())));
        } else if (outcome instanceof Stale stale) {
            backToReserved(() -> refresh(stale.error()));
        } else {
            uncertain(unclear("the provider gave no outcome"));
        }
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

    private void accepted(Accepted answer) {
        task.accountState().limiter().relax();
        task.accepted(answer);
        PlannedGeneration sent = ready == null ? plan : ready.plan();
        if (engine.stopping || sent == null) {
            return;
        }
        PollSchedule schedule = new PollSchedule(
                submission.pollInterval(), submission.account().descriptor().pollFloor());
        task.watch(
                schedule,
                engine.statistics.refine(TaskPoller.measuredAs(task.record()), sent.expectedTime()),
                submission.timeout(),
                stream);
    }

    private void uncertain(GenerationError cause) {
        GenerationError error = task.error(new GenerationError(
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
                cause.alternatives()));
        engine.observer.warning(error.message() + " [record " + task.record().recordId() + "]");
        task.finish(TaskStatus.UNCERTAIN, error, b -> {});
    }

    /** The service said no: what comes next starts from a journal that says that nothing is under way. */
    private void backToReserved(Runnable then) {
        task.releasePermit();
        task.happened(b -> b.status(TaskStatus.RESERVED), () -> {
            if (task.isOver()) {
                return;
            }
            if (engine.stopping || !task.hasWaits()) {
                task.discard();
            } else {
                then.run();
            }
        });
    }

    private void deferred(Deferred answer) {
        if (answer.error().category() == ErrorCategory.RATE_LIMITED) {
            obstacle = answer.error();
            task.accountState().limiter().slowDown(answer.retryAfter());
            task.accountState().limiter().enterFirst(this);
        } else {
            later(
                    answer.error(),
                    answer.retryAfter(),
                    () -> task.accountState().limiter().enter(this));
        }
    }

    private void refresh(GenerationError why) {
        ReadyGeneration stale = ready;
        if (stale == null || refreshed) {
            refuse(why);
            return;
        }
        refreshed = true;
        engine.call(stale::refresh, fresh -> comparePrice(stale, fresh, why), failure -> {
            if (!task.isOver()) {
                refuse(errorOf(failure));
            }
        });
    }

    private void comparePrice(ReadyGeneration stale, ReadyGeneration fresh, GenerationError why) {
        if (task.isOver()) {
            return;
        }
        BigDecimal before = stale.plan().credits();
        BigDecimal now = fresh.plan().credits();
        if (before != null && now != null && now.compareTo(before) > 0) {
            refuse(new GenerationError(
                    ErrorCategory.COST_LIMIT_EXCEEDED,
                    "the price rose from " + before.toPlainString() + " to " + now.toPlainString()
                            + " since it was read; not sent again. Send the message again to accept the new price",
                    why.provider(),
                    why.providerCode(),
                    why.httpStatus(),
                    null,
                    null,
                    false,
                    Paid.NO,
                    List.of()));
            return;
        }
        staged(fresh);
    }

    /** @param retryAfter the wait that the service asked for: it is there, so its word counts and not the budget */
    private void later(GenerationError error, @Nullable Duration retryAfter, Runnable again) {
        obstacle = error;
        if (retryAfter == null && error.category() != ErrorCategory.RATE_LIMITED) {
            stop(error, again);
            return;
        }
        Duration pause = retryAfter != null && retryAfter.compareTo(retry.delay()) > 0 ? retryAfter : retry.delay();
        engine.observer.warning("not sent yet, trying again in " + pause.toSeconds() + " s: " + error.message()
                + " [record " + task.record().recordId() + "]");
        engine.loop.schedule(pause, () -> {
            if (!task.isOver()) {
                again.run();
            }
        });
        retry = retry.next();
    }

    /** Waits at the circuit breaker, and gives up when the budget is spent. */
    private void stop(GenerationError error, Runnable again) {
        Instant now = engine.loop.now();
        if (unavailableSince == null) {
            unavailableSince = now;
            engine.observer.warning("not sent yet, trying again: " + error.message() + " [record "
                    + task.record().recordId() + "]");
        }
        Duration left = Duration.between(now, unavailableSince.plus(engine.settings.unavailableBudget()));
        if (left.isNegative() || left.isZero()) {
            refuse(error);
            return;
        }
        stopped = again;
        task.accountState().sending().failed(this, Trouble.Kind.UNAVAILABLE, null, error.message());
        engine.loop.schedule(left, () -> {
            if (stopped == again && isWaiting()) {
                stopped = null;
                refuse(error);
            }
        });
    }

    @Override
    public String recordId() {
        return task.record().recordId();
    }

    @Override
    public boolean isWaiting() {
        return stopped != null && !task.isOver();
    }

    @Override
    public void proceed() {
        Runnable again = stopped;
        stopped = null;
        if (again != null && !task.isOver()) {
            again.run();
        }
    }

    private void refuse(GenerationError error) {
        task.finish(TaskStatus.FAILED, task.error(error.withPaid(Paid.NO)), b -> {});
    }

    private GenerationError errorOf(Throwable failure) {
        if (failure instanceof GenvideoException known) {
            return known.getError();
        }
        return GenerationError.of(
                ErrorCategory.SERVICE_UNAVAILABLE, task.record().provider(), "unexpected failure: " + failure);
    }
}
