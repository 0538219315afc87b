/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationTask;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange that waits for a task. Ends exactly once, whatever comes first. Its time runs from the call, so that also a
 * journal that does not answer ends it.
 */
final class TaskWaiter {
    /** Timers and instants can't hold all that a {@link Duration} can. */
    static final Duration LONGEST = Duration.ofDays(36_500);

    private final CompletableFuture<Outcome> future = new CompletableFuture<>();
    private final boolean forAcceptance;
    private final Duration timeout;
    private final Duration expiresAt;
    private final @Nullable Duration pollInterval;
    private final @Nullable Consumer<TaskProgress> progress;
    private Submission.Abandon abandon = Submission.Abandon.NEVER;
    private Runnable onExpiry;
    private EventLoop.@Nullable Timer deadline;
    private Runnable onEnd = () -> {};

    /**
     * @param timeout counts from now
     * @param pollInterval how often the task should be polled while this waits; {@code null} for the schedule by expected time
     * @param onExpiry ends this with the reason when its time is over
     */
    TaskWaiter(
            EventLoop loop,
            boolean forAcceptance,
            Duration timeout,
            @Nullable Duration pollInterval,
            @Nullable Consumer<TaskProgress> progress,
            Consumer<TaskWaiter> onExpiry) {
        this.forAcceptance = forAcceptance;
        this.timeout = timeout;
        this.pollInterval = pollInterval;
        this.progress = progress;
        this.onExpiry = () -> onExpiry.accept(this);
        this.expiresAt = loop.elapsed().plus(Durations.min(timeout, LONGEST));
    }

    /** Starts the timer, on the loop. */
    void start(EventLoop loop) {
        deadline = loop.schedule(expiresAt.minus(loop.elapsed()), () -> {
            if (!isOver()) {
                onExpiry.run();
            }
        });
    }

    CompletionStage<Outcome> stage() {
        return future.minimalCompletionStage();
    }

    boolean isForAcceptance() {
        return forAcceptance;
    }

    Duration timeout() {
        return timeout;
    }

    @Nullable
    Duration pollInterval() {
        return pollInterval;
    }

    /** Sets when the task is cancelled because this waits no more. */
    TaskWaiter abandoning(Submission.Abandon value) {
        abandon = value;
        return this;
    }

    Submission.Abandon abandon() {
        return abandon;
    }

    boolean isOver() {
        return future.isDone();
    }

    /** What ends this when its time is over: set by whoever has it. */
    void onExpiry(Runnable expired) {
        onExpiry = expired;
    }

    /** Runs once this has ended, perhaps more than once. */
    void onEnd(Runnable ended) {
        onEnd = ended;
    }

    /** Passes on how far the task is; without effect if the exchange does not want to know. */
    void progress(TaskProgress made) {
        if (progress != null) {
            progress.accept(made);
        }
    }

    void complete(GenerationTask task, boolean replayed, boolean owned) {
        end();
        future.complete(new Outcome(task, replayed, owned));
    }

    void fail(Throwable failure) {
        end();
        future.completeExceptionally(failure);
    }

    private void end() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
        onEnd.run();
    }
}
