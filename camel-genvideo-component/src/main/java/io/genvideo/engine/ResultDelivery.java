/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The delivery of outcomes to exchanges and consumers, as the journal has it (docs/design.md section 4.10). */
final class ResultDelivery {
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration SOURCE_COMES_BACK = Duration.ofMinutes(5);
    private static final Backoff OFFERS = Backoff.between(Duration.ofSeconds(1), Duration.ofMinutes(5));
    private static final Duration POSTPONED_FOR = Duration.ofSeconds(5);
    /** Holds what was taken: a consumer claims an outcome alone. */
    private static final String CONSUMER = "consumer";

    private final EngineContext engine;
    private final OutcomeHolders holders = new OutcomeHolders();
    /** Claims of consumers that the journal has not answered. */
    private final Set<CompletableFuture<List<GenerationTask>>> claims = new HashSet<>();

    ResultDelivery(EngineContext engine) {
        this.engine = engine;
    }

    /**
     * When an outcome that lost its exchange is offered to consumers: the source of one that has a key is given time to come
     * back for it.
     */
    static @Nullable Instant offeredAt(TaskRecord record, Instant now) {
        return record.key() == null ? null : now.plus(SOURCE_COMES_BACK);
    }

    /**
     * Remembers who receives an outcome, until it is settled.
     *
     * @param holder unique for each call of the engine
     */
    CompletionStage<Outcome> hold(CompletionStage<Outcome> wait, String holder) {
        return wait.whenComplete((outcome, failure) -> {
            if (outcome != null && outcome.owned()) {
                holders.hold(outcome.task().recordId(), holder);
            } else if (failure != null
                    && EngineContext.unwrap(failure) instanceof GenvideoException known
                    && isEnd(known)) {
                holders.hold(String.valueOf(known.getRecordId()), holder);
            }
        });
    }

    /** Whether an exchange or a consumer of this engine has the outcome and has not reported back. */
    boolean isHeld(String recordId) {
        return holders.isHeld(recordId);
    }

    /** Whether a failure is the end of a task, and not only of a wait for it. */
    private static boolean isEnd(GenvideoException failure) {
        // a key that belongs to another request names that one's record
        boolean isRefused = failure.getCategory() == ErrorCategory.INVALID_REQUEST
                && failure.getError().paid() == Paid.NO;
        return failure.getRecordId() != null
                && failure.getHandle() != null
                && failure.getCategory() != ErrorCategory.TIMEOUT
                && !isRefused;
    }

    /** An exchange takes the outcome of a task that has ended before. */
    void own(TaskRecord ended, TaskWaiter wait) {
        deliver(
                ended.recordId(),
                r -> r.delivery() == DeliveryState.AVAILABLE || r.delivery() == DeliveryState.PARKED
                        ? Optional.of(r.toBuilder()
                                .delivery(DeliveryState.OWNED)
                                .owner(engine.owner.id())
                                .deliveries(r.deliveries() + 1)
                                .build())
                        : Optional.empty(),
                () -> {
                    if (wait.isOver()) {
                        // it has gone while this was being written: somebody else has to get the outcome
                        lost(ended);
                    } else {
                        wait.complete(ended.toTask(), true, true);
                    }
                });
    }

    /** Whoever had the outcome is gone with its process. */
    void lost(TaskRecord ended) {
        deliver(ended.recordId(), r -> Optional.of(r).filter(this::isOurs).map(this::offered), () -> {});
    }

    /** @see TaskEngine#settle */
    CompletionStage<Void> settle(String recordId, String holder, boolean delivered) {
        return delivered
                ? report(
                        recordId,
                        holder,
                        true,
                        now -> Optional.of(now.toBuilder()
                                .delivery(DeliveryState.DELIVERED)
                                .availableAt(null)
                                // kept for its key and its result: what was delivered is the larger part of a journal
                                .raw(null)
                                .providerState(null)
                                .build()))
                : report(
                        recordId,
                        holder,
                        false,
                        // what another engine has is offered by that one
                        now -> Optional.of(now).filter(this::isOurs).map(this::offered));
    }

    /** @see TaskEngine#acknowledge */
    CompletionStage<Void> acknowledge(String recordId) {
        return settle(recordId, CONSUMER, true);
    }

    /** @see TaskEngine#take */
    CompletionStage<List<GenerationTask>> take(
            String provider, @Nullable String account, Set<TaskStatus> statuses, int most, int maxDeliveries) {
        CompletableFuture<List<GenerationTask>> taken = new CompletableFuture<>();
        if (engine.closed) {
            taken.complete(List.of());
        }
        engine.loop.execute(() -> {
            if (engine.stopping) {
                taken.complete(List.of());
                return;
            }
            claims.add(taken);
            FinishedTasks wanted = new FinishedTasks(provider, account, statuses, engine.clock.now());
            engine.call(
                    () -> engine.journal.claimFinished(wanted, engine.owner, most),
                    claimed -> {
                        claims.remove(taken);
                        List<GenerationTask> tasks = new ArrayList<>();
                        for (TaskRecord record : claimed) {
                            if (record.deliveries() > maxDeliveries) {
                                park(record);
                            } else {
                                holders.hold(record.recordId(), CONSUMER);
                                tasks.add(record.toTask());
                            }
                        }
                        if (!taken.complete(tasks)) {
                            tasks.forEach(t -> putBack(t.recordId()));
                        }
                    },
                    failure -> {
                        claims.remove(taken);
                        taken.completeExceptionally(failure);
                    });
        });
        return taken;
    }

