/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.ActionDue;
import io.genvideo.spi.PollOutcome.Cancelled;
import io.genvideo.spi.PollOutcome.Failed;
import io.genvideo.spi.PollOutcome.Pending;
import io.genvideo.spi.PollOutcome.Succeeded;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Polls a task that the service has, until it has ended. Trouble on the way never ends it. */
final class TaskPoller implements CircuitBreaker.Call {
    private static final Duration PUSHED_POLL = Duration.ofMinutes(2);

    /** A push may be silent although the task has ended: then polls are so far apart, or a quarter of the age if that is more. */
    private static final Duration SILENT_PUSH_POLL = Duration.ofSeconds(30);

    private static final int SILENT_PUSH_AGE_PARTS = 4;

    private static final int SPREAD_MILLIS = 500;
    /** A task is parked only if it was watched that long by this process, because a clock may have been wrong. */
    private static final Duration PARK_AFTER = Duration.ofDays(1);

    private final EngineContext engine;
    private final OpenTask task;
    private final PollSchedule schedule;
    private final PollTimer timer;
    private final PollFailures failures;
    private final PollSchedule.Expectation expected;
    private final Duration permitFor;
    private final boolean fresh;
    private final TaskAge age;
    private final ProgressReporter progress;
    private final TaskSubscriber subscriber;
    private final ActionPerformer actions;
    private Duration closelyUntil = Duration.ZERO;
    private int pending;
    private @Nullable GenerationError obstacle;
    private int almostDone;

    /**
     * @param permitFor how long the task counts as in flight; one that takes longer must not keep others out
     * @param maxStreams how many streams the account may have open before this task is only polled
     * @param fresh whether the service has accepted the task just now
     */
    TaskPoller(
            EngineContext engine,
            OpenTask task,
            PollSchedule schedule,
            PollSchedule.Expectation expected,
            Duration permitFor,
            int maxStreams,
            boolean fresh) {
        this.engine = engine;
        this.task = task;
        this.schedule = schedule;
        this.expected = expected;
        this.permitFor = permitFor;
        this.fresh = fresh;
        this.age = new TaskAge(
                engine.loop, engine.clock, fresh ? null : task.record().acceptedAt());
        this.progress = new ProgressReporter(engine, task, age, expected);
        this.subscriber = new TaskSubscriber(engine, task, this, maxStreams);
        this.actions = new ActionPerformer(engine, task, this::handle);
        this.timer = new PollTimer(engine.loop, this::poll);
        this.failures = new PollFailures(task, schedule);
    }

    /** The name under which the duration of such a task is measured. */
    static String measuredAs(TaskRecord record) {
        return record.account() + "/" + record.operation().path() + "/" + record.model();
    }

    /** @param stream that the create call has opened, or {@code null} */
    void start(Duration firstPoll, @Nullable PushSubscription stream) {
        boolean pushing = stream != null && subscriber.use(stream);
        timer.pollIn(pushing ? PUSHED_POLL : firstPoll);
        if (!pushing) {
            subscriber.subscribe();
        }
        progress.start();
    }

    /** The task is over. */
    void close() {
        subscriber.close();
        progress.close();
        timer.cancel();
    }

    /** The service has pushed how the task stands. */
    void pushed(PollOutcome outcome) {
        if (task.isOver() || outcome instanceof Trouble) {
            return;
        }
        subscriber.received();
        if (actions.isBusy()) {
            // what the step brings about is polled for after it
            timer.pollNow();
        } else {
            answered(outcome);
        }
    }

    /** A subscription was opened: what was pushed before it is polled for, once. */
    void pushOpened() {
        if (task.isOver()) {
            return;
        }
        if (timer.isSet()) {
            timer.pollIn(spread());
        } else {
            timer.pollNow();
        }
    }

    /** Nothing is pushed any more. Streams drop together, so that the polls which take their place are spread a little. */
    void pushEnded(PushSubscription push) {
        if (subscriber.ended(push) && !task.isOver() && timer.isSet()) {
            timer.pollIn(spread());
        }
    }

    private Duration spread() {
        return Duration.ofMillis(engine.random.nextInt(SPREAD_MILLIS));
    }

    @Override
    public String recordId() {
        return task.record().recordId();
    }

    @Override
    public boolean isWaiting() {
        return !task.isOver();
    }

    /**
     * An exchange has come to wait.
     *
     * @param interval the shortest that one wants; {@code null} for the schedule by expected time
     * @param isFirst whether nobody waited before, so that the next poll may be far off
     */
    void waitedFor(@Nullable Duration interval, boolean isFirst) {
        boolean isShorter = schedule.setInterval(interval);
        if (isFirst || isShorter) {
            timer.pollWithin(schedule.closest());
        }
    }

    /** Something happened: whatever the schedule says, the task is polled. */
    void pollNow() {
        timer.pollNow();
    }

    /** The task is about to end: polls now, and for that long as often as the service allows. */
    void closelyFor(Duration time) {
        closelyUntil = engine.loop.elapsed().plus(time);
        pollNow();
    }

    private void poll() {
        if (task.isOver()) {
            return;
        }
        if (task.writer().isJournalled() && !engine.lease.isHeld()) {
            // another engine may poll it by now
            failures.postponed();
            engine.lease.whenHeld(this::poll);
            return;
        }
        if (task.accountState().polls().admits(this)) {
            proceed();
        } else {
            failures.postponed();
        }
    }

    @Override
    public void proceed() {
        engine.callWithin(
                engine.patience(task.callOptions()),
                () -> task.account().provider().poll(task.record().submitted(), task.callOptions()),
                this::handle,
                this::failed);
    }

