/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A task between its reservation and its end: its record, and the exchanges that wait for it. */
final class OpenTask {
    /** How many hints about one task are answered when it ends; there are a few, but who sends them is outside. */
    private static final int HINTS = 100;

    private final EngineContext engine;
    private final EngineAccount account;
    private final AccountState accountState;
    private final RecordWriter writer;
    private final TaskWaiters waiters = new TaskWaiters();
    private final TaskEnding ending;
    private final List<Runnable> whenClosed = new ArrayList<>(1);
    private @Nullable TaskSubmitter submitter;
    private @Nullable TaskPoller poller;
    private @Nullable String heldKey;
    /** The shortest that an exchange which waits or has waited wants; it is not journalled. */
    private @Nullable Duration pollInterval;

    private CallOptions callOptions = CallOptions.DEFAULT;
    private boolean holdsPermit;
    private boolean cancelledOnceAccepted;

    private boolean over;

    /** @param journalled whether the record is in the repository; a task that is only polled for somebody is not */
    OpenTask(EngineContext engine, EngineAccount account, TaskRecord record, boolean journalled) {
        this.engine = engine;
        this.account = account;
        this.writer = new RecordWriter(engine, record, journalled);
        this.ending = new TaskEnding(engine, this, waiters, writer);
        this.accountState = engine.accountState(account);
        engine.open.add(this);
    }

    /** A task that was sent before; it has a permit, whatever the limit, and the serialization key of its state. */
    static OpenTask sentBefore(EngineContext engine, EngineAccount account, TaskRecord record) {
        OpenTask task = new OpenTask(engine, account, record, true);
        task.accountState.limiter().occupy();
        task.takePermit();
        String state = record.providerState();
        String key = state == null ? null : engine.serializationKey(account, state);
        if (key != null) {
            task.heldKey = key;
            task.accountState.keys().hold(key, task);
        }
        return task;
    }

    EngineAccount account() {
        return account;
    }

    AccountState accountState() {
        return accountState;
    }

    TaskRecord record() {
        return writer.record();
    }

    RecordWriter writer() {
        return writer;
    }

    /** How the task ends. */
    TaskEnding ending() {
        return ending;
    }

    /** The record had been taken by another engine, which is gone now. */
    void isOursAgain(TaskRecord claimed) {
        writer.isOursAgain(claimed);
    }

    /** Whether the journal has a task for this record that is not known here. */
    boolean isBehind(TaskRecord stored) {
        return stored.taskId() != null && record().taskId() == null;
    }

    /**
     * Ends here without another write, because the journal knows more.
     *
     * @return who waited
     */
    List<TaskWaiter> supersede() {
        List<TaskWaiter> waiting = new ArrayList<>();
        end();
        writer.fence();
        close(waiting::add);
        return waiting;
    }

    boolean isOver() {
        return over;
    }

    boolean hasWaits() {
        return !waiters.isEmpty();
    }

    /** An error of this task: with its ids. */
    GenerationError error(GenerationError error) {
        return error.at(record().recordId(), record().taskId());
    }

    /** Whether a create call is under way. */
    boolean isSending() {
        return submitter != null && submitter.isSending();
    }

    /** Of the calls that are made for this task. */
    CallOptions callOptions() {
        return callOptions;
    }

    void submit(Submission submission) {
        callOptions = submission.callOptions();
        submitter = new TaskSubmitter(engine, this, submission);
        submitter.start();
    }

    /** Watches a task that the service has accepted just now. */
    void watch(ExpectedTime announced, Submission submission, @Nullable PushSubscription stream) {
        forgetSubmitter();
        pollInterval = shorter(pollInterval, submission.pollInterval());
        PollSchedule schedule =
                new PollSchedule(pollInterval, account.descriptor().pollFloor());
        PollSchedule.Expectation expected = engine.statistics.refine(TaskPoller.measuredAs(record()), announced);
        poller = new TaskPoller(engine, this, schedule, expected, submission.timeout(), submission.maxStreams(), true);
        poller.start(schedule.first(expected), stream);
    }

    /** Nothing is sent for the task any more, and thousands may wait for minutes: the request need not be kept. */
    private void forgetSubmitter() {
        if (submitter != null) {
            heldKey = submitter.passKeyTo(this);
            submitter = null;
        }
    }

    /** Watches a task about which nothing is remembered but its record. */
    void watchAgain(Duration permitFor, int maxStreams, Duration firstPoll) {
        poller = new TaskPoller(
                engine,
                this,
                new PollSchedule(pollInterval, account.descriptor().pollFloor()),
                engine.statistics.refine(TaskPoller.measuredAs(record()), PollSchedule.ANY_TIME),
                permitFor,
                maxStreams,
                false);
        poller.start(firstPoll, null);
    }

    private static @Nullable Duration shorter(@Nullable Duration a, @Nullable Duration b) {
        return a == null || b != null && b.compareTo(a) < 0 ? b : a;
    }

    /**
     * Something happened to the task, whatever its schedule says.
     *
     * @param closed runs when this task is not watched here any more
     */
    void pollNow(Runnable closed) {
        if (whenClosed.size() < HINTS) {
            whenClosed.add(closed);
        }
        if (poller != null && !over) {
            poller.pollNow();
        }
    }

