/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.spi.TaskCount;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Attributes that monitoring reads together cost one statement. */
class JournalCountsTest {
    private final List<CompletableFuture<List<TaskCount>>> statements = new ArrayList<>();
    private long now = Long.MAX_VALUE - 1;
    private final JournalCounts counts = new JournalCounts(this::statement, () -> now);

    private CompletableFuture<List<TaskCount>> statement() {
        CompletableFuture<List<TaskCount>> statement = new CompletableFuture<>();
        statements.add(statement);
        return statement;
    }

    @Test
    void sharesOneStatementWithinASecond() {
        CompletableFuture<List<TaskCount>> first = counts.read();
        statements.get(0).complete(List.of());
        now += JournalCounts.SHARED_FOR.toNanos() - 1;

        assertThat(counts.read()).isCompletedWithValue(List.of());
        assertThat(first).isCompletedWithValue(List.of());
        assertThat(statements).hasSize(1);
    }

    @Test
    void readsAgainAfterASecond() {
        counts.read();
        now += JournalCounts.SHARED_FOR.toNanos();
        counts.read();

        assertThat(statements).hasSize(2);
    }

    @Test
    void readsAgainAfterAFailure() {
        CompletableFuture<List<TaskCount>> failed = counts.read();
        statements.get(0).completeExceptionally(new IllegalStateException("the database is away"));

        assertThat(failed).isCompletedExceptionally();
        assertThat(counts.read()).isNotDone();
        assertThat(statements).hasSize(2);
    }

    @Test
    void keepsCallersApart() {
        counts.read().cancel(false);

        CompletableFuture<List<TaskCount>> other = counts.read();
        statements.get(0).complete(List.of());

        assertThat(other).isCompletedWithValue(List.of());
    }
}
