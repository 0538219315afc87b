/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.Paid;
import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.spi.RecoveryOutcome.Found;
import io.genvideo.spi.RecoveryOutcome.Later;
import io.genvideo.spi.RecoveryOutcome.NotCreated;
import io.genvideo.spi.RecoveryOutcome.Unclear;
import io.genvideo.spi.SubmitOutcome.Unknown;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A create call whose answer is lost is recovered before its record becomes uncertain; it is never repeated blindly. */
class CreateCallRecoveryTest {
    private static final Later LATER = new Later(error(ErrorCategory.SERVICE_UNAVAILABLE, "no state yet"), null);
    private static final Unclear UNCLEAR = new Unclear(error(ErrorCategory.UNCERTAIN_SUBMISSION, "two tasks match"));

    private final EngineFixture f = new EngineFixture();
    private final TaskScript script = f.service.on("cat");

    @BeforeEach
    void tokens() {
        f.service.stateful();
        f.describeAgain();
    }

    private int recoveries() {
        return f.service.calls(Kind.RECOVER).size();
    }

    @Test
    void aTaskThatTheLostCallHasCreatedIsFoundAndWatched() {
        script.createLost();
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(cat.task().handle()).isEqualTo("task-1");
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(f.record(cat).providerState())
                .as("kept from the preparation")
                .isEqualTo("token-1||");
    }