    /** Polls as often as the service allows for that long, because the task is about to end. */
    void pollCloselyFor(Duration time) {
        if (poller != null && !over) {
            poller.closelyFor(time);
        }
    }

    /** The exchange waits for this task from now on; one whose time is over does not count. */
    void attach(TaskWaiter wait) {
        if (wait.isOver()) {
            return;
        }
        if (wait.isForAcceptance() && record().status().isWatched()) {
            wait.complete(record().toTask(), true, false);
            return;
        }
        boolean isFirst = waiters.isEmpty();
        cancelledOnceAccepted = false;
        waiters.add(wait);
        wait.onExpiry(() -> timedOut(wait));
        pollInterval = shorter(pollInterval, wait.pollInterval());
        if (poller != null) {
            poller.waitedFor(pollInterval, isFirst);
        }
    }

    private void timedOut(TaskWaiter wait) {
        if (!waiters.remove(wait)) {
            return;
        }
        if (wait.abandon().onTimeout() && waiters.isEmpty() && AbandonedTasks.canBeCancelled(this)) {
            engine.abandoned.cancel(
                    this,
                    answer -> wait.fail(WaitErrors.cancelled(record(), wait.timeout(), answer)
                            .toException()));
            return;
        }
        if (wait.abandon().onTimeout() && waiters.isEmpty()) {
            cancelOnceAccepted();
        }
        Paid paid = WaitErrors.paid(record());
        if (paid == Paid.NO && hasWaits()) {
            // it may be sent for them, and what was paid for them is under the key of this one too
            paid = Paid.UNKNOWN;
        }
        GenerationError obstacle = submitter == null || paid != Paid.NO ? null : submitter.obstacle();
        GenerationError unusable = poller == null ? null : poller.obstacle();
        wait.fail((obstacle == null
                        ? WaitErrors.timedOut(record(), paid, wait.timeout(), unusable)
                        : WaitErrors.notSent(record(), wait.timeout(), obstacle))
                .toException());
        if (waiters.isEmpty() && submitter != null) {
            submitter.abandonUnsent();
        } else if (waiters.isEmpty() && !writer.isJournalled()) {
            // it was polled only for those who waited
            end();
            engine.open.remove(this);
        }
    }

    /** Changes the record to what happened at the service. */
    void happened(Consumer<TaskRecord.Builder> change, Runnable then) {
        writer.happened(change, then);
    }

    /** The last wait wanted the task cancelled, and ends while the create call is under way. */
    void cancelOnceAccepted() {
        cancelledOnceAccepted = true;
    }

    void takePermit() {
        holdsPermit = true;
    }

    void releasePermit() {
        if (holdsPermit) {
            holdsPermit = false;
            if (submitter != null) {
                accountState.limiter().answered(submitter);
            }
            accountState.limiter().leave();
        }
    }

    /** Reports to those who wait how far the task is. */
    void informWaiters(TaskProgress made) {
        waiters.progress(made, record().recordId(), engine.observer);
    }

    void accepted(SubmitOutcome.Accepted answer) {
        // nobody waits for the result: it is for a consumer, and not for a source that would come back for it
        boolean unattended = waiters.areForAcceptance();
        String state = answer.providerState();
        happened(
                b -> b.status(answer.status() == TaskStatus.RUNNING ? TaskStatus.RUNNING : TaskStatus.QUEUED)
                        .taskId(answer.taskId())
                        .providerState(state == null ? record().providerState() : state)
                        .raw(answer.raw())
                        .delivery(unattended ? DeliveryState.AVAILABLE : record().delivery())
                        .acceptedAt(engine.clock.now()),
                () -> {
                    GenerationTask task = record().toTask();
                    engine.observer.accepted(task);
                    waiters.takeForAcceptance().forEach(w -> w.complete(task, false, false));
                    if (cancelledOnceAccepted && waiters.isEmpty() && AbandonedTasks.canBeCancelled(this)) {
                        engine.abandoned.cancelAccepted(this);
                    }
                });
        engine.open.named(this);
    }

    /** Nothing more is done for the task, except that its end is written. */
    void end() {
        over = true;
        if (submitter != null) {
            submitter.leaveQueues();
        }
        if (poller != null) {
            poller.close();
        }
        releasePermit();
    }

    /** The end is in the journal, or nothing has to be. @param end ends a wait */
    void close(Consumer<TaskWaiter> end) {
        releaseKey();
        List<Runnable> hinted = List.copyOf(whenClosed);
        whenClosed.clear();
        hinted.forEach(Runnable::run);
        engine.open.remove(this);
        for (TaskWaiter wait : waiters.takeAll()) {
            try {
                end.accept(wait);
            } catch (RuntimeException | Error e) {
                // also an Error: whoever waits has to be ended, and so have the others
                wait.fail(e);
            }
        }
    }

    private void releaseKey() {
        if (submitter != null) {
            submitter.releaseKey();
        }
        String key = heldKey;
        if (key != null) {
            heldKey = null;
            accountState.keys().release(key, this);
        }
    }
}
