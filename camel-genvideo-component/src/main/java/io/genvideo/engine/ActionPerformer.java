/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.ActionDue;
import io.genvideo.spi.PollOutcome.Pending;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.TaskRecord;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Performs the steps with effects that a task needs, one at a time: the state that says that a step is under way is in the
 * journal before the step. Only the engine that owns the record does so.
 */
final class ActionPerformer {
    private final EngineContext engine;
    private final OpenTask task;
    private final Consumer<PollOutcome> then;
    private boolean busy;

    /** @param then gets what the step has brought about */
    ActionPerformer(EngineContext engine, OpenTask task, Consumer<PollOutcome> then) {
        this.engine = engine;
        this.task = task;
        this.then = then;
    }

    /** Whether a step is under way, or about to be. */
    boolean isBusy() {
        return busy;
    }

    /**
     * Journals the step and performs it.
     *
     * @return false if it can't be performed now: the task is polled again
     */
    boolean perform(ActionDue due) {
        if (busy || !task.writer().isSettled() || engine.stopping) {
            return false;
        }
        busy = true;
        if (due.providerState().equals(task.record().providerState())) {
            // an earlier attempt has journalled it, and the provider found that the step was not performed
            send(due);
        } else {
            journal(due);
        }
        return true;
    }

    private void journal(ActionDue due) {
        task.writer()
                .announce(
                        b -> b.providerState(due.providerState()),
                        Journal.LEASE,
                        () -> {
                            if (task.isOver() || engine.stopping) {
                                busy = false;
                            } else {
                                send(due);
                            }
                        },
                        failure -> readBack(due, failure));
    }

    private void send(ActionDue due) {
        engine.callWithin(
                engine.patience(task.callOptions()),
                () -> task.account().provider().perform(task.record().submitted(), due.action(), task.callOptions()),
                outcome -> performed(due, outcome),
                failure -> performed(due, trouble(failure)));
    }

    private void performed(ActionDue due, PollOutcome outcome) {
        busy = false;
        // the same step again would be asked for without a pause
        then.accept(due.equals(outcome) ? new Pending(task.record().status(), null, null) : outcome);
    }

    /** The write failed, so the step is not performed; but it may have taken effect, and what is written next follows it. */
    private void readBack(ActionDue due, Throwable failure) {
        engine.call(
                () -> engine.journal.call(r -> r.find(task.record().recordId())),
                found -> {
                    found.filter(now -> isOurs(now, due)).ifPresent(task.writer()::adopt);
                    busy = false;
                    engine.observer.warning("the step " + due.action() + " of task "
                            + task.record().taskId() + " could not be journalled, so it was not performed: " + failure
                            + " [record " + task.record().recordId() + "]");
                    then.accept(new Pending(task.record().status(), null, null));
                },
                again -> engine.loop.schedule(Journal.READ_AGAIN, () -> readBack(due, failure)));
    }

    private boolean isOurs(TaskRecord now, ActionDue due) {
        return now.version() == task.record().version() + 1 && Objects.equals(now.providerState(), due.providerState());
    }

    private Trouble trouble(Throwable failure) {
        GenerationError error = failure instanceof GenvideoException known
                ? known.getError()
                : GenerationError.of(
                        ErrorCategory.SERVICE_UNAVAILABLE,
                        task.record().provider(),
                        "the step was not performed, or its answer was lost: " + failure);
        return new Trouble(Trouble.Kind.UNAVAILABLE, error, null);
    }
}
