/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.Resolution;
import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every wait ends in time, counted from the call, whatever does not answer, and states about money only what is known. */
class DeadlineTest {
    private final EngineFixture f = new EngineFixture();

    private void settled(TaskRecord record, Resolution resolution) {
        var settled = f.engine()
                .resolve(f.account(), record.recordId(), resolution, null, ofMinutes(1))
                .toCompletableFuture();
        f.loop.runUntil(settled::isDone, ofSeconds(5));
        settled.join();
    }

    @Test
    void aJournalThatDoesNotAnswerEndsTheWaitInTimeUnpaid() {
        f.journal.hold();
        Exchange cat = f.submit("cat").timeout(ofSeconds(10)).send();
        f.advance(ofSeconds(11));
        assertThat(cat.failure(GenerationTimeoutException.class).getPaid()).isEqualTo(Paid.NO);

        f.journal.release();
        f.advance(ofMinutes(5));
        assertThat(f.service.creates())
                .as("nothing is sent for an exchange that has gone")
                .isZero();
        assertThat(f.journal.all()).isEmpty();
    }

    @Test
    void aTimeoutOfTheJournalForAKeyIsPaidUnknown() {
        f.journal.hold();
        Exchange cat = f.submit("cat").key("k").timeout(ofSeconds(10)).send();
        f.advance(ofSeconds(11));
        assertThat(cat.failure(GenerationTimeoutException.class).getPaid()).isEqualTo(Paid.UNKNOWN);
    }

