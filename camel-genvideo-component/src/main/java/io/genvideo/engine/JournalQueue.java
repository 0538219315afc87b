/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import io.genvideo.spi.TaskWrite;
import io.genvideo.spi.WriteResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a repository that blocks, one after the other in the order in which they came. Writes that wait while another call
 * is under way are given to the repository together, so that they share one wait for the disk. What waits is bounded by the
 * tasks in flight, each of which waits for its call.
 */
final class JournalQueue {
    /** So that no transaction, and no wait for one, becomes long. */
    private static final int LARGEST_GROUP = 500;

    private final TaskRepository repository;
    private final Executor thread;
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();

    /** Either a write or another call. */
    private record Entry(@Nullable TaskWrite write, CompletableFuture<TaskRecord> written, Runnable call) {}

    /** @param thread one, which no call blocks for ever */
    JournalQueue(TaskRepository repository, Executor thread) {
        this.repository = repository;
        this.thread = thread;
    }

    CompletionStage<TaskRecord> write(TaskWrite write) {
        CompletableFuture<TaskRecord> written = new CompletableFuture<>();
        add(new Entry(write, written, () -> {}));
        return written;
    }

    <T> CompletionStage<T> call(Function<TaskRepository, T> work) {
        CompletableFuture<T> called = new CompletableFuture<>();
        add(new Entry(null, new CompletableFuture<>(), () -> {
            try {
                called.complete(work.apply(repository));
            } catch (RuntimeException | Error e) {
                called.completeExceptionally(e);
            }
        }));
        return called;
    }

    private void add(Entry entry) {
        synchronized (waiting) {
            waiting.addLast(entry);
        }
        try {
            thread.execute(this::runNext);
        } catch (RuntimeException e) {
            synchronized (waiting) {
                waiting.remove(entry);
            }
            throw e;
        }
    }

    /** Runs the oldest call, and with a write those that follow it; nothing if it was run with an earlier one. */
    private void runNext() {
        List<Entry> next = takeNext();
        if (next.isEmpty()) {
            return;
        }
        if (next.get(0).write() == null) {
            next.get(0).call().run();
        } else {
            write(next);
        }
    }

    private List<Entry> takeNext() {
        List<Entry> next = new ArrayList<>();
        synchronized (waiting) {
            Entry first = waiting.pollFirst();
            while (first != null) {
                next.add(first);
                Entry second = waiting.peekFirst();
                boolean together = first.write() != null && second != null && second.write() != null;
                first = together && next.size() < LARGEST_GROUP ? waiting.pollFirst() : null;
            }
        }
        return next;
    }

    private void write(List<Entry> group) {
        List<WriteResult> results;
        try {
            results = repository.writeAll(group.stream().map(Entry::write).toList());
            if (results.size() != group.size()) {
                throw new IllegalStateException(
                        "the task repository returned " + results.size() + " results for " + group.size() + " writes");
            }
        } catch (RuntimeException | Error e) {
            group.forEach(entry -> entry.written().completeExceptionally(e));
            return;
        }
        for (int i = 0; i < group.size(); i++) {
            complete(group.get(i).written(), results.get(i));
        }
    }

    private static void complete(CompletableFuture<TaskRecord> written, WriteResult result) {
        RuntimeException failure = result.failure();
        if (failure != null) {
            written.completeExceptionally(failure);
        } else {
            written.complete(result.orThrow());
        }
    }
}
