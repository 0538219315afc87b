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
import io.genvideo.model.WaitReleasedException;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A task between its reservation and its end: its record, and the exchanges that wait for it. */
final class OpenTask {
    private static final ExpectedTime ANY_TIME = new ExpectedTime(Duration.ZERO, Duration.ofMinutes(10));
    /** How many hints about one task are told when it ends; there are a few, but who sends them is outside. */
    private static final int HINTS = 100;

    private static final Duration READ_AGAIN = Duration.ofSeconds(5);

    private final EngineContext engine;
    private final EngineAccount account;
    private final AccountState accountState;
    private final boolean journalled;
    private final List<TaskWaiter> waits = new ArrayList<>();
    private final List<Runnable> whenClosed = new ArrayList<>();
    private final ArrayDeque<Write> unwritten = new ArrayDeque<>();
    private TaskRecord record;
    private @Nullable TaskSubmitter launch;
    private @Nullable TaskPoller watch;
    private CallOptions callOptions = CallOptions.DEFAULT;
    private boolean holdsPermit;
    private boolean over;
    /** Another engine has the record now: it is not ours to write, although exchanges here still wait for the task. */
    private boolean fenced;

    /** @param journalled whether the record is in the repository; a task that only somebody asks about is not */
    OpenTask(EngineContext engine, EngineAccount account, TaskRecord record, boolean journalled) {
        this.engine = engine;
        this.account = account;
        this.record = record;
        this.journalled = journalled;
        this.accountState = engine.accountState(account);
        engine.open.put(record.recordId(), this);
    }

    EngineAccount account() {
        return account;
    }

    AccountState accountState() {
        return accountState;
    }

    TaskRecord record() {
        return record;
    }

    /** Whether the task is ours, and not only asked about. */
    boolean isJournalled() {
        return journalled;
    }

    boolean isOver() {
        return over;
    }

    boolean hasWaits() {
        return !waits.isEmpty();
    }

    /** An error of this task: with its ids. */
    GenerationError error(GenerationError error) {
        return error.at(record.recordId(), record.taskId());
    }

    /** Whether a create call is under way. */
    boolean isSending() {
        return launch != null && launch.isSending();
    }

    /** Of the calls that are made for this task. */
    CallOptions callOptions() {
        return callOptions;
    }

    void launch(Submission submission) {
        callOptions = submission.callOptions();
        launch = new TaskSubmitter(engine, this, submission);
        launch.start();
    }

    /** Watches a task that the service has accepted just now. */
    void watch(
            PollSchedule schedule,
            PollSchedule.Expectation expected,
            Duration permitFor,
            @Nullable PushSubscription stream) {
        watch = new TaskPoller(engine, this, schedule, expected, permitFor);
        if (stream == null || !stream.isOpen()) {
            watch.start(schedule.first(expected));
        } else {
            stream.tell(watch);
            watch.listen();
        }
    }

    /** Watches a task about which nothing is remembered but its record. */
    void watchAgain(@Nullable Duration pollInterval, Duration permitFor, Duration firstLook) {
        watch = new TaskPoller(
                engine,
                this,
                new PollSchedule(pollInterval, account.descriptor().pollFloor()),
                engine.statistics.refine(TaskPoller.measuredAs(record), ANY_TIME),
                permitFor);
        watch.start(firstLook);
    }

    /**
     * Something happened to the task, whatever its schedule says.
     *
     * @param closed runs when this task is not watched here any more
     */
    void lookNow(Runnable closed) {
        if (whenClosed.size() < HINTS) {
            whenClosed.add(closed);
        }
        if (watch != null && !over) {
            watch.lookNow();
        }
    }

    void attach(TaskWaiter wait, Duration timeout) {
        if (wait.isForAcceptance() && record.status().isWatched()) {
            wait.complete(record.toTask(), true, false);
            return;
        }
        if (waits.isEmpty() && watch != null) {
            watch.hurry();
        }
        waits.add(wait);
        wait.expireIn(timeout, engine.loop, () -> timedOut(wait, timeout));
    }

    private void timedOut(TaskWaiter wait, Duration timeout) {
        if (!waits.remove(wait)) {
            return;
        }
        GenerationError obstacle = launch == null || paid(record) != Paid.NO ? null : launch.obstacle();
        wait.fail((obstacle == null ? late(record, timeout) : tooLong(timeout, obstacle)).toException());
        if (waits.isEmpty() && launch != null) {
            launch.abandonUnsent();
        } else if (waits.isEmpty() && !journalled) {
            // somebody only asked about it: without anybody who waits there is no reason to go on asking
            over = true;
            engine.open.remove(record.recordId(), this);
        }
    }

    /** The task was kept from being sent all the time: that, and not the time, is what the route should hear of. */
    private GenerationError tooLong(Duration timeout, GenerationError obstacle) {
        return error(new GenerationError(
                obstacle.category(),
                "not sent within " + timeout.toSeconds() + " s: " + obstacle.message(),
                obstacle.provider(),
                obstacle.providerCode(),
                obstacle.httpStatus(),
                null,
                null,
                true,
                Paid.NO,
                obstacle.alternatives()));
    }

