/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.StaleRecordException;
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
    private final List<TaskWaiter> waits = new ArrayList<>();
    private final List<Runnable> whenClosed = new ArrayList<>();
    private @Nullable TaskSubmitter submitter;
    private @Nullable TaskPoller poller;
    private @Nullable String heldKey;
    private CallOptions callOptions = CallOptions.DEFAULT;
    private boolean holdsPermit;
    private boolean over;

    /** @param journalled whether the record is in the repository; a task that is only polled for somebody is not */
    OpenTask(EngineContext engine, EngineAccount account, TaskRecord record, boolean journalled) {
        this.engine = engine;
        this.account = account;
        this.writer = new RecordWriter(engine, record, journalled);
        this.accountState = engine.accountState(account);
        engine.open.put(record.recordId(), this);
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
        return !waits.isEmpty();
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
        PollSchedule schedule =
                new PollSchedule(submission.pollInterval(), account.descriptor().pollFloor());
        PollSchedule.Expectation expected = engine.statistics.refine(TaskPoller.measuredAs(record()), announced);
        poller = new TaskPoller(engine, this, schedule, expected, submission.timeout(), submission.maxStreams(), true);
        poller.start(schedule.first(expected), stream);
    }

    /** Watches a task about which nothing is remembered but its record. */
    void watchAgain(@Nullable Duration pollInterval, Duration permitFor, int maxStreams, Duration firstPoll) {
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
        if (waits.isEmpty() && poller != null) {
            poller.hurry();
        }
        waits.add(wait);
        wait.onExpiry(() -> timedOut(wait));
    }

    private void timedOut(TaskWaiter wait) {
        if (!waits.remove(wait)) {
            return;
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
        if (waits.isEmpty() && submitter != null) {
            submitter.abandonUnsent();
        } else if (waits.isEmpty() && !writer.isJournalled()) {
            // it was polled only for those who waited
            end();
            engine.open.remove(record().recordId(), this);
        }
    }

    /** Changes the record to what happened at the service. */
    void happened(Consumer<TaskRecord.Builder> change, Runnable then) {
        writer.happened(change, then);
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

    /** Tells those who wait how far the task is. */
    void progress(TaskProgress made) {
        engine.observer.progress(made);
        for (TaskWaiter wait : List.copyOf(waits)) {
            try {
                wait.progress(made);
            } catch (RuntimeException | Error e) {
                engine.observer.warning(
                        "a progress listener failed; the task goes on [record " + record().recordId() + "]: " + e);
            }
        }
    }

    void accepted(SubmitOutcome.Accepted answer) {
        // nobody waits for the result: it is for a consumer, and not for a source that would come back for it
        boolean unattended = !waits.isEmpty() && waits.stream().allMatch(TaskWaiter::isForAcceptance);
        String state = answer.providerState();
        happened(
                b -> b.status(answer.status() == TaskStatus.RUNNING ? TaskStatus.RUNNING : TaskStatus.QUEUED)
                        .taskId(answer.taskId())
                        .providerState(state == null ? record().providerState() : state)
                        .raw(answer.raw())
                        .delivery(unattended ? DeliveryState.AVAILABLE : record().delivery())
                        .acceptedAt(engine.loop.now()),
                () -> {
                    GenerationTask task = record().toTask();
                    engine.observer.accepted(task);
                    List<TaskWaiter> accepted =
                            waits.stream().filter(TaskWaiter::isForAcceptance).toList();
                    waits.removeAll(accepted);
                    accepted.forEach(w -> w.complete(task, false, false));
                });
    }

    /** Nothing more is done for the task. */
    private void end() {
        over = true;
        if (submitter != null) {
            submitter.leaveQueues();
        }
        if (poller != null) {
            poller.close();
        }
        releasePermit();
    }

    /** The task has ended well, or not; whoever waits gets it, or the {@code tasks} consumer will. */
    void finish(TaskStatus status, @Nullable GenerationError error, Consumer<TaskRecord.Builder> change) {
        // what the service returned may be malformed: then nothing has happened here
        TaskRecord.Builder trial = record().toBuilder();
        change.accept(trial);
        trial.build();
        end();
        boolean unpaid = record().taskId() == null && status != TaskStatus.UNCERTAIN;
        if (record().taskId() != null) {
            accountState.limiter().taskEnded();
        }
        happened(
                b -> {
                    change.accept(b);
                    b.status(status).error(error).finishedAt(engine.loop.now());
                    if (unpaid) {
                        b.delivery(DeliveryState.DELIVERED);
                    } else if (status == TaskStatus.UNCERTAIN
                            || record().delivery() == DeliveryState.AVAILABLE && !hasWaits()) {
                        b.delivery(DeliveryState.AVAILABLE);
                    } else {
                        handTo(b);
                    }
                },
                () -> {
                    engine.observer.finished(record().toTask());
                    handOver(error);
                });
    }

    /** Whoever waits has the outcome; if nobody does, it is offered to whoever comes. */
    private void handTo(TaskRecord.Builder end) {
        if (hasWaits()) {
            end.delivery(DeliveryState.OWNED).owner(engine.owner.id()).deliveries(record().deliveries() + 1);
        } else {
            end.delivery(DeliveryState.AVAILABLE).availableAt(ResultDelivery.offeredAt(record(), engine.loop.now()));
        }
    }

    /**
     * Gives the end to whoever waits now. While it was being written the last exchange may have gone, or the first one
     * come: then the journal has to say so first, or nobody would ever offer the result to anybody.
     */
    private void handOver(@Nullable GenerationError error) {
        boolean owned = record().delivery() == DeliveryState.OWNED;
        boolean available = record().delivery() == DeliveryState.AVAILABLE
                && record().status().isTerminal();
        if (owned && !hasWaits() || available && hasWaits()) {
            happened(this::handTo, () -> handOver(error));
            return;
        }
        GenerationTask task = record().toTask();
        close(w -> {
            if (error == null) {
                w.complete(task, false, writer.isJournalled());
            } else {
                w.fail(error.toException());
            }
        });
    }

    /**
     * The create call could not be announced in the journal, so nothing was sent. Whoever waits hears of it at once; the
     * journal, which may be out of order for long, when it is able to.
     */
    void failUnannounced(GenerationError error, Throwable cause) {
        end();
        boolean isOthers = cause instanceof StaleRecordException;
        GenerationError unpaid = error(isOthers ? error.withPaid(Paid.UNKNOWN) : error);
        failWaits(unpaid);
        if (isOthers) {
            // somebody else has the record, and perhaps sends: what they write must not be overwritten
            finish(TaskStatus.FAILED, unpaid, b -> {});
            return;
        }
        engine.call(
                () -> engine.journal.call(r -> r.find(record().recordId())),
                found -> {
                    // the announcement may be there all the same: then its answer was lost, and the next write follows
                    // it
                    found.filter(now -> now.status() == TaskStatus.SUBMITTING).ifPresent(writer::adopt);
                    finish(TaskStatus.FAILED, unpaid, b -> {});
                },
                failure -> {
                    engine.observer.warning("record " + record().recordId()
                            + " could not be read, trying again; nothing was sent for it: " + failure);
                    engine.loop.schedule(Journal.READ_AGAIN, () -> failUnannounced(error, cause));
                });
    }

    private void failWaits(GenerationError error) {
        List<TaskWaiter> waiting = List.copyOf(waits);
        waits.clear();
        waiting.forEach(w -> w.fail(error.toException()));
    }

    /**
     * A person cancels the task before it was sent.
     *
     * @return whether it was not sent, and will not be
     */
    boolean cancelUnsent() {
        if (over || isSending() || !record().status().isUnsent()) {
            return false;
        }
        finish(
                TaskStatus.CANCELLED,
                error(GenerationError.of(
                        ErrorCategory.CANCELLED,
                        record().provider(),
                        "cancelled before it was sent, nothing was paid")),
                b -> {});
        return true;
    }

    /** Frees the key: nothing was sent, and nobody waits any more. */
    void discard() {
        end();
        releaseWaits();
        // what happened before has to be in the journal, or its write would bring the record back
        writer.whenWritten(() -> {
            TaskRecord unsent = record();
            engine.call(
                    () -> engine.journal.call(r -> {
                        r.discard(unsent);
                        return true;
                    }),
                    done -> {},
                    failure -> engine.observer.warning("record " + unsent.recordId()
                            + " could not be removed, nothing was sent for it: " + failure));
            close(w -> w.fail(
                    engine.stopping ? WaitErrors.stopped(record()) : dropped().toException()));
        });
    }

    /** For an exchange that came while the record was being dropped. */
    private GenerationError dropped() {
        return error(GenerationError.of(
                        ErrorCategory.SERVICE_UNAVAILABLE,
                        record().provider(),
                        "an unsent task with the same key was being dropped; nothing was sent, send the message again")
                .withRetryable(true));
    }

    /** The task is polled no more although it has not ended; a person has to resolve it. */
    void park(GenerationError error) {
        end();
        engine.observer.warning("task " + record().taskId() + " is not polled any more: " + error.message()
                + " [record " + record().recordId() + "]");
        happened(b -> b.delivery(DeliveryState.PARKED).error(error), () -> close(w -> w.fail(error.toException())));
    }

    /** The component stops: the exchanges go back to their sources, the service keeps the task. */
    void stop() {
        if (isSending()) {
            releaseWaits();
        } else if (record().status().isUnsent()) {
            discard();
        } else {
            end();
            releaseWaits();
        }
    }

    private void releaseWaits() {
        List<TaskWaiter> waiting = List.copyOf(waits);
        waits.clear();
        waiting.forEach(this::release);
    }

    private void release(TaskWaiter wait) {
        wait.fail(WaitErrors.stopped(record()));
    }

    /** The end is in the journal, or nothing has to be. */
    private void close(Consumer<TaskWaiter> end) {
        releaseKey();
        List<Runnable> hinted = List.copyOf(whenClosed);
        whenClosed.clear();
        hinted.forEach(Runnable::run);
        engine.open.remove(record().recordId(), this);
        List<TaskWaiter> waiting = List.copyOf(waits);
        waits.clear();
        for (TaskWaiter wait : waiting) {
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
