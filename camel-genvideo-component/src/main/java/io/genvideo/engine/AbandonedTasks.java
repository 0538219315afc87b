/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationError;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cancels tasks for which nobody waits any more, where the route wants that ({@link Submission.Abandon}). The service gets the
 * request within two seconds, or whoever waited is informed that the task may be charged. How the task ends is read by its
 * poller, because a cancel can lose the race against the result: then the result is kept as always.
 */
final class AbandonedTasks {
    /** Of the request to cancel, with its response. */
    static final Duration WITHIN = Duration.ofSeconds(2);

    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    private final EngineContext engine;
    private int underWay;

    AbandonedTasks(EngineContext engine) {
        this.engine = engine;
    }

    /** Whether a request to cancel has no response yet. */
    boolean areUnderWay() {
        return underWay > 0;
    }

    /** Whether the service has the task, and can be asked to cancel it. */
    static boolean canBeCancelled(OpenTask task) {
        TaskRecord record = task.record();
        return record.taskId() != null
                && record.status().isWatched()
                && task.account().descriptor().operations().contains(Operation.CANCEL);
    }

    /** Its create call was answered after the last wait had ended: whoever waited knows only that it may have been paid. */
    void cancelAccepted(OpenTask task) {
        TaskRecord record = task.record();
        cancel(
                task,
                answer -> engine.observer.warning("task " + record.taskId() + " was accepted after its wait had ended; "
                        + answer + " [record " + record.recordId() + "]"));
    }

    /** @param then gets what became of the request, as the end of a sentence */
    void cancel(OpenTask task, Consumer<String> then) {
        CallOptions usual = task.callOptions();
        Duration timeout = usual.requestTimeout();
        CallOptions options = new CallOptions(
                timeout == null ? WITHIN : Durations.min(timeout, WITHIN), usual.uploader(), usual.callbackUrl());
        underWay++;
        engine.callWithin(
                WITHIN,
                () -> task.account().provider().cancel(task.record().submitted(), options),
                outcome -> {
                    underWay--;
                    if (outcome instanceof CancelOutcome.Requested) {
                        pollClosely(task);
                    }
                    then.accept(text(outcome));
                },
                failure -> {
                    underWay--;
                    then.accept("the service has not answered the request to cancel the task, which may go on and be"
                            + " charged");
                });
    }

    private static void pollClosely(OpenTask task) {
        if (!task.isOver()) {
            task.pollNow(() -> {});
            task.pollCloselyFor(ENDS_WITHIN);
        }
    }

    private static String text(@Nullable CancelOutcome outcome) {
        if (outcome instanceof CancelOutcome.Requested) {
            return "the service has taken the request to cancel the task";
        }
        GenerationError refusal = outcome instanceof CancelOutcome.Refused refused ? refused.error() : null;
        return "the service has not cancelled the task, which goes on and may be charged"
                + (refusal == null ? "" : ": " + refusal.message());
    }
}
