/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationCancelledException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Cancelling: at the service where it has the task, without it where nothing was sent; the truth is polled for. */
class CancelTest {
    private final EngineFixture f = new EngineFixture();
    private final TaskScript script = f.service.on("cat");

    private CompletableFuture<CancelResult> cancel(String id) {
        var cancelled = f.engine()
                .cancel(f.account(), id, CallOptions.DEFAULT, ofMinutes(10))
                .toCompletableFuture();
        f.run();
        return cancelled;
    }

    private CancelResult cancelled(String id, Duration within) {
        CompletableFuture<CancelResult> cancelled = cancel(id);
        f.loop.runUntil(cancelled::isDone, within);
        return cancelled.join();
    }

    @Test
    void aRunningTaskIsCancelledAtTheServiceAndEndsTheWaits() {
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(10));
        CancelResult result = cancelled("task-1", ofSeconds(2));

        assertThat(result.isRequested()).isTrue();
        assertThat(result.task().status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(cat.failure(GenerationCancelledException.class).getHandle()).isEqualTo("task-1");
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void theRecordIdNamesItToo() {
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(10));
        assertThat(cancelled(cat.recordId(), ofSeconds(2)).task().status()).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void aRefusalIsReportedAndTheTaskGoesOn() {
        script.cancel(new CancelOutcome.Refused(error(ErrorCategory.CANCELLED, "not in a cancellable state")));
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(10));
        CancelResult result = cancelled("task-1", ofSeconds(2));

        assertThat(result.isRequested()).isFalse();
        assertThat(result.refusal()).isNotNull();
        assertThat(result.refusal().message()).contains("not in a cancellable state");
        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aTaskThatSucceedsAllTheSameIsAResult() {
        script.takes(ofSeconds(15)).cancel(new CancelOutcome.Requested());
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(10));
        CancelResult result = cancelled("task-1", ofSeconds(10));
        assertThat(result.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aTaskThatDoesNotEndInTenSecondsIsReportedAsItIs() {
        script.takes(ofMinutes(5)).cancel(new CancelOutcome.Requested());
        f.submit("cat").send();
        f.advance(ofSeconds(10));
        CompletableFuture<CancelResult> cancelled = cancel("task-1");
        f.advance(ofSeconds(9));
        assertThat(cancelled).isNotDone();
        int polls = f.service.calls(Kind.POLL).size();
        assertThat(polls).as("polled at the floor meanwhile").isGreaterThanOrEqualTo(5);
        f.advance(ofSeconds(2));
        assertThat(cancelled.join().isRequested()).isTrue();
        assertThat(cancelled.join().task().status().isWatched()).isTrue();
    }

    @Test
    void whatWasNotSentIsCancelledWithoutTheService() {
        f.service.on("slow").takes(ofMinutes(5));
        f.submit("slow").maxInFlight(1).send();
        Exchange cat = f.submit("cat").maxInFlight(1).send();
        f.advance(ofSeconds(5));
        CancelResult result = cancelled(cat.recordId(), ofSeconds(1));

        assertThat(result.isRequested()).isTrue();
        assertThat(result.task().status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(cat.failure(GenerationCancelledException.class).getPaid()).isEqualTo(Paid.NO);
        f.advance(ofMinutes(10));
        assertThat(f.service.calls(Kind.CANCEL)).isEmpty();
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aCreateCallThatIsUnderWayCannotBeCancelled() {
        TaskScript.Held held = script.createHeld();
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(1));
        CancelResult result = cancelled(cat.recordId(), ofSeconds(1));
        assertThat(result.isRequested()).isFalse();
        assertThat(result.refusal()).isNotNull();
        assertThat(result.refusal().paid()).isEqualTo(Paid.UNKNOWN);
        held.accept();
        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void whatHasEndedIsNotCancelled() {
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(2));
        CancelResult result = cancelled("task-1", ofSeconds(1));
        assertThat(result.isRequested()).isFalse();
        assertThat(result.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.calls(Kind.CANCEL)).isEmpty();
    }

    @Test
    void aTaskOfAnotherNodeIsCancelledAtTheServiceAndItsOwnerFindsOut() {
        f.start();
        TaskEngine neighbour = f.neighbour();
        Exchange there = f.submit("cat").queueAt(neighbour);
        f.advance(ofSeconds(10));
        assertThat(cancelled("task-1", ofSeconds(5)).task().status()).isEqualTo(TaskStatus.CANCELLED);
        f.advance(ofMinutes(1));
        there.failure(GenerationCancelledException.class);
    }

    @Test
    void aTaskThatIsNotOursIsCancelledToo() {
        f.service.charge(script);
        assertThat(cancelled("task-1", ofSeconds(5)).task().status()).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void anIdThatNobodyKnowsIsRefusedByTheService() {
        assertThat(cancelled("task-99", ofSeconds(5)).isRequested()).isFalse();
    }

    @Test
    void aJournalThatDoesNotAnswerEndsTheCancelInTime() {
        f.journal.hold();
        CompletableFuture<CancelResult> cancelled = cancel("task-1");
        f.advance(ofMinutes(6));
        assertThat(cancelled).isCompletedExceptionally();
        f.journal.release();
        f.advance(ofMillis(1));
    }
}