    /** The engine stops: consumers take nothing more, and do not wait for a journal that does not answer. */
    void stop() {
        claims.forEach(taken -> taken.complete(List.of()));
        claims.clear();
    }

    private void park(TaskRecord record) {
        deliver(record.recordId(), r -> Optional.of(r).filter(this::isOurs).map(this::parked), () -> {});
    }

    private TaskRecord parked(TaskRecord record) {
        engine.loop.execute(
                () -> engine.observer.warning("task " + record.taskId() + " was delivered " + record.deliveries()
                        + " times without success and is parked: no consumer gets it again [record "
                        + record.recordId() + "]"));
        return record.toBuilder().delivery(DeliveryState.PARKED).build();
    }

    /** @see TaskEngine#giveBack */
    CompletionStage<Void> giveBack(String recordId, int maxDeliveries) {
        return report(
                recordId,
                CONSUMER,
                false,
                r -> Optional.of(r)
                        .filter(this::isOurs)
                        .map(now -> now.deliveries() >= maxDeliveries
                                ? parked(now)
                                : now.toBuilder()
                                        .delivery(DeliveryState.AVAILABLE)
                                        .availableAt(engine.clock.now().plus(OFFERS.after(now.deliveries())))
                                        .build()));
    }

    /** @see TaskEngine#putBack */
    CompletionStage<Void> putBack(String recordId) {
        return uncounted(recordId, null);
    }

    /** @see TaskEngine#postpone */
    CompletionStage<Void> postpone(String recordId) {
        return uncounted(recordId, engine.clock.now().plus(POSTPONED_FOR));
    }

    private CompletionStage<Void> uncounted(String recordId, @Nullable Instant availableAt) {
        return report(
                recordId,
                CONSUMER,
                false,
                r -> Optional.of(r)
                        .filter(this::isOurs)
                        .map(now -> now.toBuilder()
                                .delivery(DeliveryState.AVAILABLE)
                                .deliveries(Math.max(0, now.deliveries() - 1))
                                .availableAt(availableAt)
                                .build()));
    }

    private boolean isOurs(TaskRecord record) {
        return record.delivery() == DeliveryState.OWNED && engine.owner.id().equals(record.owner());
    }

    private TaskRecord offered(TaskRecord record) {
        return record.toBuilder()
                .delivery(DeliveryState.AVAILABLE)
                .availableAt(offeredAt(record, engine.clock.now()))
                .build();
    }

    /**
     * Changes the delivery state of an outcome that the holder has received; without effect on a task that is gone, open, or
     * not to be delivered any more.
     *
     * @param used whether the holder has used the outcome. If not, it is offered only when nobody else has it
     */
    private CompletionStage<Void> report(
            String recordId, String holder, boolean used, Function<TaskRecord, Optional<TaskRecord>> change) {
        CompletableFuture<Void> reported = new CompletableFuture<>();
        // on the loop, where outcomes are handed out: what was not received cannot be reported
        engine.loop.execute(() -> {
            OutcomeHolders.Report report = holders.report(recordId, holder);
            if (report == OutcomeHolders.Report.NOT_HELD) {
                reported.complete(null);
                return;
            }
            if (report == OutcomeHolders.Report.SHARED && !used) {
                holders.reported(recordId);
                reported.complete(null);
                return;
            }
            deliver(
                    recordId,
                    r -> Optional.of(r)
                            .filter(now -> now.status().isTerminal() || now.status() == TaskStatus.UNCERTAIN)
                            .filter(now ->
                                    now.delivery() == DeliveryState.OWNED || now.delivery() == DeliveryState.AVAILABLE)
                            .flatMap(change),
                    () -> {
                        holders.reported(recordId);
                        reported.complete(null);
                    });
        });
        return reported.minimalCompletionStage();
    }

    /**
     * Changes the delivery state of a record as it is now: exchanges that share a task end at the same time, and the report
     * of one must not undo that of the other. The version refuses the later one, which then starts from what the first wrote.
     */
    private void deliver(String recordId, Function<TaskRecord, Optional<TaskRecord>> change, Runnable then) {
        engine.call(() -> engine.journal.change(recordId, change), done -> then.run(), failure -> {
            boolean raced = failure instanceof StaleRecordException;
            if (!raced) {
                engine.outage.failed(
                        "the delivery of record " + recordId + " could not be written, trying again", failure);
            }
            engine.loop.schedule(raced ? Duration.ZERO : AGAIN, () -> deliver(recordId, change, then));
        });
    }
}
