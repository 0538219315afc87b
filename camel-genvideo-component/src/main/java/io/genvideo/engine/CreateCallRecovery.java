/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.RecoveryOutcome.Found;
import io.genvideo.spi.RecoveryOutcome.Later;
import io.genvideo.spi.RecoveryOutcome.NotCreated;
import io.genvideo.spi.RecoveryOutcome.Unclear;
import io.genvideo.spi.SubmitOutcome.Accepted;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, with the provider's help, what became of a create call whose answer is not known. The record stays SUBMITTING
 * meanwhile, and exchanges go on waiting. Nothing is sent here.
 */
final class CreateCallRecovery {
    private static final Duration SOONEST = Duration.ofSeconds(1);

    private final EngineContext engine;
    private final OpenTask task;
    private final Result result;
    private final Duration startedAt;
    private Backoff pauses = Backoff.between(Duration.ofSeconds(2), Duration.ofMinutes(1));
    private boolean over;
    private EventLoop.@Nullable Timer again;

    /** What the recovery ends with: exactly one of these, unless the component stops before. */
    interface Result {
        void found(Accepted accepted);

        void notCreated(GenerationError error);

        void unclear(GenerationError error);
    }

    CreateCallRecovery(EngineContext engine, OpenTask task, Result result) {
        this.engine = engine;
        this.task = task;
        this.result = result;
        this.startedAt = engine.loop.elapsed();
    }

    void start(GenerationError cause) {
        recover(cause);
    }

    /**
     * The answer came after all.
     *
     * @return whether the recovery was still under way
     */
    boolean end() {
        boolean ended = !over;
        over = true;
        if (again != null) {
            again.cancel();
        }
        return ended;
    }

    private void recover(GenerationError cause) {
        TaskRecord record = task.record();
        LostSubmission lost = new LostSubmission(
                record.recordId(),
                record.operation(),
                record.model(),
                record.providerState(),
                Objects.requireNonNullElse(record.submittingAt(), record.createdAt()));
        engine.callWithin(
                engine.patience(task.callOptions()),
                () -> task.account().provider().recover(lost, task.callOptions()),
                outcome -> recovered(outcome, cause),
                failure -> recovered(new Later(unreadable(failure), null), cause));
    }

    private GenerationError unreadable(Throwable failure) {
        return GenerationError.of(
                ErrorCategory.SERVICE_UNAVAILABLE,
                task.record().provider(),
                "asking for the lost create call failed: " + failure);
    }

    private void recovered(@Nullable RecoveryOutcome outcome, GenerationError cause) {
        if (over || task.isOver()) {
            return;
        }
        if (outcome instanceof Found found && !found.taskId().isBlank()) {
            checkUnowned(found, cause);
        } else if (outcome instanceof NotCreated not) {
            over = true;
            result.notCreated(not.error());
        } else if (outcome instanceof Later later) {
            later(later, cause);
        } else {
            over = true;
            result.unclear(outcome instanceof Unclear unclear ? reason(unclear, cause) : cause);
        }
    }

    /** The default of a provider that can't find out names no provider, and says less than what happened to the call. */
    private static GenerationError reason(Unclear unclear, GenerationError cause) {
        return unclear.error().provider().isEmpty() ? cause : unclear.error();
    }

    /** A task has one record: one that another record has can't be what this call has created. */
    private void checkUnowned(Found found, GenerationError cause) {
        TaskRecord record = task.record();
        engine.call(
                () -> engine.journal.call(r -> r.findByTaskId(record.account(), found.taskId())),
                holder -> {
                    if (over || task.isOver()) {
                        return;
                    }
                    over = true;
                    if (holder.filter(h -> !h.recordId().equals(record.recordId()))
                            .isPresent()) {
                        result.unclear(GenerationError.of(
                                ErrorCategory.UNCERTAIN_SUBMISSION,
                                record.provider(),
                                "the task that was found, " + found.taskId() + ", belongs to record "
                                        + holder.get().recordId()));
                    } else {
                        String state = found.providerState();
                        result.found(new Accepted(
                                found.taskId(),
                                found.status(),
                                state == null ? record.providerState() : state,
                                found.raw()));
                    }
                },
                failure -> recovered(new Later(unreadable(failure), null), cause));
    }

    private void later(Later later, GenerationError cause) {
        if (engine.stopping) {
            // the record stays SUBMITTING, for the process that takes it up
            over = true;
            return;
        }
        Duration spent = engine.loop.elapsed().minus(startedAt);
        Duration left = engine.settings.recoverFor().minus(spent);
        if (left.isNegative() || left.isZero()) {
            over = true;
            result.unclear(later.error());
            return;
        }
        Duration wanted = later.after();
        Duration pause = Durations.min(wanted == null ? pauses.delay() : Durations.max(wanted, SOONEST), left);
        pauses = pauses.next();
        again = engine.loop.schedule(pause, () -> {
            if (!over && !task.isOver()) {
                recover(cause);
            }
        });
    }
}
