/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.SubmitOutcome.Accepted;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A task that was accepted by a create call which had been given up. It is journalled by {@link LateAnswer}, watched, and given
 * to the exchanges that still wait for it; without any, the {@code tasks} consumer offers it.
 */
final class LateTask {
    private static final Duration FIRST_POLL = Duration.ofSeconds(1);

    private final EngineContext engine;
    private final EngineAccount account;

    LateTask(EngineContext engine, EngineAccount account) {
        this.engine = engine;
        this.account = account;
    }

    /** @param waiting the exchanges for which no other call is sent any more */
    void journal(TaskRecord fact, List<TaskWaiter> waiting) {
        engine.recordLate(
                fact,
                ours -> ours.ifPresentOrElse(
                        r -> watch(r, waiting),
                        () -> waiting.forEach(w -> w.fail(taken(fact).toException()))));
    }

    /**
     * What the record would say if the answer had come in time and nobody had waited for it.
     *
     * @param record of the call, as it is known here
     * @param creates how many create calls of the record are known to have been answered or not sent
     */
    TaskRecord fact(TaskRecord record, int creates, Accepted answer) {
        String state = answer.providerState();
        return TaskRecord.reservation(record.recordId())
                .provider(record.provider())
                .account(record.account())
                .operation(record.operation())
                .key(record.key())
                .fingerprint(record.fingerprint())
                .model(record.model())
                .attempt(record.attempt())
                .owner(engine.owner)
                .reference(record.reference())
                .createdAt(record.createdAt())
                .build()
                .toBuilder()
                .status(TaskStatus.SUBMITTING)
                .status(answer.status() == TaskStatus.RUNNING ? TaskStatus.RUNNING : TaskStatus.QUEUED)
                .delivery(DeliveryState.AVAILABLE)
                .taskId(answer.taskId())
                .providerState(state == null ? record.providerState() : state)
                .creates(creates)
                .credits(record.credits())
                .raw(answer.raw())
                .submittingAt(record.submittingAt())
                .acceptedAt(engine.clock.now())
                .build();
    }

    private static GenerationError taken(TaskRecord fact) {
        return GenerationError.of(
                        ErrorCategory.UNCERTAIN_SUBMISSION,
                        fact.provider(),
                        "the task of this request was accepted late, and another record has it by now")
                .withPaid(Paid.YES)
                .at(fact.recordId(), fact.taskId());
    }

    /**
     * The acceptance of an open task is in another record than its own: what waits for the task waits for that record.
     *
     * @param formerId of the record that the acceptance was meant for
     */
    void movedFrom(String formerId, TaskRecord separate) {
        OpenTask former = engine.open.get(formerId);
        if (former != null && Objects.equals(separate.taskId(), former.record().taskId())) {
            watch(separate, former.supersede());
        } else {
            watch(separate, List.of());
        }
    }

    private void watch(TaskRecord record, List<TaskWaiter> waiting) {
        if (engine.stopping) {
            waiting.forEach(w -> w.fail(WaitErrors.stopped(record)));
            return;
        }
        Optional<OpenTask> open =
                Optional.ofNullable(engine.open.get(record.recordId())).filter(t -> !t.isBehind(record));
        OpenTask task = open.orElseGet(() -> OpenTask.sentBefore(engine, account, record));
        waiting.forEach(task::attach);
        if (open.isEmpty()) {
            task.watchAgain(LeaseManager.PERMIT_FOR, Submission.DEFAULT_MAX_STREAMS, FIRST_POLL);
        }
    }
}
