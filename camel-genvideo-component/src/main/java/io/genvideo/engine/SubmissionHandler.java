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
    private static final Duration RESUMED_POLL = Duration.ofSeconds(1);

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
        TaskWaiter wait = new TaskWaiter(
                        engine.loop,
                        submission.waitFor() == Submission.WaitFor.ACCEPTANCE,
                        submission.timeout(),
                        submission.pollInterval(),
                        submission.progress(),
                        w -> w.fail(journalSilent(submission).toException()))
                .abandoning(submission.abandon());
        engine.enter(wait, submission.recordId(), null, () -> {
            wait.start(engine.loop);
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
        if (wait.isOver()) {
            return;
        }
        TaskRecord fresh = fresh(submission, 1);
        engine.call(
                () -> engine.journal.reserve(fresh),
                holder -> holds(holder, fresh, submission, wait),
                failure -> notReserved(List.of(fresh), submission, wait, failure));
    }

    private void replace(TaskRecord finished, Submission submission, TaskWaiter wait, int attempt) {
        TaskRecord fresh = fresh(submission, attempt);
        engine.call(
                () -> engine.journal.call(r -> r.replace(finished, fresh, Journal.LEASE)),
                holder -> holds(holder, fresh, submission, wait),
                failure -> notReserved(
                        finished.status().isUnsent() ? List.of(fresh, finished) : List.of(fresh),
                        submission,
                        wait,
                        failure));
    }

    /** The exchange is told that nothing was sent, so a reservation that took effect all the same must not keep the key. */
    private void notReserved(List<TaskRecord> unsent, Submission submission, TaskWaiter wait, Throwable failure) {
        wait.fail(journalFailure(submission, failure));
        unsent.forEach(engine.unsent::discard);
    }

    private void holds(TaskRecord holder, TaskRecord fresh, Submission submission, TaskWaiter wait) {
        boolean reserved = holder.recordId().equals(fresh.recordId()) && holder.status() == TaskStatus.RESERVED;
        if (!reserved) {
            meet(holder, submission, wait);
        } else if (engine.refuses(wait, holder.recordId(), null) || wait.isOver()) {
            // whoever has gone meanwhile was told that nothing was sent; so nothing is
            new OpenTask(engine, submission.account(), holder, true).ending().discard();
        } else {
            OpenTask task = new OpenTask(engine, submission.account(), holder, true);
            task.attach(wait);
            task.submit(submission);
        }
    }

    /** What a submission gets whose key, or whose exchange, already has a record (docs/design.md section 4.3). */
    private void meet(TaskRecord existing, Submission submission, TaskWaiter wait) {
        if (engine.refuses(wait, existing.recordId(), existing.taskId()) || wait.isOver()) {
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
            open.attach(wait);
        } else if (existing.wantsOwner()
                && !existing.status().isTerminal()
                && existing.status() != TaskStatus.UNCERTAIN) {
            claim(existing, submission, wait);
        } else if (existing.status() == TaskStatus.SUCCEEDED) {
            if (existing.media().isEmpty()) {
                wait.fail(purged(existing).toException());
            } else {
                wait.onExpiry(() -> wait.fail(
                        WaitErrors.timedOut(existing, Paid.YES, wait.timeout()).toException()));
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
        boolean givenUp = ended.taskId() == null || ended.status() == TaskStatus.CANCELLED;
        if (givenUp && ended.failure().paid() == Paid.UNKNOWN) {
            // a person has given it up: nobody knows what was paid for it, so it is never repeated
            return false;
        }
        return isUnpaid(ended) || ended.attempt() <= submission.retryFailed();
    }

    private static boolean isUnpaid(TaskRecord ended) {
        boolean freed = UncertainTaskResolver.RELEASED.equals(ended.failure().providerCode());
        return freed || ended.taskId() == null && ended.failure().paid() == Paid.NO;
    }

    private static GenerationError purged(TaskRecord succeeded) {
        return GenerationError.of(
                        ErrorCategory.RESULT_GONE,
                        succeeded.provider(),
                        "this request was made and delivered, finished at " + succeeded.finishedAt()
                                + ", and its result is not kept any more (option retention). Its key still stands for it,"
                                + " so nothing is created; another key creates another one")
                .withPaid(Paid.YES)
                .at(succeeded.recordId(), succeeded.taskId());
    }

    /** A task that is open, and not here: its engine may be gone, or live elsewhere. */
    private void claim(TaskRecord existing, Submission submission, TaskWaiter wait) {
        engine.call(
                () -> engine.journal.call(r -> r.claim(existing.recordId(), engine.owner, Journal.LEASE)),
                claimed -> claimed.ifPresentOrElse(
                        ours -> takeUp(ours, submission, wait),
                        () -> remoteWaiters.add(existing, wait, () -> meetAgain(existing, submission, wait))),
                failure -> wait.fail(journalFailure(existing, failure)));
    }

    private void meetAgain(TaskRecord existing, Submission submission, TaskWaiter wait) {
        engine.call(
                () -> engine.journal.call(r -> r.find(existing.recordId())),
                found -> found.ifPresentOrElse(now -> meet(now, submission, wait), () -> reserve(submission, wait)),
                failure -> wait.fail(journalFailure(existing, failure)));
    }

    private void takeUp(TaskRecord ours, Submission submission, TaskWaiter wait) {
        OpenTask open = engine.open.get(ours.recordId());
        if (engine.refuses(wait, ours.recordId(), ours.taskId())) {
            return;
        }
        if (open != null) {
            open.attach(wait);
        } else if (ours.status() == TaskStatus.RESERVED) {
            // also for an exchange that has gone meanwhile: the new record is dropped, and its key with it
            replace(ours, submission, wait, ours.attempt());
        } else if (ours.status() == TaskStatus.SUBMITTING) {
            leases.lost(submission.account(), ours).attach(wait);
        } else if (ours.status().isWatched()) {
            OpenTask task = leases.watched(submission.account(), ours);
            task.attach(wait);
            task.watchAgain(submission.timeout(), submission.maxStreams(), RESUMED_POLL);
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
                .createdAt(engine.clock.now())
                .build();
    }

    private static Throwable journalFailure(Submission submission, Throwable failure) {
        // an earlier attempt of the exchange, or another one with its key, may have been paid
        boolean mayExist = !(failure instanceof RepositoryFullException) && mayHaveTask(submission);
        return GenerationError.of(
                        ErrorCategory.SERVICE_UNAVAILABLE,
                        submission.account().descriptor().name(),
                        "the task could not be journalled, so nothing was sent"
                                + (mayExist ? " now; whether the request has a task already could not be read" : "")
                                + ": " + text(failure))
                .withPaid(mayExist ? Paid.UNKNOWN : Paid.NO)
                .withRetryable(true)
                .at(earliestKnown(submission), null)
                .toException(failure);
    }

    /** A record that exists could not be read or written again. */
    private static Throwable journalFailure(TaskRecord existing, Throwable failure) {
        return GenerationError.of(
                        ErrorCategory.SERVICE_UNAVAILABLE,
                        existing.provider(),
                        "the record of the task could not be read: " + text(failure))
                .withPaid(WaitErrors.paidElsewhere(existing))
                .withRetryable(true)
                .at(existing.recordId(), existing.taskId())
                .toException(failure);
    }

    private static GenerationError journalSilent(Submission submission) {
        boolean mayExist = mayHaveTask(submission);
        return GenerationError.of(
                        ErrorCategory.TIMEOUT,
                        submission.account().descriptor().name(),
                        "the journal has not answered within " + WaitErrors.text(submission.timeout())
                                + "; nothing was sent"
                                + (mayExist ? " now, but whether the request has a task already is not known" : ""))
                .withPaid(mayExist ? Paid.UNKNOWN : Paid.NO)
                .withRetryable(true)
                .at(earliestKnown(submission), null);
    }

    private static boolean mayHaveTask(Submission submission) {
        return submission.key() != null || !submission.earlierRecordIds().isEmpty();
    }

    /** The record that the exchange may have made before; else the one that it would make now. */
    private static String earliestKnown(Submission submission) {
        List<String> earlier = submission.earlierRecordIds();
        return earlier.isEmpty() ? submission.recordId() : earlier.get(0);
    }

    private static String text(Throwable failure) {
        return failure instanceof RepositoryFullException || failure instanceof StaleRecordException
                ? String.valueOf(failure.getMessage())
                : failure.toString();
    }
}
