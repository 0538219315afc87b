/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Outcomes that nobody waits for are offered until an exchange has used them (docs/design.md section 4.10). */
class TakeTest {
    private final EngineFixture f = new EngineFixture();

    private List<GenerationTask> take(int most, int maxDeliveries, TaskStatus... statuses) {
        var taken = f.engine()
                .take("scripted", null, Set.of(statuses), most, maxDeliveries)
                .toCompletableFuture();
        f.run();
        return taken.join();
    }

    private List<GenerationTask> take() {
        return take(10, 3, TaskStatus.SUCCEEDED);
    }

    private Exchange done(String name) {
        Exchange accepted = f.submit(name).forAcceptance().send();
        f.advance(ofMinutes(2));
        return accepted;
    }

    private void run(java.util.concurrent.CompletionStage<Void> stage) {
        f.run();
        assertThat(stage.toCompletableFuture()).isCompleted();
    }

    @Test
    void whatIsTakenIsNotTakenTwice() {
        done("cat");
        assertThat(take()).hasSize(1);
        assertThat(take()).isEmpty();
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.OWNED);
        assertThat(f.journal.only().deliveries()).isEqualTo(1);
    }

    @Test
    void noMoreAreTakenThanWantedThoseThatEndedFirstFirst() {
        Exchange first = done("a");
        Exchange second = done("b");
        Exchange third = done("c");
        assertThat(take(2, 3, TaskStatus.SUCCEEDED))
                .extracting(GenerationTask::recordId)
                .containsExactly(first.recordId(), second.recordId());
        assertThat(take(2, 3, TaskStatus.SUCCEEDED))
                .extracting(GenerationTask::recordId)
                .containsExactly(third.recordId());
    }

    private CompletableFuture<List<GenerationTask>> takeFromSilentJournal() {
        f.journal.hold();
        var taken = f.engine()
                .take("scripted", null, Set.of(TaskStatus.SUCCEEDED), 10, 3)
                .toCompletableFuture();
        f.run();
        assertThat(taken).isNotDone();
        f.engine().stop();
        f.run();
        return taken;
    }

    @Test
    void stopEndsCallThatWaitsForTheJournalAndOffersAgainWhatItTakesLater() {
        done("cat");
        assertThat(takeFromSilentJournal()).isCompletedWithValue(List.of());
        f.journal.release();
        f.run();

        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.AVAILABLE);
        assertThat(f.journal.only().deliveries()).isZero();
    }

    @Test
    void whatTheJournalHandsOutAfterTheProcessHasEndedIsOfferedByTheNextOne() {
        Exchange cat = done("cat");
        takeFromSilentJournal();
        f.crash();
        f.journal.release();
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.OWNED);
        f.advance(ofMinutes(1));

        assertThat(take()).extracting(GenerationTask::recordId).containsExactly(cat.recordId());
    }

    @Test
    void whatCouldBeUsedDoesNotComeAgain() {
        Exchange cat = done("cat");
        take();
        run(f.engine().acknowledge(cat.recordId()));
        f.advance(ofMinutes(10));
        assertThat(take()).isEmpty();
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void theDeliveryOfWhatWasTakenIsWrittenWithoutARead() {
        Exchange cat = done("cat");
        take();
        f.journal.failReads(1);
        run(f.engine().acknowledge(cat.recordId()));
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void whatIsGivenBackComesAgainAtGrowingDistancesAndIsParkedInTheEnd() {
        Exchange cat = done("cat");
        assertThat(take()).hasSize(1);
        run(f.engine().giveBack(cat.recordId(), 3));
        assertThat(take()).isEmpty();
        f.advance(ofSeconds(1));
        assertThat(take()).hasSize(1);
        run(f.engine().giveBack(cat.recordId(), 3));
        f.advance(ofSeconds(1));
        assertThat(take()).isEmpty();
        f.advance(ofSeconds(1));
        assertThat(take()).hasSize(1);
        run(f.engine().giveBack(cat.recordId(), 3));

        f.advance(ofMinutes(60));
        assertThat(take()).isEmpty();
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.PARKED);
        assertThat(f.warnings).anyMatch(w -> w.contains("parked") && w.contains(cat.recordId()));
    }

    @Test
    void whatWasNotLookedAtIsPutBackAndDoesNotCount() {
        Exchange cat = done("cat");
        for (int i = 0; i < 10; i++) {
            assertThat(take()).hasSize(1);
            run(f.engine().putBack(cat.recordId()));
        }
        assertThat(f.journal.only().deliveries()).isZero();
    }

    @Test
    void whatCanNotBeFetchedComesAgainAsOftenAsItTakes() {
        Exchange cat = done("cat");
        for (int i = 0; i < 20; i++) {
            assertThat(take()).hasSize(1);
            run(f.engine().postpone(cat.recordId()));
            assertThat(take()).isEmpty();
            f.advance(ofSeconds(5));
        }
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }

    @Test
    void whatKillsItsProcessEachTimeIsParkedToo() {
        done("cat");
        for (int i = 0; i < 3; i++) {
            assertThat(take()).hasSize(1);
            f.crash();
            f.advance(ofMinutes(1));
        }
        assertThat(take()).isEmpty();
        f.run();
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.PARKED);
    }

    @Test
    void aParkedResultIsStillThereForAnExchangeThatAttaches() {
        Exchange cat = f.submit("cat").key("k").forAcceptance().send();
        f.advance(ofMinutes(2));
        take(1, 1, TaskStatus.SUCCEEDED);
        run(f.engine().giveBack(cat.recordId(), 1));
        Exchange again = f.submit("cat").key("k").send();
        assertThat(again.outcome().owned()).isTrue();
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.OWNED);
    }

    @Test
    void anUncertainTaskIsTakenIfItsStatusIsWantedAndStaysUncertain() {
        f.service.on("cat").createLost();
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        assertThat(take()).isEmpty();
        assertThat(take(1, 3, TaskStatus.UNCERTAIN))
                .extracting(GenerationTask::recordId)
                .containsExactly(cat.recordId());
        run(f.engine().acknowledge(cat.recordId()));
        assertThat(take(1, 3, TaskStatus.UNCERTAIN)).isEmpty();
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.UNCERTAIN);
    }

    @Test
    void whatAnExchangeHasIsNotTaken() {
        f.submit("cat").send();
        f.advance(ofMinutes(2));
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.OWNED);
        assertThat(take()).isEmpty();
    }

    @Test
    void aStoppedEngineTakesNothing() {
        done("cat");
        f.engine().stop();
        f.run();
        assertThat(take()).isEmpty();
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }
}
