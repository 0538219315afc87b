/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationTask;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One exchange that waits for the engine, as a test sees it. */
public final class Exchange {
    private final String recordId;
    private boolean over;
    private @Nullable Outcome outcome;
    private @Nullable Throwable failure;

    Exchange(String recordId, CompletionStage<Outcome> stage) {
        this.recordId = recordId;
        stage.whenComplete((value, thrown) -> {
            over = true;
            outcome = value;
            failure = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        });
    }

    /** The id that the exchange offered; it has another one's record if it was attached. */
    public String recordId() {
        return recordId;
    }

    public boolean isOver() {
        return over;
    }

    public boolean hasFailed() {
        return failure != null;
    }

    public Outcome outcome() {
        if (outcome == null) {
            throw new AssertionError(failure == null ? "still waiting" : "failed: " + failure, failure);
        }
        return outcome;
    }

    public GenerationTask task() {
        return outcome().task();
    }

    public <E extends Throwable> E failure(Class<E> type) {
        if (!type.isInstance(failure)) {
            throw new AssertionError(
                    isOver()
                            ? "expected " + type.getSimpleName() + ", got " + (failure == null ? outcome : failure)
                            : "still waiting",
                    failure);
        }
        return type.cast(failure);
    }
}
