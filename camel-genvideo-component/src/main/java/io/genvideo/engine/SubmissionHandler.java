/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.RepositoryFullException;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Finds the task that a request has already, or reserves a new one (docs/design.md sections 4.1, 4.3 and 4.4). */
final class SubmissionHandler {
    private static final Duration RESUMED_LOOK = Duration.ofSeconds(1);

    private final EngineContext engine;
    private final ResultDelivery deliveries;
    private final LeaseManager leases;
    private final RemoteTaskWaiters remoteWaiters;

    SubmissionHandler(
            EngineContext engine, ResultDelivery deliveries, LeaseManager leases, RemoteTaskWaiters remoteWaiters) {
        this.engine = engine;
        this.deliveries = deliveries;
        this.leases = leases;
        this.remoteWaiters = remoteWaiters;
    }

    /** @see TaskEngine#submit */
    CompletionStage<Outcome> submit(Submission submission) {
        TaskWaiter wait = new TaskWaiter(submission.waitFor() == Submission.WaitFor.ACCEPTANCE);
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

    private void reserve(Submission submission, TaskWaiter wait) {
        TaskRecord fresh = fresh(submission, 1);
        engine.call(
                () -> engine.journal.call(r -> r.reserve(fresh, Journal.LEASE)),
                holder -> holds(holder, fresh, submission, wait),
                failure -> wait.fail(journalFailure(submission, failure)));
    }

    private void replace(TaskRecord finished, Submission submission, TaskWaiter wait, int attempt) {
        TaskRecord fresh = fresh(submission, attempt);
        engine.call(
                () -> engine.journal.call(r -> r.replace(finished, fresh, Journal.LEASE)),
                holder -> holds(holder, fresh, submission, wait),
                failure -> wait.fail(journalFailure(submission, failure)));
    }

    private void holds(TaskRecord holder, TaskRecord fresh, Submission submission, TaskWaiter wait) {
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

    /** What a submission gets whose key, or whose exchange, already has a record (docs/design.md section 4.3). */
    private void meet(TaskRecord existing, Submission submission, TaskWaiter wait) {
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
        } else if (existing.wantsOwner()
                && !existing.status().isTerminal()
                && existing.status() != TaskStatus.UNCERTAIN) {
            claim(existing, submission, wait);
        } else if (existing.status() == TaskStatus.SUCCEEDED) {
            if (existing.media().isEmpty()) {
                wait.fail(purged(existing).toException());
            } else {
                deliveries.own(existing, wait);
            }
        } else if (mayTryAgain(existing, submission)) {
            replace(existing, submission, wait, isUnpaid(existing) ? existing.attempt() : existing.attempt() + 1);
        } else {
            wait.fail(existing.failure().toException());
        }
    }

    private static boolean mayTryAgain(TaskRecord ended, Submission submission) {
        if (ended.status() != TaskStatus.FAILED && ended.status() != TaskStatus.CANCELLED) {
            return false;
        }
        return isUnpaid(ended) || ended.attempt() <= submission.retryFailed();
    }

    private static boolean isUnpaid(TaskRecord ended) {
        return ended.taskId() == null && ended.failure().paid() == Paid.NO;
    }

    private static GenerationError purged(TaskRecord succeeded) {
        return GenerationError.of(
                        ErrorCategory.RESULT_GONE,
                        succeeded.provider(),
                        "this order was made and delivered, finished at " + succeeded.finishedAt()
                                + ", and its result is not kept any more (option retention). Its key still stands for it,"
                                + " so nothing is created; another key makes another one")
                .withPaid(Paid.YES)
                .at(succeeded.recordId(), succeeded.taskId());
    }

    /** A task that is open, and not here: its engine may be gone, or live remoteWaiters. */
    private void claim(TaskRecord existing, Submission submission, TaskWaiter wait) {
        engine.call(
                () -> engine.journal.call(r -> r.claim(existing.recordId(), engine.owner, Journal.LEASE)),
                claimed -> claimed.ifPresentOrElse(
                        ours -> takeUp(ours, submission, wait),
                        () -> remoteWaiters.visit(
                                existing, wait, submission.timeout(), () -> meetAgain(existing, submission, wait))),
                failure -> wait.fail(journalFailure(submission, failure)));
    }

    private void meetAgain(TaskRecord existing, Submission submission, TaskWaiter wait) {
        engine.call(
                () -> engine.journal.call(r -> r.find(existing.recordId())),
                found -> found.ifPresentOrElse(now -> meet(now, submission, wait), () -> reserve(submission, wait)),
                failure -> wait.fail(journalFailure(submission, failure)));
    }

    private void takeUp(TaskRecord ours, Submission submission, TaskWaiter wait) {
        OpenTask open = engine.open.get(ours.recordId());
        if (engine.refuses(wait, ours.recordId(), ours.taskId())) {
            return;
        }
        if (open != null) {
            open.attach(wait, submission.timeout());
        } else if (ours.status() == TaskStatus.RESERVED) {
            replace(ours, submission, wait, ours.attempt());
        } else if (ours.status() == TaskStatus.SUBMITTING) {
            leases.lost(submission.account(), ours).attach(wait, submission.timeout());
        } else if (ours.status().isWatched()) {
            OpenTask task = leases.watched(submission.account(), ours);
            task.attach(wait, submission.timeout());
            task.watchAgain(submission.pollInterval(), submission.timeout(), RESUMED_LOOK);
        } else {
            meet(ours, submission, wait);
        }
    }

    private TaskRecord fresh(Submission s, int attempt) {
        Operation operation = s.request().operation();
        return TaskRecord.reservation(s.recordId())
                .provider(s.account().descriptor().name())
                .account(s.account().name())
                .operation(operation == null ? Operation.GENERATE : operation)
                .key(s.key())
                .fingerprint(s.fingerprint())
                .model(s.request().model())
                .attempt(attempt)
                .owner(engine.owner)
                .reference(s.reference())
                .createdAt(engine.loop.now())
                .build();
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
