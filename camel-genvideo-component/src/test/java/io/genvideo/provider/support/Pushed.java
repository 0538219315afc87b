/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.TaskPush;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Everything that was pushed about a task, in order. */
public final class Pushed implements TaskPush {
    public final List<PollOutcome> outcomes = new ArrayList<>();
    private final List<String> shown = new ArrayList<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    @Override
    public synchronized void saw(PollOutcome outcome) {
        outcomes.add(outcome);
        shown.add(
                outcome instanceof PollOutcome.Pending pending
                        ? pending.status().name()
                        : outcome.getClass().getSimpleName());
    }

    @Override
    public synchronized void hint() {
        shown.add("hint");
    }

    @Override
    public synchronized void ended() {
        shown.add("ended");
        end.complete(null);
    }

    /** Waits for the end. */
    public List<String> shown() {
        end.orTimeout(20, TimeUnit.SECONDS).join();
        synchronized (this) {
            return List.copyOf(shown);
        }
    }

    public synchronized PollOutcome last() {
        return outcomes.get(outcomes.size() - 1);
    }
}
