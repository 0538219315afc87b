/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.spi.PollOutcome.Trouble;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When a step of a task that was not sent yet is tried again. While the service can't be reached the task waits at the circuit
 * breaker of its account, for a bounded time; what the service has asked for is waited for as long as the exchange waits
 * (docs/design.md section 4.5).
 */
final class SendRetries implements CircuitBreaker.Call {
    private final EngineContext engine;
    private final OpenTask task;
    private final Consumer<GenerationError> giveUp;
    private @Nullable Duration unavailableSince;
    private @Nullable Runnable stopped;
    private @Nullable GenerationError obstacle;
    private Backoff retry = Backoff.between(Duration.ofSeconds(1), Duration.ofSeconds(8));

    /** @param giveUp gets the reason when the service could not be reached for too long */
    SendRetries(EngineContext engine, OpenTask task, Consumer<GenerationError> giveUp) {
        this.engine = engine;
        this.task = task;
        this.giveUp = giveUp;
    }

    /** What keeps the task from being sent, or {@code null} if nothing does. */
    @Nullable
    GenerationError obstacle() {
        return obstacle;
    }

    /** The service refuses to take the task now; others decide when it is tried again. */
    void delayedBy(GenerationError reason) {
        obstacle = reason;
    }

    /** The service answered: if it is away again later, its time starts anew. */
    void reached() {
        unavailableSince = null;
        obstacle = null;
        retry = retry.reset();
    }

    /** Nothing keeps the task from being sent any more. */
    void sent() {
        obstacle = null;
    }

    /** The task waits for nothing any more. */
    void cancel() {
        stopped = null;
    }

    /** @param retryAfter the wait that the service asked for: it answers, so its word counts and not the budget */
    void later(GenerationError error, @Nullable Duration retryAfter, Runnable again) {
        obstacle = error;
        if (retryAfter == null && error.category() != ErrorCategory.RATE_LIMITED) {
            whenReachable(error, again);
            return;
        }
        Duration pause = retryAfter == null ? retry.delay() : Durations.max(retryAfter, retry.delay());
        engine.observer.warning("not sent yet, trying again in " + WaitErrors.text(pause) + ": " + error.message()
                + " [record " + recordId() + "]");
        engine.loop.schedule(pause, () -> {
            if (!task.isOver()) {
                again.run();
            }
        });
        retry = retry.next();
    }

    /** Waits at the circuit breaker, and gives up when the budget is spent. */
    void whenReachable(GenerationError error, Runnable again) {
        Duration now = engine.loop.elapsed();
        if (unavailableSince == null) {
            unavailableSince = now;
            engine.observer.warning("not sent yet, trying again: " + error.message() + " [record " + recordId() + "]");
        }
        Duration left =
                unavailableSince.plus(engine.settings.unavailableBudget()).minus(now);
        if (left.isNegative() || left.isZero()) {
            giveUp.accept(error);
            return;
        }
        stopped = again;
        task.accountState().sending().failed(this, Trouble.Kind.UNAVAILABLE, null, error.message());
        engine.loop.schedule(left, () -> {
            if (stopped == again && isWaiting()) {
                stopped = null;
                giveUp.accept(error);
            }
        });
    }

    @Override
    public String recordId() {
        return task.record().recordId();
    }

    @Override
    public boolean isWaiting() {
        return stopped != null && !task.isOver();
    }

    @Override
    public void proceed() {
        Runnable again = stopped;
        stopped = null;
        if (again != null && !task.isOver()) {
            again.run();
        }
    }
}
