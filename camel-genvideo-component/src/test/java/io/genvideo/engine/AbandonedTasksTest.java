/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.WaitReleasedException;
import io.genvideo.spi.CancelOutcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Options cancelOnTimeout and cancelOnStop: a task for which nobody waits any more is cancelled at the service. */
class AbandonedTasksTest {
    private static final Submission.Abandon ON_TIMEOUT = new Submission.Abandon(true, false);
    private static final Submission.Abandon ON_STOP = new Submission.Abandon(false, true);

    private final EngineFixture f = new EngineFixture();
    private final TaskScript script = f.service.on("cat").takes(ofMinutes(10));

    private EngineFixture.Request cat() {
        return f.submit("cat").timeout(ofMinutes(1));
    }

    @Test
    void cancelsWhenTheLastWaitTimesOut() {
        Exchange cat = cat().abandon(ON_TIMEOUT).send();

        f.advance(ofSeconds(63));

        GenerationTimeoutException timeout = cat.failure(GenerationTimeoutException.class);
        assertThat(timeout).hasMessageContaining("taken the request to cancel");
        assertThat(timeout.getError().paid()).isEqualTo(Paid.UNKNOWN);
        f.advance(ofSeconds(10));
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void doesNotCancelUnlessTheRouteWantsIt() {
        Exchange cat = cat().send();

        f.advance(ofMinutes(2));

        assertThat(cat.failure(GenerationTimeoutException.class)).hasMessageContaining("goes on");
        assertThat(f.record(cat).status().isTerminal()).isFalse();
    }

    @Test
    void doesNotCancelWhileAnotherExchangeWaits() {
        Exchange first = cat().key("k").abandon(ON_TIMEOUT).send();
        Exchange second = f.submit("cat").key("k").timeout(ofMinutes(30)).send();

        f.advance(ofMinutes(2));

        assertThat(first.failure(GenerationTimeoutException.class)).hasMessageContaining("goes on");
        f.advance(ofMinutes(15));
        assertThat(second.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aRefusalIsInTheErrorAndTheResultIsKept() {
        script.cancel(new CancelOutcome.Refused(error(ErrorCategory.CANCELLED, "not in a cancellable state")));
        Exchange cat = cat().abandon(ON_TIMEOUT).send();

        f.advance(ofSeconds(63));

        assertThat(cat.failure(GenerationTimeoutException.class))
                .hasMessageContaining("may be charged")
                .hasMessageContaining("not in a cancellable state");
        f.advance(ofMinutes(15));
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aServiceThatDoesNotAnswerDelaysTheErrorByTwoSeconds() {
        script.cancelNever();
        Exchange cat = cat().abandon(ON_TIMEOUT).send();

        f.advance(ofSeconds(61));
        assertThat(cat.isOver()).isFalse();
        f.advance(ofSeconds(2));

        assertThat(cat.failure(GenerationTimeoutException.class)).hasMessageContaining("has not answered");
    }

    /** With files in it, a create call may be under way for minutes. */
    @Test
    void cancelsATaskThatIsAcceptedAfterItsWait() {
        script.submitTimeout(ofMinutes(5));
        TaskScript.Held held = script.createHeld();
        Exchange cat = cat().abandon(ON_TIMEOUT).send();
        f.advance(ofMinutes(2));
        assertThat(cat.failure(GenerationTimeoutException.class).getError().paid())
                .isEqualTo(Paid.UNKNOWN);

        held.accept();
        f.advance(ofSeconds(15));

        assertThat(f.service.cancelledTasks()).isEqualTo(List.of("task-1"));
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void doesNotCancelATaskThatAnotherExchangeHasAttachedToSince() {
        script.submitTimeout(ofMinutes(5));
        TaskScript.Held held = script.createHeld();
        Exchange first = cat().key("k").abandon(ON_TIMEOUT).send();
        f.advance(ofMinutes(2));
        first.failure(GenerationTimeoutException.class);
        Exchange second = f.submit("cat").key("k").timeout(ofMinutes(30)).send();
        f.advance(ofSeconds(1));

        held.accept();
        f.advance(ofMinutes(15));

        assertThat(f.service.cancelledTasks()).isEmpty();
        assertThat(second.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void cancelsWhenTheComponentStops() {
        Exchange cat = cat().abandon(ON_STOP).send();
        f.advance(ofSeconds(10));

        CompletableFuture<?> stopped = f.engine().stop().toCompletableFuture();
        f.loop.runUntil(stopped::isDone, ofSeconds(5));

        assertThat(cat.failure(WaitReleasedException.class)).isNotNull();
        assertThat(f.service.cancelledTasks()).isEqualTo(List.of("task-1"));
    }

    @Test
    void cancelsATaskThatIsAcceptedWhileTheComponentStops() {
        TaskScript.Held held = script.createHeld();
        Exchange cat = cat().abandon(ON_STOP).send();
        f.advance(ofSeconds(10));

        CompletableFuture<?> stopped = f.engine().stop().toCompletableFuture();
        held.accept();
        f.loop.runUntil(stopped::isDone, ofSeconds(5));

        assertThat(cat.failure(WaitReleasedException.class)).isNotNull();
        assertThat(f.service.cancelledTasks()).isEqualTo(List.of("task-1"));
    }

    @Test
    void aStopWaitsNoLongerThanTwoSecondsForACancel() {
        script.cancelNever();
        cat().abandon(ON_STOP).send();
        f.advance(ofSeconds(10));

        CompletableFuture<?> stopped = f.engine().stop().toCompletableFuture();
        f.loop.runUntil(stopped::isDone, ofSeconds(3));

        assertThat(stopped).isDone();
    }
}