    /** The operations that do not wait for a task have the same deadline. */
    @Test
    void aJournalThatDoesNotAnswerEndsEveryOperationInTime() {
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(5));
        f.journal.hold();
        List<CompletionStage<?>> operations = List.of(
                f.engine().read(f.account(), "task-1", Operation.TEXT_TO_VIDEO, "r", ofSeconds(10)),
                f.engine().cancel(f.account(), "task-0", CallOptions.DEFAULT, ofSeconds(10)),
                f.engine().resolve(f.account(), cat.recordId(), Resolution.RELEASE, null, ofSeconds(10)));
        f.advance(ofMillis(9_900));
        assertThat(operations).noneMatch(o -> o.toCompletableFuture().isDone());
        f.advance(ofMillis(200));
        assertThat(operations)
                .allSatisfy(o -> assertThat(o.toCompletableFuture()).isCompletedExceptionally());
    }

    @Test
    void aRecordIsNotSettledAfterItsResolutionHasFailed() {
        f.service.on("cat").createLost();
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(5));
        f.journal.hold();
        var resolved = f.engine()
                .resolve(f.account(), cat.recordId(), Resolution.RELEASE, null, ofSeconds(10))
                .toCompletableFuture();
        f.advance(ofSeconds(11));
        assertThat(resolved).isCompletedExceptionally();
        f.journal.release();
        f.run();
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.UNCERTAIN);
    }

    @Test
    void theTimeThatTheJournalTakesCounts() {
        f.service.on("cat").takes(ofMinutes(5));
        f.journal.hold();
        Exchange cat = f.submit("cat").timeout(ofSeconds(30)).send();
        f.advance(ofSeconds(20));
        f.journal.release();
        f.advance(ofSeconds(9));
        assertThat(cat.isOver()).isFalse();
        f.advance(ofSeconds(2));
        assertThat(cat.failure(GenerationTimeoutException.class).getPaid()).isEqualTo(Paid.YES);
    }

    @Test
    void aStoredResultThatCannotBeClaimedEndsInTime() {
        Exchange first = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        f.engine().settle(first.recordId(), first.recordId(), false);
        f.run();
        f.journal.failWrites(TaskStatus.SUCCEEDED, Integer.MAX_VALUE);
        Exchange second = f.submit("cat").key("k").timeout(ofMinutes(1)).send();
        f.advance(ofMinutes(2));
        GenerationTimeoutException failure = second.failure(GenerationTimeoutException.class);
        assertThat(failure.getPaid()).isEqualTo(Paid.YES);
        assertThat(failure.getRecordId()).isEqualTo(first.recordId());
    }

    @Test
    void aTimeoutBeyondAllTimersIsNoError() {
        Exchange cat = f.submit("cat").timeout(ofHours(9_999_999)).send();
        Exchange dog =
                f.submit("dog").timeout(Duration.ofSeconds(Long.MAX_VALUE)).send();
        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(dog.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aCreateCallThatNeverEndsIsUncertainAndDoesNotBlockTheAccount() {
        f.service.on("cat").createHeld();
        Exchange cat = f.submit("cat").maxInFlight(1).send();
        Exchange dog = f.submit("dog").maxInFlight(1).send();
        f.advance(ofMinutes(3));
        assertThat(cat.failure(UncertainSubmissionException.class)).hasMessageContaining("not ended within 40 s");
        assertThat(dog.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void theAnswerOfACreateCallThatWasCalledUncertainIsNotLost() {
        TaskScript.Held held = f.service.on("cat").createHeld();
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofMinutes(3));
        cat.failure(UncertainSubmissionException.class);
        held.accept();
        f.advance(ofMinutes(2));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.AVAILABLE);
        assertThat(f.submit("cat").key("k").send().task().handle()).isEqualTo("task-1");
    }

    @Test
    void aTaskIsWatchedByItsIdAlsoIfTheRestOfTheAnswerIsMalformed() {
        f.service.on("cat").createMalformed();
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        assertThat(cat.task().handle()).isEqualTo("task-1");
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void anErrorInThePlanOfAProviderEndsTheWaitAndFreesThePermit() {
        f.service.on("cat").modelFails(new LinkageError("no such class"));
        Exchange cat = f.submit("cat").maxInFlight(1).timeout(ofMinutes(5)).send();
        Exchange dog = f.submit("dog").maxInFlight(1).send();
        f.advance(ofMinutes(4));
        GenvideoException failure = cat.failure(GenvideoException.class);
        assertThat(failure.getPaid()).isEqualTo(Paid.NO);
        assertThat(dog.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void anExchangeWhoseTimeIsOverWhileItChangesOverFromAnotherNodesTaskSendsNothing() {
        f.start();
        TaskEngine neighbour = f.neighbour();
        f.service.on("slow").takes(ofMinutes(2));
        f.submit("slow").maxInFlight(1).queueAt(neighbour);
        f.advance(ofSeconds(2));
        f.submit("cat").key("k").maxInFlight(1).timeout(ofSeconds(10)).queueAt(neighbour);
        f.advance(ofSeconds(1));
        Exchange here = f.submit("cat").key("k").timeout(ofMillis(9_400)).send();
        f.advance(ofSeconds(9));
        f.journal.hold();
        f.advance(ofSeconds(3));
        assertThat(here.failure(GenerationTimeoutException.class).getPaid()).isNotEqualTo(Paid.YES);
        f.journal.release();
        f.advance(ofMinutes(10));
        assertThat(f.service.ledger()).as("only the slow one").hasSize(1);
    }

    @Test
    void aTimeoutOfAWaitForAnotherNodesUnsentTaskIsPaidUnknown() {
        f.start();
        TaskEngine neighbour = f.neighbour();
        f.service.on("slow").takes(ofMinutes(2));
        f.submit("slow").maxInFlight(1).queueAt(neighbour);
        f.advance(ofSeconds(2));
        Exchange there = f.submit("cat").key("k").maxInFlight(1).queueAt(neighbour);
        f.advance(ofSeconds(1));
        Exchange here = f.submit("cat").key("k").timeout(ofSeconds(20)).send();
        f.advance(ofMinutes(10));
        assertThat(here.failure(GenerationTimeoutException.class).getPaid()).isEqualTo(Paid.UNKNOWN);
        assertThat(there.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aTimeoutOfAWaitForAnotherNodesTaskReadsTheJournalAgain() {
        f.start();
        TaskEngine neighbour = f.neighbour();
        f.service.on("cat").takes(ofMinutes(5));
        f.submit("cat").key("k").queueAt(neighbour);
        f.loop.runUntil(() -> !f.journal.all().isEmpty(), ofSeconds(1));
        Exchange here = f.submit("cat").key("k").timeout(ofSeconds(3)).send();
        f.advance(ofSeconds(4));
        GenerationTimeoutException failure = here.failure(GenerationTimeoutException.class);
        assertThat(failure.getPaid()).isEqualTo(Paid.YES);
        assertThat(failure.getHandle()).isEqualTo("task-1");
    }

    @Test
    void aFailedReadWhileAPaidTaskIsResumedIsPaidUnknown() {
        Exchange first = f.submit("cat").timeout(ofSeconds(10)).send();
        f.advance(ofSeconds(15));
        assertThat(first.failure(GenerationTimeoutException.class).getPaid()).isEqualTo(Paid.YES);
        f.journal.failReads(1);
        Exchange again = f.submit("cat").resuming(first.recordId()).send();
        ServiceUnavailableException failure = again.failure(ServiceUnavailableException.class);
        assertThat(failure.getPaid()).isEqualTo(Paid.UNKNOWN);
        assertThat(failure.getRecordId()).isEqualTo(first.recordId());
    }

    @Test
    void aTimeoutDuringTheCreateCallDoesNotClaimThatTheTaskGoesOn() {
        f.service.on("cat").createHeld();
        Exchange cat = f.submit("cat").timeout(ofMillis(900)).send();
        f.advance(ofSeconds(2));
        GenerationTimeoutException failure = cat.failure(GenerationTimeoutException.class);
        assertThat(failure.getPaid()).isEqualTo(Paid.UNKNOWN);
        assertThat(failure)
                .hasMessageContaining("no result after 900 ms")
                .hasMessageContaining("not answered yet")
                .hasMessageNotContaining("goes on");
    }

    @Test
    void whoTimedOutInTheQueueLeavesItWithItsRequest() {
        f.service.on("slow").takes(ofHours(1));
        f.submit("slow").maxInFlight(1).send();
        for (int i = 0; i < 50; i++) {
            f.submit("hasty" + i).maxInFlight(1).timeout(ofSeconds(5)).send();
        }
        f.advance(ofSeconds(10));
        assertThat(f.engine().accountState(f.account()).limiter().waiting()).isZero();
    }

    @Test
    void anAbandonedRecordIsNeverPaidAgain() {
        f.service.on("cat").createLost();
        Exchange first = f.submit("cat").key("k").send();
        f.advance(ofSeconds(5));
        settled(f.record(first), Resolution.ABANDON);
        Exchange again = f.submit("cat").key("k").retryFailed(3).send();
        f.advance(ofMinutes(2));
        assertThat(again.failure(GenvideoException.class).getPaid()).isEqualTo(Paid.UNKNOWN);
        assertThat(f.service.ledger()).hasSize(1);
    }

    @Test
    void aParkedRecordIsResolvedByAPerson() {
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(5));
        f.service.everyPoll(ScriptedProvider.trouble(Trouble.Kind.UNKNOWN_TASK, null));
        f.advance(ofDays(8));
        assertThat(f.record(cat).delivery()).isEqualTo(DeliveryState.PARKED);
        f.service.everyPoll(null);
        f.start();
        settled(f.record(cat), Resolution.ADOPT);
        f.advance(ofMinutes(1));
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.submit("cat").key("k").send().task().handle()).isEqualTo("task-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RELEASE", "ABANDON"})
    void aParkedRecordGivesItsKeyBackOnlyWhenItIsReleased(Resolution resolution) {
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(5));
        f.service.everyPoll(ScriptedProvider.trouble(Trouble.Kind.UNKNOWN_TASK, null));
        f.advance(ofDays(8));
        f.service.everyPoll(null);
        settled(f.record(cat), resolution);
        Exchange again = f.submit("cat").key("k").retryFailed(2).send();
        f.advance(ofMinutes(2));
        assertThat(again.hasFailed()).isEqualTo(resolution == Resolution.ABANDON);
        assertThat(f.service.ledger()).hasSize(resolution == Resolution.ABANDON ? 1 : 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {-20_000, -1, 1, 168, 20_000})
    void aClockThatIsSetParksNoTaskAndEndsNoWait(long hours) {
        f.service.on("cat").takes(ofMinutes(3));
        Exchange cat = f.submit("cat").timeout(ofMinutes(10)).send();
        f.advance(ofSeconds(5));
        f.loop.setClock(ofHours(hours));
        f.advance(ofMinutes(5));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aClockThatWasWrongWhenAnEarlierProcessAcceptedATaskParksNothing() {
        f.start();
        f.service.on("cat").takes(ofMinutes(30));
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(5));
        f.loop.setClock(ofDays(20_000));
        f.crash();
        f.advance(ofHours(1));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aRequestThatIsRefusedWhileItIsPlannedOnAnotherThreadIsRefusedInItsTurn() {
        f.service
                .on("cat")
                .planFails(error(ErrorCategory.INVALID_REQUEST, "no such model").toException());
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(1));
        assertThat(cat.failure(GenvideoException.class).getPaid()).isEqualTo(Paid.NO);
        assertThat(f.service.calls(Kind.STAGE)).isEmpty();
    }
}
