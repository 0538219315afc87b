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
import io.genvideo.spi.PollOutcome.Cancelled;
import io.genvideo.spi.PollOutcome.Failed;
import io.genvideo.spi.PollOutcome.Pending;
import io.genvideo.spi.PollOutcome.Succeeded;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Looks at a task that the service has, until it has ended. Trouble on the way never ends it. */
final class TaskPoller implements CircuitBreaker.Call {
    private static final Duration FIRST_PROGRESS = Duration.ofSeconds(10);
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(30);
    private static final Duration LISTENING_LOOK = Duration.ofMinutes(2);
    private static final int STREAM_ENDED_MILLIS = 500;
    private static final int UNKNOWN_TIMES = 3;
    private static final Duration UNKNOWN_FOR = Duration.ofMinutes(10);
    private static final Duration UNKNOWN_AGAIN = Duration.ofSeconds(200);

    private final EngineContext engine;
    private final OpenTask task;
    private final PollSchedule schedule;
    private final PollSchedule.Expectation expected;
    private final Duration permitFor;
    private final Instant since;
    private EventLoop.@Nullable Timer next;
    private Instant nextAt;
    private Instant lookedAt;
    private int looks;
    private boolean disturbed;
    private boolean listening;
    private boolean hinted;
    private int failures;
    private int unknown;
    private @Nullable Instant unknownSince;

    /** @param permitFor how long the task counts as in flight; one that takes longer must not keep others out */
    TaskPoller(
            EngineContext engine,
            OpenTask task,
            PollSchedule schedule,
            PollSchedule.Expectation expected,
            Duration permitFor) {
        this.engine = engine;
        this.task = task;
        this.schedule = schedule;
        this.expected = expected;
        this.permitFor = permitFor;
        this.since = Objects.requireNonNullElseGet(task.record().acceptedAt(), engine.loop::now);
        this.nextAt = since;
        this.lookedAt = since;
    }

    /** The name under which the duration of such a task is measured. */
    static String measuredAs(TaskRecord record) {
        return record.account() + "/" + record.operation().path() + "/" + record.model();
    }

    void start(Duration firstLook) {
        lookIn(firstLook);
        progressIn(FIRST_PROGRESS);
    }

    /** The service pushes how the task stands: it is asked rarely, in case that it forgets to. */
    void listen() {
        listening = true;
        start(LISTENING_LOOK);
    }

    /** The service has pushed how the task stands. */
    void heard(PollOutcome outcome) {
        if (!isOver() && !(outcome instanceof Trouble)) {
            answered(outcome);
        }
    }

    /** Nothing is pushed any more. StreamLimiter drop together, so that the questions which take their place are spread a little. */
    void streamEnded() {
        listening = false;
        if (!isOver() && next != null) {
            next.cancel();
            lookIn(Duration.ofMillis(engine.random.nextInt(STREAM_ENDED_MILLIS)));
        }
    }

    @Override
    public String recordId() {
        return task.record().recordId();
    }

    private boolean isOver() {
        return task.isOver();
    }

    /** Somebody waits who has not before: the next look may be far off, because nobody did. */
    void hurry() {
        Instant now = engine.loop.now();
        Instant soonest = lookedAt.plus(schedule.closest());
        Instant due = soonest.isAfter(now) ? soonest : now;
        if (next != null && due.isBefore(nextAt)) {
            next.cancel();
            lookIn(Duration.between(now, due));
        }
    }

    /** There is something to be seen. A look that is under way may have missed it, so that another one follows. */
    void lookNow() {
        if (next != null) {
            lookIn(Duration.ZERO);
        } else {
            hinted = true;
        }
    }

    private void lookIn(Duration delay) {
        if (next != null) {
            next.cancel();
        }
        nextAt = engine.loop.now().plus(delay);
        next = engine.loop.schedule(delay, () -> {
            next = null;
            lookedAt = engine.loop.now();
            if (isOver()) {
                return;
            }
            if (task.accountState().polls().admits(this)) {
                proceed();
            } else {
                disturbed = true;
            }
        });
    }

    @Override
    public boolean isWaiting() {
        return !isOver();
    }

    @Override
    public void proceed() {
        engine.call(
                () -> task.account().provider().poll(task.record().submitted(), task.callOptions()),
                this::answered,
                failure -> {
                    if (failure instanceof GenvideoException known) {
                        answered(new Trouble(Trouble.Kind.UNAVAILABLE, known.getError(), null));
                    } else {
                        failed(String.valueOf(failure));
                    }
                });
    }

    private void failed(String why) {
        GenerationError error = GenerationError.of(
                ErrorCategory.SERVICE_UNAVAILABLE, task.record().provider(), why);
        answered(new Trouble(Trouble.Kind.UNAVAILABLE, error, null));
    }

