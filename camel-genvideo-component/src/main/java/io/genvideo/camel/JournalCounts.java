/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.spi.TaskCount;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the journal for management: attributes that are read together share one statement, because monitoring reads all
 * of them every few seconds, on every node. Thread-safe.
 */
final class JournalCounts {
    /** How old counts may be. */
    static final Duration SHARED_FOR = Duration.ofSeconds(1);

    private final Supplier<CompletionStage<List<TaskCount>>> journal;
    private final LongSupplier nanoTime;
    private @Nullable CompletableFuture<List<TaskCount>> latest;
    private long readAt;

    /** @param nanoTime as {@link System#nanoTime} */
    JournalCounts(Supplier<CompletionStage<List<TaskCount>>> journal, LongSupplier nanoTime) {
        this.journal = journal;
        this.nanoTime = nanoTime;
    }

    /** @return a future of the caller's own: its cancellation or timeout affects no other caller */
    synchronized CompletableFuture<List<TaskCount>> read() {
        CompletableFuture<List<TaskCount>> shared = latest;
        long now = nanoTime.getAsLong();
        if (shared == null || shared.isCompletedExceptionally() || now - readAt >= SHARED_FOR.toNanos()) {
            readAt = now;
            shared = journal.get().toCompletableFuture();
            latest = shared;
        }
        return shared.copy();
    }
}