    @Test
    void aCallThatHasCreatedNothingIsSentAgainThroughTheJournal() {
        script.create(new Unknown(error(ErrorCategory.SERVICE_UNAVAILABLE, "reset")));
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.ledger()).hasSize(1);
        assertThat(f.record(cat).creates()).as("each call was announced").isEqualTo(2);
    }

    @Test
    void aCallThatHasCreatedNothingIsForgottenIfNobodyWaits() {
        f.service.everyRecovery(LATER);
        script.create(new Unknown(error(ErrorCategory.SERVICE_UNAVAILABLE, "reset")));
        Exchange cat = f.submit("cat").key("k").timeout(ofSeconds(20)).send();
        f.advance(ofSeconds(30));
        assertThat(cat.failure(GenerationTimeoutException.class).getPaid()).isEqualTo(Paid.UNKNOWN);
        f.service.everyRecovery(null);
        f.advance(ofMinutes(3));
        assertThat(f.journal.all()).isEmpty();
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void callsThatAreNeverAnsweredEndUnpaidWhenTheBudgetIsSpent() {
        for (int i = 0; i < 100; i++) {
            script.create(new Unknown(error(ErrorCategory.SERVICE_UNAVAILABLE, "reset")));
        }
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(2));
        assertThat(cat.failure(ServiceUnavailableException.class).getPaid()).isEqualTo(Paid.NO);
        assertThat(f.service.ledger()).isEmpty();
    }

    @Test
    void whileRecoveryIsUndecidedTheExchangeWaitsAndNobodyTakesTheRecord() {
        f.start();
        f.neighbour();
        f.service.everyRecovery(LATER);
        script.createLost();
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(9));
        assertThat(cat.isOver()).isFalse();
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.SUBMITTING);
        assertThat(f.record(cat).owner()).isEqualTo(f.owner().id());
        assertThat(recoveries()).as("with back-off").isLessThan(20);
        f.service.everyRecovery(null);
        f.advance(ofMinutes(2));
        assertThat(cat.task().handle()).isEqualTo("task-1");
        assertThat(f.service.creates()).isEqualTo(1);
    }

    /** Files that travel with the call need longer than the request time-out: the call is not lost while it may be answered. */
    @Test
    void aCallThatMayTakeLongerIsNotLostBefore() {
        script.submitTimeout(ofMinutes(5));
        TaskScript.Held held = script.createHeld();
        Exchange cat = f.submit("cat").timeout(ofMinutes(30)).send();
        f.advance(ofMinutes(5));
        assertThat(recoveries()).isZero();
        held.accept();
        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void nobodyTakesTheRecordOfACallThatMayTakeLonger() {
        f.start();
        f.neighbour();
        script.submitTimeout(ofMinutes(5));
        TaskScript.Held held = script.createHeld();
        Exchange cat = f.submit("cat").timeout(ofMinutes(30)).send();
        f.advance(ofMinutes(4));
        assertThat(f.record(cat).owner()).isEqualTo(f.owner().id());
        held.accept();
        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aCallIsLostAnHourAndTenSecondsLaterWhateverAProviderWants() {
        f.service.everyRecovery(UNCLEAR);
        script.submitTimeout(ofSeconds(Long.MAX_VALUE)).createNeverAnswered();
        Exchange cat = f.submit("cat").timeout(ofMinutes(90)).send();
        f.advance(ofMinutes(59));
        assertThat(cat.isOver()).isFalse();
        f.advance(ofMinutes(2));
        cat.failure(UncertainSubmissionException.class);
    }

    @Test
    void afterTenMinutesItIsUncertain() {
        f.service.everyRecovery(LATER);
        script.createLost();
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(11));
        cat.failure(UncertainSubmissionException.class);
        int before = recoveries();
        f.advance(ofMinutes(60));
        assertThat(recoveries()).isEqualTo(before);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aRecoveryThatFailsIsRepeated() {
        f.service.everyRecoveryBy(() -> CompletableFuture.failedFuture(new IllegalArgumentException("garbage")));
        script.createLost();
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(1));
        assertThat(cat.isOver()).isFalse();
        f.service.everyRecovery(null);
        f.advance(ofMinutes(3));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aProviderThatNeverAnswersEndsUncertain() {
        f.service.everyRecoveryBy(CompletableFuture::new);
        script.createLost();
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(20));
        cat.failure(UncertainSubmissionException.class);
    }

    @Test
    void unclearIsUncertainWithTheReason() {
        f.service.everyRecovery(UNCLEAR);
        script.createLost();
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(5));
        assertThat(cat.failure(UncertainSubmissionException.class)).hasMessageContaining("two tasks match");
    }

    @Test
    void aTaskThatAnotherRecordHasIsNotTaken() {
        Exchange dog = f.submit("dog").send();
        f.advance(ofSeconds(2));
        f.service.everyRecovery(new Found("task-1", TaskStatus.RUNNING, null, null));
        script.create(new Unknown(error(ErrorCategory.SERVICE_UNAVAILABLE, "reset")));
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(2));
        assertThat(cat.failure(UncertainSubmissionException.class)).hasMessageContaining(dog.recordId());
    }

    @Test
    void afterACrashTheTaskIsFoundAndTheExchangeThatComesBackGetsIt() {
        f.start();
        script.createNeverAnswered();
        f.submit("cat").key("k").send();
        f.loop.runUntil(() -> f.service.creates() == 1, ofMinutes(1));
        f.crash();
        Exchange again = f.submit("cat").key("k").send();
        f.advance(ofMinutes(5));
        assertThat(again.task().handle()).isEqualTo("task-1");
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void afterACrashACallThatCreatedNothingIsForgottenAndNotSentAgain() {
        f.start();
        script.createHeld();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        f.crash();
        f.advance(ofMinutes(3));
        assertThat(f.journal.all()).isEmpty();
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(recoveries()).isEqualTo(1);
    }

    @Test
    void afterACrashAnExchangeThatWaitsFailsUnpaidAndMaySendAgain() {
        f.start();
        script.createHeld();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        f.crash();
        f.service.everyRecovery(LATER);
        Exchange second = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        assertThat(second.isOver()).isFalse();
        f.service.everyRecovery(new NotCreated(error(ErrorCategory.SERVICE_UNAVAILABLE, "no such token")));
        f.advance(ofMinutes(2));
        ServiceUnavailableException failure = second.failure(ServiceUnavailableException.class);
        assertThat(failure.getPaid()).isEqualTo(Paid.NO);
        assertThat(failure.isRetryable()).isTrue();
        assertThat(f.service.creates()).as("nothing is sent while recovering").isEqualTo(1);

        Exchange third = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        assertThat(third.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.ledger()).hasSize(1);
    }

    @Test
    void afterACrashTheCredentialsAreWaitedForAsTheyComeWithAnEndpoint() {
        script.createNeverAnswered();
        f.submit("cat").account("other").send();
        f.loop.runUntil(() -> f.service.creates() == 1, ofMinutes(1));
        f.crash();
        f.advance(ofSeconds(65));
        f.engine().use(f.service.account("other"));
        f.advance(ofMinutes(2));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aStopLeavesACallThatIsBeingRecoveredToTheNextProcess() {
        f.start();
        f.service.everyRecovery(LATER);
        script.createLost();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(10));
        var stopped = f.engine().stop().toCompletableFuture();
        f.loop.runUntil(stopped::isDone, ofSeconds(5));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUBMITTING);
        f.engine().release();
        f.run();
        f.service.everyRecovery(null);
        f.crash();
        f.advance(ofMinutes(3));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void theLateAnswerOfACallThatIsBeingRecoveredCounts() {
        f.service.everyRecovery(LATER);
        TaskScript.Held held = script.createHeld();
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(2));
        assertThat(recoveries()).isPositive();
        held.accept();
        f.advance(ofMinutes(2));
        assertThat(cat.task().handle()).isEqualTo("task-1");
    }
}
