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
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A task between its reservation and its end: its record, and the exchanges that wait for it. */
final class OpenTask {
    private final EngineContext engine;
    private final EngineAccount account;
    private final Lane lane;
    private final boolean journalled;
    private final List<TaskWait> waits = new ArrayList<>();
    private TaskRecord record;
    private @Nullable Launch launch;
    private @Nullable Watch watch;
    private boolean holdsPlace;
    private boolean over;

    /** @param journalled whether the record is in the repository; a task that only somebody asks about is not */
    OpenTask(EngineContext engine, EngineAccount account, TaskRecord record, boolean journalled) {
        this.engine = engine;
        this.account = account;
        this.record = record;
        this.journalled = journalled;
        this.lane = engine.lane(account);
        engine.open.put(record.recordId(), this);
    }

    EngineAccount account() {
        return account;
    }

    Lane lane() {
        return lane;
    }

    TaskRecord record() {
        return record;
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

    void launch(Submission submission) {
        launch = new Launch(engine, this, submission);
        launch.start();
    }

    /** Watches a task that the service has, from now on. */
    void watch(PollSchedule schedule, PollSchedule.Expectation expected, Duration placeFor) {
        watch = new Watch(engine, this, schedule, expected, placeFor);
        watch.start();
    }

    void attach(TaskWait wait, Duration timeout) {
        if (wait.isForAcceptance() && record.status().isWatched()) {
            wait.complete(record.toTask(), true, false);
            return;
        }
        waits.add(wait);
        wait.deadline(engine.loop.schedule(timeout, () -> timedOut(wait, timeout)));
    }

    private void timedOut(TaskWait wait, Duration timeout) {
        if (wait.isOver() || !waits.remove(wait)) {
            return;
        }
        Paid paid = record.status().isUnsent() ? Paid.NO : record.taskId() == null ? Paid.UNKNOWN : Paid.YES;
        String where = paid == Paid.NO
                ? "nothing was sent to the service"
                : "the task goes on at the service and is not created again";
        wait.fail(error(GenerationError.of(
                                ErrorCategory.TIMEOUT,
                                record.provider(),
                                "no result after " + timeout.toSeconds() + " s; " + where)
                        .withPaid(paid)
                        .withRetryable(true))
                .toException());
        if (waits.isEmpty() && launch != null) {
            launch.abandonUnsent();
        }
    }

    /** Changes the record before anything was sent; on failure nothing must be sent. */
    void prepare(Consumer<TaskRecord.Builder> change, Runnable then, Consumer<Throwable> otherwise) {
        TaskRecord.Builder builder = record.toBuilder();
        change.accept(builder);
        TaskRecord next = builder.build();
        engine.call(
                () -> engine.journal.update(next),
                done -> {
                    record = next;
                    then.run();
                },
                otherwise);
    }

    /** Changes the record to what happened at the service. */
    void happened(Consumer<TaskRecord.Builder> change, Runnable then) {
        TaskRecord.Builder builder = record.toBuilder();
        change.accept(builder);
        record = builder.build();
        if (journalled) {
            engine.record(record, then);
        } else {
            then.run();
        }
    }

    void takePlace() {
        holdsPlace = true;
    }

    void leavePlace() {
        if (holdsPlace) {
            holdsPlace = false;
            lane.admission().leave();
        }
    }

    void accepted(SubmitOutcome.Accepted answer) {
        happened(
                b -> b.status(answer.status())
                        .taskId(answer.taskId())
                        .providerState(answer.providerState())
                        .raw(answer.raw())
                        .acceptedAt(engine.loop.now()),
                () -> {
                    GenerationTask task = record.toTask();
                    engine.observer.accepted(task);
                    List<TaskWait> accepted =
                            waits.stream().filter(TaskWait::isForAcceptance).toList();
                    waits.removeAll(accepted);
                    accepted.forEach(w -> w.complete(task, false, false));
                });
    }

    /** The task has ended well, or not; whoever waits gets it, or the {@code tasks} consumer will. */
    void finish(TaskStatus status, @Nullable GenerationError error, Consumer<TaskRecord.Builder> change) {
        over = true;
        leavePlace();
        boolean unpaid = record.taskId() == null && status != TaskStatus.UNCERTAIN;
        DeliveryState delivery = unpaid
                ? DeliveryState.DELIVERED
                : hasWaits() && status != TaskStatus.UNCERTAIN ? DeliveryState.OWNED : DeliveryState.AVAILABLE;
        happened(
                b -> {
                    change.accept(b);
                    b.status(status).error(error).delivery(delivery).finishedAt(engine.loop.now());
                },
                () -> {
                    GenerationTask task = record.toTask();
                    engine.observer.finished(task);
                    close(w -> {
                        if (error == null) {
                            w.complete(task, false, journalled);
                        } else {
                            w.fail(error.toException());
                        }
                    });
                });
    }

    /** Frees the key: nothing was sent, and nobody waits any more. */
    void discard() {
        over = true;
        leavePlace();
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
        leavePlace();
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
        List<TaskWait> waiting = List.copyOf(waits);
        waits.clear();
        waiting.forEach(this::release);
    }

    private void release(TaskWait wait) {
        wait.fail(new WaitReleasedException(
                record.taskId() == null
                        ? "the component stops before anything was paid"
                        : "the component stops while the task goes on at the service",
                record.recordId(),
                record.taskId()));
    }

    private void close(Consumer<TaskWait> end) {
        engine.open.remove(record.recordId(), this);
        List<TaskWait> waiting = List.copyOf(waits);
        waits.clear();
        waiting.forEach(end);
    }
}
