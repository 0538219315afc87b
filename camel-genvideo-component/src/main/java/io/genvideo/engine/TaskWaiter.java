/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationTask;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One exchange that waits for a task. Ends exactly once, whatever comes first. */
final class TaskWaiter {
    private final CompletableFuture<Outcome> future = new CompletableFuture<>();
    private final boolean forAcceptance;
    private EventLoop.@Nullable Timer deadline;
    private @Nullable Instant expiresAt;

    TaskWaiter(boolean forAcceptance) {
        this.forAcceptance = forAcceptance;
    }

    CompletionStage<Outcome> stage() {
        return future.minimalCompletionStage();
    }

    boolean isForAcceptance() {
        return forAcceptance;
    }

    boolean isOver() {
        return future.isDone();
    }

    /** Ends the wait after that time, counted from when this was first said, whoever has the wait then. */
    void expireIn(Duration timeout, EventLoop loop, Runnable expired) {
        if (expiresAt == null) {
            expiresAt = loop.now().plus(timeout);
        }
        if (deadline != null) {
            deadline.cancel();
        }
        deadline = loop.schedule(Duration.between(loop.now(), expiresAt), () -> {
            if (!isOver()) {
                expired.run();
            }
        });
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
    }
}
