/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.SubmitOutcome.Deferred;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The deadline belongs to the wait, not to the task (docs/design.md sections 4.7 and 4.10). */
class WaitTest {
    private final EngineFixture f = new EngineFixture();
    private final TaskScript script = f.service.on("cat");

    private EngineFixture.Request cat(Duration timeout) {
        return f.submit("cat").key("k").timeout(timeout);
    }

    @Test
    void aTaskThatTakesTooLongIsPaidGoesOnAndIsThereForTheNextExchange() {
        script.takes(ofMinutes(5));
        Exchange cat = cat(ofMinutes(1)).send();
        f.advance(ofMinutes(1));

        GenerationTimeoutException failure = cat.failure(GenerationTimeoutException.class);
        assertThat(failure.getPaid()).isEqualTo(Paid.YES);
        assertThat(failure.getRecordId()).isEqualTo(cat.recordId());
        assertThat(failure.getHandle()).isEqualTo("task-1");
        assertThat(failure.isRetryable()).isTrue();

        f.advance(ofMinutes(10));
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.record(cat).delivery()).isEqualTo(DeliveryState.AVAILABLE);

        Exchange later = cat(ofMinutes(1)).send();
        assertThat(later.task().media()).hasSize(1);
        assertThat(later.outcome().replayed()).isTrue();
        assertThat(f.record(cat).delivery()).isEqualTo(DeliveryState.OWNED);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void anExchangeThatComesBackDoesNotWaitForTheRarePollsOfAnUnattendedTask() {
        script.expected(ofSeconds(30), ofSeconds(60)).takes(ofMinutes(20));
        cat(ofMinutes(1)).send();
        f.advance(ofMinutes(20).plusSeconds(5));
        assertThat(f.journal.all())
                .singleElement()
                .satisfies(r ->
                        assertThat(r.status()).as("done, but not looked at yet").isEqualTo(TaskStatus.RUNNING));

        Exchange again = cat(ofSeconds(10)).send();
        f.advance(ofSeconds(10));

        assertThat(again.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void whatWasNotSentIsUnpaidAndNeverSentOnceNobodyWaits() {
        f.submit("long").maxInFlight(1).send();
        f.service.on("long").takes(ofMinutes(5));
        f.advance(ofSeconds(1));
        Exchange cat = cat(ofSeconds(10)).maxInFlight(1).send();
        f.advance(ofSeconds(10));

        GenerationTimeoutException failure = cat.failure(GenerationTimeoutException.class);
        assertThat(failure.getPaid()).isEqualTo(Paid.NO);
        assertThat(failure).hasMessageContaining("nothing was created");
        f.advance(ofMinutes(20));
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(f.journal.find(cat.recordId())).isEmpty();
    }

    @Test
    void whatWasNotSentIsStillSentForAnotherExchangeThatWaits() {
        f.service.on("long").takes(ofMinutes(5));
        f.submit("long").maxInFlight(1).send();
        f.advance(ofSeconds(1));
        Exchange hasty = cat(ofSeconds(10)).maxInFlight(1).send();
        Exchange patient = cat(ofMinutes(20)).maxInFlight(1).send();
        f.advance(ofMinutes(10));

        assertThat(hasty.failure(GenerationTimeoutException.class).getPaid())
                .as("it is sent for the other exchange, so that a fallback would pay a second time")
                .isEqualTo(Paid.UNKNOWN);
        assertThat(patient.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 25, 45, 2_005, 2_500, 3_000})
    void aTimeoutBeforeTheCreateCallStopsItWhateverThePreparationIsDoing(long millis) {
        script.create(new Deferred(error(ErrorCategory.RATE_LIMITED, "busy"), ofSeconds(3)));
        Exchange cat = cat(ofMillis(millis)).send();
        f.advance(ofMinutes(5));

        int before = millis < 40 ? 0 : 1;
        assertThat(cat.hasFailed()).isTrue();
        assertThat(f.service.creates()).isEqualTo(before);
        assertThat(f.journal.all()).isEmpty();
    }

    @Test
    void nothingIsSentByASlowJournalAfterAnUnpaidTimeout() {
        Exchange cat = cat(ofSeconds(2)).send();
        f.journal.hold();
        f.advance(ofSeconds(3));
        assertThat(cat.failure(GenerationTimeoutException.class).getPaid()).isEqualTo(Paid.NO);

        f.journal.release();
        f.advance(ofMinutes(5));
        assertThat(f.service.creates()).isZero();
        assertThat(f.journal.all()).isEmpty();
    }

    @Test
    void whileTheCreateCallIsUnderWayNobodyKnowsWhetherItWasPaid() {
        TaskScript.Held create = script.createHeld();
        Exchange cat = cat(ofSeconds(10)).send();
        f.advance(ofSeconds(11));
        assertThat(cat.failure(GenerationTimeoutException.class).getPaid()).isEqualTo(Paid.UNKNOWN);

        create.accept();
        f.advance(ofMinutes(10));
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.record(cat).delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }

    @Test
    void aDeferralAfterTheLastExchangeLeftEndsTheTaskUnsent() {
        TaskScript.Held create = script.createHeld();
        cat(ofSeconds(10)).send();
        f.advance(ofSeconds(11));
        create.answer(new Deferred(error(ErrorCategory.RATE_LIMITED, "busy"), null));
        f.advance(ofMinutes(10));
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(f.journal.all()).isEmpty();
    }

    @Test
    void anExchangeThatWantsAcceptanceGoesOnThenAndTheResultIsForTheConsumer() {
        Exchange cat = f.submit("cat").forAcceptance().send();
        f.advance(ofSeconds(1));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(cat.task().handle()).isEqualTo("task-1");
        assertThat(cat.outcome().owned()).isFalse();

        f.advance(ofMinutes(2));
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.record(cat).delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }

    @Test
    void acceptanceIsReportedOnceItIsJournalled() {
        Exchange cat = f.submit("cat").forAcceptance().send();
        f.advance(ofMillis(50));
        f.journal.hold();
        f.advance(ofSeconds(5));
        assertThat(cat.isOver()).isFalse();
        f.journal.release();
        f.run();
        assertThat(cat.task().handle()).isEqualTo("task-1");
    }

    @Test
    void acceptanceOfATaskThatTheServiceHasIsThereAtOnce() {
        cat(ofMinutes(5)).send();
        f.advance(ofSeconds(10));
        Exchange second = cat(ofMinutes(5)).forAcceptance().send();
        assertThat(second.task().handle()).isEqualTo("task-1");
    }

    @Test
    void aResultInTheInstantOfTheDeadlineEndsTheWaitOnceAndLosesNothing() {
        for (int offset = -50; offset <= 50; offset++) {
            EngineFixture g = new EngineFixture();
            g.service.on("cat").takes(ofSeconds(10));
            Exchange cat = g.submit("cat")
                    .key("k")
                    .pollInterval(ofSeconds(1))
                    .timeout(ofSeconds(11).plusMillis(80 + offset))
                    .send();
            g.advance(ofMinutes(5));

            assertThat(cat.isOver()).isTrue();
            assertThat(g.record(cat).delivery())
                    .as("deadline %s ms off, failed: %s", offset, cat.hasFailed())
                    .isEqualTo(cat.hasFailed() ? DeliveryState.AVAILABLE : DeliveryState.OWNED);
        }
    }

    @Test
    void aResultThatIsWrittenWhileTheLastExchangeLeavesIsStillOfferedToOthers() {
        script.takes(ofSeconds(10));
        Exchange cat = cat(ofSeconds(40)).send();
        f.advance(ofSeconds(9));
        f.journal.hold();
        f.advance(ofSeconds(60));
        assertThat(cat.failure(GenerationTimeoutException.class).getPaid()).isEqualTo(Paid.YES);

        f.journal.release();
        f.advance(ofSeconds(1));
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.record(cat).delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }

    @Test
    void aResultThatIsWrittenWhileAnExchangeAttachesIsOwnedByIt() {
        script.takes(ofSeconds(20));
        cat(ofSeconds(10)).send();
        f.advance(ofSeconds(15));
        f.journal.failWrites(TaskStatus.SUCCEEDED, 1);
        f.loop.runUntil(() -> f.warnings.stream().anyMatch(w -> w.contains("SUCCEEDED")), ofMinutes(5));
        Exchange second = cat(ofMinutes(5)).send();
        assertThat(second.isOver()).isFalse();

        f.advance(ofSeconds(10));
        assertThat(second.outcome().owned()).isTrue();
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.OWNED);
    }

    @Test
    void whenAllHasEndedNoTimerIsLeftBehind() {
        cat(ofMinutes(30)).send();
        f.advance(ofMinutes(10));
        assertThat(f.loop.pending()).isZero();
    }
}
