/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.GenerationTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One exchange that waits for a task. Ends exactly once, whatever comes first. */
final class TaskWait {
    private final CompletableFuture<Outcome> future = new CompletableFuture<>();
    private final boolean forAcceptance;
    private EngineLoop.@Nullable Timer deadline;

    TaskWait(boolean forAcceptance) {
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

    void deadline(EngineLoop.Timer timer) {
        deadline = timer;
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