    /** Only what was seen at its time teaches something: a task that ended unseen during an outage took less than that. */
    private void measure() {
        if (disturbed) {
            return;
        }
        // an end that the first look finds was earlier by an unknown time: guessing low makes the next look early
        // enough
        engine.statistics.add(measuredAs(task.record()), looks == 0 ? age().dividedBy(2) : age());
    }

    private void answered(@Nullable PollOutcome outcome) {
        if (outcome == null) {
            failed("the provider gave no outcome");
            return;
        }
        if (!(outcome instanceof Trouble)) {
            task.accountState().polls().succeeded();
            task.accountState().sending().succeeded();
        }
        if (isOver()) {
            if (outcome instanceof Trouble trouble) {
                // it may have been the probe for its whole account
                tell(trouble);
            }
            return;
        }
        if (outcome instanceof Pending pending) {
            pending(pending);
        } else if (outcome instanceof Succeeded done) {
            measure();
            task.finish(TaskStatus.SUCCEEDED, null, b -> {
                b.media(done.media()).raw(done.raw());
                if (done.credits() != null) {
                    b.credits(done.credits());
                }
            });
        } else if (outcome instanceof Failed failed) {
            task.finish(TaskStatus.FAILED, task.error(failed.error()), b -> b.raw(failed.raw()));
        } else if (outcome instanceof Cancelled cancelled) {
            task.finish(TaskStatus.CANCELLED, task.error(cancelled.error()), b -> b.raw(cancelled.raw()));
        } else if (outcome instanceof Trouble trouble) {
            trouble(trouble);
        }
    }

    private void pending(Pending pending) {
        looks++;
        failures = 0;
        unknown = 0;
        TaskRecord record = task.record();
        boolean moved = pending.status().isWatched()
                && record.status() != pending.status()
                && record.status().mayBecome(pending.status());
        String state = pending.providerState();
        boolean stateMoved = state != null && !state.equals(record.providerState());
        if (moved || stateMoved) {
            task.happened(
                    b -> {
                        if (moved) {
                            b.status(pending.status());
                        }
                        if (stateMoved) {
                            b.providerState(state);
                        }
                    },
                    () -> {});
        }
        again();
    }

    private void again() {
        lookAgain(listening ? LISTENING_LOOK : schedule.next(age(), expected));
    }

    private void lookAgain(Duration wanted) {
        Duration delay = hinted ? Duration.ZERO : wanted;
        hinted = false;
        Duration age = age();
        boolean late = age.compareTo(permitFor) > 0;
        if (late) {
            task.releasePermit();
        }
        if (age.compareTo(engine.settings.watchFor()) > 0) {
            task.park(task.error(GenerationError.of(
                            ErrorCategory.TIMEOUT,
                            task.record().provider(),
                            "not finished after " + engine.settings.watchFor().toHours() + " hours")
                    .withPaid(Paid.YES)));
            return;
        }
        lookIn(late && !task.hasWaits() ? schedule.unattended(age) : delay);
    }

    private void trouble(Trouble trouble) {
        disturbed = true;
        boolean parked = tell(trouble);
        if (trouble.kind() == Trouble.Kind.UNKNOWN_TASK) {
            unknownTask(trouble.error(), parked);
        } else if (!parked) {
            failures++;
            lookAgain(schedule.afterFailures(failures));
        }
    }

    /** @return whether the account is in trouble too, and asks this task again when it is out of it */
    private boolean tell(Trouble trouble) {
        return task.accountState()
                .polls()
                .failed(
                        this,
                        trouble.kind(),
                        trouble.retryAfter(),
                        trouble.error().message());
    }

    private void unknownTask(GenerationError error, boolean parked) {
        Instant now = engine.loop.now();
        Instant first = unknown == 0 || unknownSince == null ? now : unknownSince;
        unknownSince = first;
        unknown++;
        // an id that somebody gave us may be a mistake; one that the service gave us is only forgotten for a while
        boolean longEnough = !task.isJournalled() || !now.isBefore(first.plus(UNKNOWN_FOR));
        if (unknown >= UNKNOWN_TIMES && longEnough) {
            task.park(task.error(error.withPaid(Paid.UNKNOWN)));
        } else if (!parked) {
            lookIn(task.isJournalled() ? UNKNOWN_AGAIN : schedule.closest());
        }
    }

    private void progressIn(Duration delay) {
        engine.loop.schedule(delay, () -> {
            if (!isOver()) {
                engine.observer.progress(
                        new TaskProgress(task.record().toTask(), null, age(), expected.time(), engine.open.size()));
                progressIn(PROGRESS_EVERY);
            }
        });
    }

    private Duration age() {
        return Duration.between(since, engine.loop.now());
    }
}