    /** The wait for a record is over, the record is not. */
    static GenerationError late(TaskRecord record, Duration timeout) {
        Paid paid = paid(record);
        String where = paid == Paid.NO
                ? "nothing was created at the service"
                : "the task goes on at the service and is not created again";
        return GenerationError.of(
                        ErrorCategory.TIMEOUT,
                        record.provider(),
                        "no result after " + timeout.toSeconds() + " s; " + where)
                .withPaid(paid)
                .withRetryable(true)
                .at(record.recordId(), record.taskId());
    }

    private static Paid paid(TaskRecord record) {
        if (record.taskId() != null) {
            return Paid.YES;
        }
        boolean saidNo = record.status() == TaskStatus.FAILED || record.status() == TaskStatus.CANCELLED;
        return record.status().isUnsent() || saidNo ? Paid.NO : Paid.UNKNOWN;
    }

    /**
     * Changes the record before anything was sent; on failure nothing must be sent. Called while nothing else is being
     * written.
     *
     * @param lease how long nobody else may take the record for lost
     */
    void prepare(Consumer<TaskRecord.Builder> change, Duration lease, Runnable then, Consumer<Throwable> otherwise) {
        TaskRecord next = changed(change);
        if (fenced) {
            // its versions and the other engine's may meet by chance, and then the journal would take the write
            otherwise.accept(new StaleRecordException(record.recordId(), record.version()));
            return;
        }
        engine.call(
                () -> engine.journal.announce(next, lease),
                done -> {
                    record = next;
                    then.run();
                },
                otherwise);
    }

    /**
     * Changes the record to what happened at the service. Writes of one record follow one another: none is tried before
     * the one before it has succeeded, so that a result never overtakes an acceptance that is tried again.
     */
    void happened(Consumer<TaskRecord.Builder> change, Runnable then) {
        record = changed(change);
        if (!journalled || fenced) {
            then.run();
            return;
        }
        unwritten.addLast(new Write(record, then));
        if (unwritten.size() == 1) {
            writeNext();
        }
    }

    private void writeNext() {
        Write write = unwritten.peekFirst();
        if (write != null && fenced) {
            unwritten.removeFirst();
            write.then().run();
            writeNext();
        } else if (write != null) {
            engine.record(write.fact(), ours -> {
                ours.ifPresentOrElse(now -> renumber(now.version()), () -> fenced = true);
                try {
                    write.then().run();
                } finally {
                    unwritten.removeFirst();
                    writeNext();
                }
            });
        }
    }

    /** The journal has the oldest write at this version now; those that wait follow it. */
    private void renumber(long written) {
        Write oldest = unwritten.getFirst();
        if (oldest.fact().version() == written) {
            return;
        }
        List<Write> all = List.copyOf(unwritten);
        unwritten.clear();
        long version = written;
        for (Write write : all) {
            unwritten.addLast(new Write(write.fact().atVersion(version++), write.then()));
        }
        record = record.atVersion(version - 1);
    }

    /** The record had been taken by another engine, which is gone now. */
    void isOursAgain(TaskRecord claimed) {
        fenced = false;
        record = record.atVersion(claimed.version());
    }

    private TaskRecord changed(Consumer<TaskRecord.Builder> change) {
        TaskRecord.Builder builder = record.toBuilder();
        change.accept(builder);
        return builder.build();
    }

    /** Something that happened, and what comes after it is in the journal. */
    private record Write(TaskRecord fact, Runnable then) {}

    void takePermit() {
        holdsPermit = true;
    }

    void releasePermit() {
        if (holdsPermit) {
            holdsPermit = false;
            accountState.limiter().leave();
        }
    }

    void accepted(SubmitOutcome.Accepted answer) {
        // nobody waits for the result: it is for a consumer, and not for a source that would come back for it
        boolean unattended = !waits.isEmpty() && waits.stream().allMatch(TaskWaiter::isForAcceptance);
        happened(
                b -> b.status(answer.status() == TaskStatus.RUNNING ? TaskStatus.RUNNING : TaskStatus.QUEUED)
                        .taskId(answer.taskId())
                        .providerState(answer.providerState())
                        .raw(answer.raw())
                        .delivery(unattended ? DeliveryState.AVAILABLE : record.delivery())
                        .acceptedAt(engine.loop.now()),
                () -> {
                    GenerationTask task = record.toTask();
                    engine.observer.accepted(task);
                    List<TaskWaiter> accepted =
                            waits.stream().filter(TaskWaiter::isForAcceptance).toList();
                    waits.removeAll(accepted);
                    accepted.forEach(w -> w.complete(task, false, false));
                });
    }