    private void handle(@Nullable PollOutcome outcome) {
        try {
            answered(outcome);
        } catch (RuntimeException | Error e) {
            if (task.isOver()) {
                throw e;
            }
            // what was returned can't be used: the task is polled again, as after any other failure
            failed(e);
        }
    }

    private void failed(Throwable failure) {
        GenerationError error = failure instanceof GenvideoException known
                ? known.getError()
                : GenerationError.of(
                        ErrorCategory.SERVICE_UNAVAILABLE, task.record().provider(), String.valueOf(failure));
        answered(new Trouble(Trouble.Kind.UNAVAILABLE, error, null));
    }

    /** Only what was seen at its time teaches something: a task that ended unseen during an outage took less than that. */
    private void measure() {
        if (failures.any() || !fresh) {
            return;
        }
        // an end that the first poll finds was earlier by an unknown time: guessing low makes the next poll early
        // enough
        engine.statistics.add(measuredAs(task.record()), pending == 0 ? Durations.part(age.now(), 2) : age.now());
    }

    private void answered(@Nullable PollOutcome outcome) {
        if (outcome == null) {
            failed(new IllegalStateException("the provider gave no outcome"));
            return;
        }
        boolean isReached = !(outcome instanceof Trouble trouble) || trouble.kind() == Trouble.Kind.UNUSABLE_RESULT;
        if (isReached) {
            task.accountState().polls().succeeded();
            task.accountState().sending().succeeded();
        }
        if (task.isOver()) {
            if (!isReached && outcome instanceof Trouble trouble) {
                // it may have been the probe for its whole account
                failures.report(trouble, this);
            }
            return;
        }
        if (outcome instanceof Pending running) {
            pending(running);
        } else if (outcome instanceof ActionDue due) {
            actionDue(due);
        } else if (outcome instanceof Succeeded done) {
            measure();
            task.ending().finish(TaskStatus.SUCCEEDED, null, b -> {
                b.media(done.media()).raw(done.raw());
                if (done.credits() != null) {
                    b.credits(done.credits());
                }
            });
        } else if (outcome instanceof Failed failed) {
            task.ending().finish(TaskStatus.FAILED, task.error(failed.error()), b -> b.raw(failed.raw()));
        } else if (outcome instanceof Cancelled cancelled) {
            task.ending().finish(TaskStatus.CANCELLED, task.error(cancelled.error()), b -> b.raw(cancelled.raw()));
        } else if (outcome instanceof Trouble trouble) {
            if (isReached) {
                unusableResult(trouble.error());
            } else {
                failures.failed(trouble, this, this::pollAgain);
            }
        }
    }

    /** Paid and finished, but nothing can be fetched: to give it up would lose it, and to be silent would hide why. */
    private void unusableResult(GenerationError error) {
        if (obstacle == null) {
            engine.observer.warning("task " + task.record().taskId() + ": " + error.message()
                    + "; it is polled for another one [record " + task.record().recordId() + "]");
        }
        obstacle = error;
        pending(new Pending(TaskStatus.RUNNING, 1.0, null));
    }

    /** Why a task that has ended has no result yet; {@code null} if nothing is known to be wrong. */
    @Nullable
    GenerationError obstacle() {
        return obstacle;
    }

    private void learned() {
        pending++;
        failures.over();
    }

    private void pending(Pending outcome) {
        learned();
        TaskRecord record = task.record();
        boolean moved = outcome.status().isWatched()
                && record.status() != outcome.status()
                && record.status().mayBecome(outcome.status());
        String state = outcome.providerState();
        boolean stateMoved = state != null && !state.equals(record.providerState());
        if (moved || stateMoved) {
            task.happened(
                    b -> {
                        if (moved) {
                            b.status(outcome.status());
                        }
                        if (stateMoved) {
                            b.providerState(state);
                        }
                    },
                    () -> {});
        }
        Double fraction = outcome.progress();
        progress.reported(fraction);
        almostDone = fraction != null && fraction >= 1 ? almostDone + 1 : 0;
        again();
    }

    private void actionDue(ActionDue due) {
        learned();
        if (!actions.perform(due)) {
            again();
        }
    }

    private void again() {
        subscriber.subscribe();
        Duration delay = schedule.next(age.now(), expected);
        if (almostDone > 0) {
            delay = schedule.almostDone(almostDone);
        } else if (engine.loop.elapsed().compareTo(closelyUntil) < 0) {
            delay = schedule.closest();
        } else if (subscriber.isPushing() && !schedule.isFixed()) {
            Duration silent = Durations.max(SILENT_PUSH_POLL, Durations.part(age.now(), SILENT_PUSH_AGE_PARTS));
            delay = Durations.min(PUSHED_POLL, Durations.max(delay, silent));
        }
        pollAgain(delay);
    }

    private void pollAgain(Duration wanted) {
        boolean late = age.now().compareTo(permitFor) > 0;
        if (late) {
            task.releasePermit();
        }
        if (isGivenUp()) {
            task.ending()
                    .park(task.error(GenerationError.of(
                                    ErrorCategory.TIMEOUT,
                                    task.record().provider(),
                                    "not finished after "
                                            + engine.settings.watchFor().toHours() + " hours")
                            .withPaid(Paid.YES)));
            return;
        }
        timer.pollAgainIn(late && !task.hasWaits() ? schedule.unattended(age.now()) : wanted);
    }

    private boolean isGivenUp() {
        Duration watchFor = engine.settings.watchFor();
        return age.now().compareTo(watchFor) > 0 && age.measured().compareTo(Durations.min(watchFor, PARK_AFTER)) > 0;
    }
}
