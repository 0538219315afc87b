/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.RepositoryFullException;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Takes in orders: finds the task that an order has already, or reserves a new one (DESIGN sections 4.1, 4.3 and 4.4). */
final class Reception {
    private final EngineContext engine;
    private final Deliveries deliveries;

    Reception(EngineContext engine, Deliveries deliveries) {
        this.engine = engine;
        this.deliveries = deliveries;
    }

    /** @see TaskEngine#submit */
    CompletionStage<Outcome> submit(Submission submission) {
        TaskWait wait = new TaskWait(submission.waitFor() == Submission.WaitFor.ACCEPTANCE);
        engine.enter(wait, submission.recordId(), null, () -> {
            List<String> earlier = submission.earlierRecordIds();
            if (engine.refuses(wait, submission.recordId(), null)) {
                return;
            }
            if (earlier.isEmpty()) {
                reserve(submission, wait);
            } else {
                engine.call(
                        () -> engine.journal.call(r -> earlier.stream()
                                .map(r::find)
                                .flatMap(Optional::stream)
                                .findFirst()),
                        found -> found.ifPresentOrElse(r -> meet(r, submission, wait), () -> reserve(submission, wait)),
                        failure -> wait.fail(journalFailure(submission, failure)));
            }
        });
        return wait.stage();
    }

    private void reserve(Submission submission, TaskWait wait) {
        TaskRecord fresh = fresh(submission, 1);
        engine.call(
                () -> engine.journal.call(r -> r.reserve(fresh)),
                holder -> holds(holder, fresh, submission, wait),
                failure -> wait.fail(journalFailure(submission, failure)));
    }

    private void replace(TaskRecord finished, Submission submission, TaskWait wait, int attempt) {
        TaskRecord fresh = fresh(submission, attempt);
        engine.call(
                () -> engine.journal.call(r -> r.replace(finished, fresh)),
                holder -> holds(holder, fresh, submission, wait),
                failure -> wait.fail(journalFailure(submission, failure)));
    }

    private void holds(TaskRecord holder, TaskRecord fresh, Submission submission, TaskWait wait) {
        if (!holder.recordId().equals(fresh.recordId())) {
            meet(holder, submission, wait);
        } else if (engine.refuses(wait, holder.recordId(), null)) {
            new OpenTask(engine, submission.account(), holder, true).discard();
        } else {
            OpenTask task = new OpenTask(engine, submission.account(), holder, true);
            task.attach(wait, submission.timeout());
            task.launch(submission);
        }
    }

    /** What a submission gets whose key, or whose exchange, already has a record (DESIGN section 4.3). */
    private void meet(TaskRecord existing, Submission submission, TaskWait wait) {
        if (engine.refuses(wait, existing.recordId(), existing.taskId())) {
            return;
        }
        OpenTask open = engine.open.get(existing.recordId());
        if (!existing.fingerprint().equals(submission.fingerprint())) {
            wait.fail(GenerationError.of(
                            ErrorCategory.INVALID_REQUEST,
                            existing.provider(),
                            "the idempotency key belongs to another request: same key, but another model, prompt,"
                                    + " parameter or input")
                    .at(existing.recordId(), existing.taskId())
                    .toException());
        } else if (open != null) {
            open.attach(wait, submission.timeout());
        } else if (existing.status() == TaskStatus.RESERVED) {
            replace(existing, submission, wait, existing.attempt());
        } else if (existing.status().isWatched()) {
            resume(existing, submission, wait);
        } else if (existing.status() == TaskStatus.SUCCEEDED) {
            deliveries.own(existing, () -> wait.complete(existing.toTask(), true, true));
        } else if (mayTryAgain(existing, submission)) {
            boolean unpaid = existing.taskId() == null;
            replace(existing, submission, wait, unpaid ? existing.attempt() : existing.attempt() + 1);
        } else {
            wait.fail(existing.failure().toException());
        }
    }

    private static boolean mayTryAgain(TaskRecord ended, Submission submission) {
        if (ended.status() != TaskStatus.FAILED && ended.status() != TaskStatus.CANCELLED) {
            return false;
        }
        return ended.taskId() == null || ended.attempt() <= submission.retryFailed();
    }

    private void resume(TaskRecord existing, Submission submission, TaskWait wait) {
        if (existing.delivery() == DeliveryState.PARKED) {
            wait.fail(existing.failure().toException());
            return;
        }
        OpenTask task = new OpenTask(engine, submission.account(), existing, true);
        task.lane().admission().occupy();
        task.takePlace();
        task.attach(wait, submission.timeout());
        task.watchAgain(submission.pollInterval(), submission.timeout());
    }

    private TaskRecord fresh(Submission s, int attempt) {
        return TaskRecord.reserved(
                s.recordId(),
                s.account().descriptor().name(),
                s.account().name(),
                s.request().operation() == null
                        ? Operation.GENERATE
                        : s.request().operation(),
                s.key(),
                s.fingerprint(),
                s.request().model(),
                attempt,
                s.reference(),
                engine.loop.now());
    }

    private static Throwable journalFailure(Submission submission, Throwable failure) {
        String why = failure instanceof RepositoryFullException || failure instanceof StaleRecordException
                ? String.valueOf(failure.getMessage())
                : failure.toString();
        return GenerationError.of(
                        ErrorCategory.SERVICE_UNAVAILABLE,
                        submission.account().descriptor().name(),
                        "the task could not be journalled, so nothing was sent: " + why)
                .withRetryable(true)
                .at(submission.recordId(), null)
                .toException(failure);
    }
}