    /** The task has ended well, or not; whoever waits gets it, or the {@code tasks} consumer will. */
    void finish(TaskStatus status, @Nullable GenerationError error, Consumer<TaskRecord.Builder> change) {
        over = true;
        releasePermit();
        boolean unpaid = record.taskId() == null && status != TaskStatus.UNCERTAIN;
        happened(
                b -> {
                    change.accept(b);
                    b.status(status).error(error).finishedAt(engine.loop.now());
                    if (unpaid) {
                        b.delivery(DeliveryState.DELIVERED);
                    } else if (status == TaskStatus.UNCERTAIN
                            || record.delivery() == DeliveryState.AVAILABLE && !hasWaits()) {
                        b.delivery(DeliveryState.AVAILABLE);
                    } else {
                        handTo(b);
                    }
                },
                () -> {
                    engine.observer.finished(record.toTask());
                    handOver(error);
                });
    }

    /** Whoever waits has the outcome; if nobody does, it is offered to whoever comes. */
    private void handTo(TaskRecord.Builder end) {
        if (hasWaits()) {
            end.delivery(DeliveryState.OWNED).owner(engine.owner.id()).deliveries(record.deliveries() + 1);
        } else {
            end.delivery(DeliveryState.AVAILABLE).availableAt(ResultDelivery.offeredAt(record, engine.loop.now()));
        }
    }

    /**
     * Gives the end to whoever waits now. While it was being written the last exchange may have gone, or the first one
     * come: then the journal has to say so first, or nobody would ever offer the result to anybody.
     */
    private void handOver(@Nullable GenerationError error) {
        boolean owned = record.delivery() == DeliveryState.OWNED;
        boolean available =
                record.delivery() == DeliveryState.AVAILABLE && record.status().isTerminal();
        if (owned && !hasWaits() || available && hasWaits()) {
            happened(this::handTo, () -> handOver(error));
            return;
        }
        GenerationTask task = record.toTask();
        close(w -> {
            if (error == null) {
                w.complete(task, false, journalled);
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
        over = true;
        releasePermit();
        GenerationError unpaid = error(error);
        failWaits(unpaid);
        if (cause instanceof StaleRecordException) {
            // somebody else has the record, and perhaps sends: what they write must not be overwritten
            finish(TaskStatus.FAILED, unpaid, b -> {});
            return;
        }
        engine.call(
                () -> engine.journal.call(r -> r.find(record.recordId())),
                found -> {
                    // the announcement may be there all the same: then its answer was lost, and the next write follows
                    // it
                    found.filter(now -> now.status() == TaskStatus.SUBMITTING).ifPresent(now -> record = now);
                    finish(TaskStatus.FAILED, unpaid, b -> {});
                },
                failure -> {
                    engine.observer.warning("record " + record.recordId()
                            + " could not be read, trying again; nothing was sent for it: " + failure);
                    engine.loop.schedule(READ_AGAIN, () -> failUnannounced(error, cause));
                });
    }

    private void failWaits(GenerationError error) {
        List<TaskWaiter> waiting = List.copyOf(waits);
        waits.clear();
        waiting.forEach(w -> w.fail(error.toException()));
    }

    /** Frees the key: nothing was sent, and nobody waits any more. */
    void discard() {
        over = true;
        releasePermit();
        TaskRecord unsent = record;
        engine.call(
                () -> engine.journal.call(r -> {
                    r.discard(unsent);
                    return true;
                }),
                done -> {},
                failure -> engine.observer.warning(
                        "record " + unsent.recordId() + " could not be removed, nothing was sent for it: " + failure));
        close(this::release);
    }

    /** Nobody asks about this task any more, although it has not ended; a person has to look. */
    void park(GenerationError error) {
        over = true;
        releasePermit();
        engine.observer.warning("task " + record.taskId() + " is not asked about any more: " + error.message()
                + " [record " + record.recordId() + "]");
        happened(b -> b.delivery(DeliveryState.PARKED).error(error), () -> close(w -> w.fail(error.toException())));
    }

    /** The component stops: the exchanges go back to their sources, the service keeps the task. */
    void stop() {
        if (isSending()) {
            releaseWaits();
        } else if (record.status().isUnsent()) {
            discard();
        } else {
            over = true;
            releaseWaits();
        }
    }

    private void releaseWaits() {
        List<TaskWaiter> waiting = List.copyOf(waits);
        waits.clear();
        waiting.forEach(this::release);
    }

    private void release(TaskWaiter wait) {
        wait.fail(new WaitReleasedException(
                switch (paid(record)) {
                    case NO -> "the component stops before anything was paid";
                    case YES -> "the component stops while the task goes on at the service";
                    case UNKNOWN -> "the component stops while the create call waits for its answer";
                },
                record.recordId(),
                record.taskId()));
    }

    private void close(Consumer<TaskWaiter> end) {
        List<Runnable> told = List.copyOf(whenClosed);
        whenClosed.clear();
        told.forEach(Runnable::run);
        engine.open.remove(record.recordId(), this);
        List<TaskWaiter> waiting = List.copyOf(waits);
        waits.clear();
        waiting.forEach(end);
    }
}
