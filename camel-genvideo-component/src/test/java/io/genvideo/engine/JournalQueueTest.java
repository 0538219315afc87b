/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.Operation;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskWrite;
import io.genvideo.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What waits while one call is under way is written together, in the order in which it came. */
class JournalQueueTest {
    private static final TaskOwner ME = new TaskOwner("1", "one");
    private static final Duration LEASE = Duration.ofHours(1);

    private final List<String> calls = new ArrayList<>();
    private final ArrayDeque<Runnable> thread = new ArrayDeque<>();
    private final JournalQueue queue = new JournalQueue(
            new ForwardingRepository(new MemoryTaskRepository(InstantSource.system())) {
                @Override
                public List<WriteResult> writeAll(List<TaskWrite> writes) {
                    calls.add(writes.size() + " writes");
                    return super.writeAll(writes);
                }
            },
            thread::add);

    private CompletionStage<TaskRecord> reserve(String id) {
        TaskRecord fresh = TaskRecord.reservation(id)
                .provider("p")
                .account("p/a")
                .operation(Operation.GENERATE)
                .owner(ME)
                .createdAt(Instant.EPOCH)
                .build();
        return queue.write(TaskWrite.reserve(fresh, LEASE));
    }

    private void read(String name) {
        queue.call(r -> calls.add(name));
    }

    private void runAll() {
        while (!thread.isEmpty()) {
            thread.remove().run();
        }
    }

    @Test
    void writesThatWaitShareACall() {
        List<CompletionStage<TaskRecord>> written = List.of(reserve("a"), reserve("b"), reserve("c"));
        runAll();
        assertThat(calls).containsExactly("3 writes");
        assertThat(written).allMatch(stage -> stage.toCompletableFuture().isDone());
    }

    @Test
    void noCallOvertakesAnother() {
        reserve("a");
        reserve("b");
        read("read");
        reserve("c");
        read("another read");
        runAll();
        assertThat(calls).containsExactly("2 writes", "read", "1 writes", "another read");
    }

    @Test
    void aGroupDoesNotGrowWithoutBound() {
        for (int i = 0; i < 1_200; i++) {
            reserve("r" + i);
        }
        runAll();
        assertThat(calls).containsExactly("500 writes", "500 writes", "200 writes");
    }

    @Test
    void oneFailureIsThatOfItsWriteOnly() {
        reserve("a");
        runAll();
        TaskRecord unknown = TaskRecord.reservation("x")
                .provider("p")
                .account("p/a")
                .operation(Operation.GENERATE)
                .createdAt(Instant.EPOCH)
                .build()
                .atVersion(5);
        CompletionStage<TaskRecord> stale = queue.write(TaskWrite.update(unknown, LEASE));
        CompletionStage<TaskRecord> good = reserve("b");
        runAll();
        assertThat(stale.toCompletableFuture()).isCompletedExceptionally();
        assertThat(good.toCompletableFuture())
                .isCompletedWithValueMatching(r -> r.recordId().equals("b"));
    }

    @Test
    void aCallThatTheThreadRefusesIsNotMadeLater() {
        JournalQueue closing = new JournalQueue(new MemoryTaskRepository(InstantSource.system()), work -> {
            throw new RejectedExecutionException("shut down");
        });
        assertThatThrownBy(() -> closing.call(r -> calls.add("late"))).isInstanceOf(RejectedExecutionException.class);
        assertThat(calls).isEmpty();
    }
}
