/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.DeliveryState;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Who has the outcome of a task that has ended (DESIGN section 4.10). */
final class Deliveries {
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final EngineContext engine;

    Deliveries(EngineContext engine) {
        this.engine = engine;
    }

    /** An exchange takes the outcome of a task that has ended before. */
    void own(TaskRecord ended, Runnable then) {
        deliver(
                ended.recordId(),
                r -> r.delivery() == DeliveryState.AVAILABLE || r.delivery() == DeliveryState.PARKED
                        ? Optional.of(
                                r.toBuilder().delivery(DeliveryState.OWNED).build())
                        : Optional.empty(),
                then);
    }

    /** @see TaskEngine#settle */
    CompletionStage<Void> settle(String recordId, boolean delivered) {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        DeliveryState to = delivered ? DeliveryState.DELIVERED : DeliveryState.AVAILABLE;
        engine.loop.execute(() -> deliver(
                recordId,
                r -> Optional.of(r)
                        .filter(now -> now.status().isTerminal())
                        .filter(now -> now.delivery() == DeliveryState.OWNED
                                || delivered && now.delivery() == DeliveryState.AVAILABLE)
                        .map(now -> now.toBuilder()
                                .delivery(to)
                                .deliveries(now.deliveries() + 1)
                                .build()),
                () -> settled.complete(null)));
        return settled.minimalCompletionStage();
    }

    /**
     * Changes the delivery state of a record as it is now: read and written in one go, because exchanges that share a task
     * end at the same time, and what one of them says must not be lost to what the other one does.
     */
    private void deliver(String recordId, Function<TaskRecord, Optional<TaskRecord>> change, Runnable then) {
        engine.call(
                () -> engine.journal.call(r -> {
                    r.find(recordId).flatMap(change).ifPresent(r::update);
                    return true;
                }),
                done -> then.run(),
                failure -> {
                    boolean raced = failure instanceof StaleRecordException;
                    if (!raced) {
                        engine.observer.warning("the delivery of record " + recordId
                                + " could not be written, trying again: " + failure);
                    }
                    engine.loop.schedule(raced ? Duration.ZERO : AGAIN, () -> deliver(recordId, change, then));
                });
    }
}
