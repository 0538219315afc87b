/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static io.genvideo.engine.ScriptedProvider.paidFailure;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationCancelledException;
import io.genvideo.model.GenerationFailedException;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.SubmitOutcome.Refused;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether an outcome has reached a route (docs/design.md section 4.10). */
class DeliveryTest {
    private final EngineFixture f = new EngineFixture();

    private Exchange done() {
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        return cat;
    }

    private DeliveryState delivery() {
        return f.journal.only().delivery();
    }

    private void settle(Exchange exchange, boolean delivered) {
        f.engine().settle(exchange.task().recordId(), exchange.recordId(), delivered);
        f.run();
    }

    @Test
    void aResultIsOwnedByTheExchangeThatWaitedForIt() {
        assertThat(done().outcome().owned()).isTrue();
        assertThat(delivery()).isEqualTo(DeliveryState.OWNED);
    }

    @Test
    void itIsDeliveredOnceTheExchangeReportsSoAndStaysThat() {
        Exchange cat = done();
        settle(cat, true);
        assertThat(delivery()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(f.journal.only().deliveries()).isEqualTo(1);

        settle(cat, false);
        settle(cat, true);
        assertThat(delivery()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(f.journal.only().deliveries()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Paid.class)
    void aFailureIsDeliveredOnceItsExchangeReportsSoWhateverItCost(Paid paid) {
        f.service.on("cat").failsWith(ScriptedProvider.paidFailure("too dark").withPaid(paid));
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(Duration.ofMinutes(10));
        assertThat(cat.hasFailed()).isTrue();
        assertThat(delivery()).isEqualTo(DeliveryState.OWNED);

        f.engine().settle(cat.recordId(), cat.recordId(), true);
        f.run();

        assertThat(delivery()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void itIsAvailableAgainWhenTheExchangeFailed() {
        Exchange cat = done();
        settle(cat, false);
        assertThat(delivery()).isEqualTo(DeliveryState.AVAILABLE);

        Exchange again = f.submit("cat").key("k").send();
        assertThat(again.outcome().owned()).isTrue();
        assertThat(delivery()).isEqualTo(DeliveryState.OWNED);
        settle(again, true);
        assertThat(delivery()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(f.journal.only().deliveries()).isEqualTo(2);
    }

    @Test
    void ofTwoExchangesThatShareATaskTheOneThatCouldUseItCounts() {
        for (boolean first : new boolean[] {true, false}) {
            EngineFixture g = new EngineFixture();
            Exchange a = g.submit("cat").key("k").send();
            Exchange b = g.submit("cat").key("k").send();
            g.advance(ofMinutes(2));
            g.journal.hold();
            g.engine().settle(a.task().recordId(), a.recordId(), first);
            g.engine().settle(b.task().recordId(), b.recordId(), !first);
            g.run();
            g.journal.release();
            g.run();
            assertThat(g.journal.only().delivery()).isEqualTo(DeliveryState.DELIVERED);
        }
    }

    @Test
    void anExchangeThatFailsDoesNotOfferWhatAnotherOneStillWorksWith() {
        Exchange a = f.submit("cat").key("k").send();
        Exchange b = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        settle(a, false);
        settle(a, false);
        assertThat(delivery()).isEqualTo(DeliveryState.OWNED);
        settle(b, false);
        assertThat(delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }

    @Test
    void anExchangeThatTimedOutDoesNotReportForTheOneThatGotTheResult() {
        f.service.on("cat").takes(ofSeconds(60));
        Exchange hasty = f.submit("cat").key("k").timeout(ofSeconds(10)).send();
        Exchange patient = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        hasty.failure(GenerationTimeoutException.class);
        for (boolean delivered : new boolean[] {true, false}) {
            f.engine().settle(patient.task().recordId(), hasty.recordId(), delivered);
            f.run();
            assertThat(delivery()).isEqualTo(DeliveryState.OWNED);
        }
        settle(patient, true);
        assertThat(delivery()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void anExchangeThatFailsDoesNotOfferWhatAnotherEngineStillWorksWith() {
        f.start();
        TaskEngine neighbour = f.neighbour();
        f.submit("cat").key("k").queueAt(neighbour);
        f.advance(ofMinutes(2));
        Exchange here = f.submit("cat").key("k").send();
        settle(here, false);
        assertThat(delivery()).isEqualTo(DeliveryState.OWNED);
    }

    @Test
    void aConsumerAndAnExchangeWithTheSameOutcomeReportForThemselves() {
        Exchange cat = done();
        settle(cat, false);
        f.advance(ofMinutes(6));
        var taken = f.engine()
                .take(ScriptedProvider.NAME, null, Set.of(TaskStatus.SUCCEEDED), 10, 5)
                .toCompletableFuture();
        f.run();
        assertThat(taken.join()).hasSize(1);
        Exchange again = f.submit("cat").key("k").send();
        f.engine().giveBack(cat.recordId(), 5);
        f.run();
        assertThat(delivery()).isEqualTo(DeliveryState.OWNED);
        settle(again, true);
        assertThat(delivery()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void aSettlementIsWrittenAgainUntilTheJournalTakesIt() {
        Exchange cat = done();
        f.journal.failWrites(r -> true, 2);
        settle(cat, true);
        assertThat(delivery()).isEqualTo(DeliveryState.OWNED);
        f.advance(ofSeconds(15));
        assertThat(delivery()).isEqualTo(DeliveryState.DELIVERED);
    }

    /** A fallback route handles the time-out, and is through: that has not delivered the result that comes later. */
    @Test
    void anExchangeThatHasNotReceivedTheOutcomeCannotReportItAsDelivered() {
        f.service.on("cat").takes(ofSeconds(60));
        Exchange cat = f.submit("cat").key("k").timeout(ofSeconds(10)).send();
        f.advance(ofMinutes(2));
        cat.failure(GenerationTimeoutException.class);
        assertThat(delivery()).isEqualTo(DeliveryState.AVAILABLE);

        f.engine().settle(cat.recordId(), cat.recordId(), true);
        f.run();
        assertThat(delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }

    @Test
    void aFailureThatAnExchangeReceivedIsDelivered() {
        f.service.on("cat").failsWith(paidFailure("gave up"));
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(2));
        cat.failure(GenerationFailedException.class);
        f.engine().settle(cat.recordId(), cat.recordId(), true);
        f.run();
        assertThat(delivery()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void settlingWhatIsGoneOrUnfinishedHasNoEffect() {
        boolean[] settled = {false};
        f.engine().settle("gone", "gone", true).thenRun(() -> settled[0] = true);
        f.run();
        assertThat(settled[0]).isTrue();

        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(2));
        f.engine().settle(cat.recordId(), cat.recordId(), true);
        f.run();
        assertThat(delivery()).isEqualTo(DeliveryState.OWNED);
        assertThat(f.journal.only().deliveries()).isZero();
    }

    @Test
    void anUnpaidFailureIsNothingToDeliver() {
        f.service.on("cat").create(new Refused(error(ErrorCategory.CONTENT_REJECTED, "no")));
        f.submit("cat").timeout(ofSeconds(1)).send();
        f.advance(ofMinutes(2));
        assertThat(delivery()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void aPaidFailureThatNobodyReceivedIsAvailable() {
        f.service.on("cat").failsWith(paidFailure("gave up"));
        f.submit("cat").timeout(ofSeconds(10)).send();
        f.advance(ofMinutes(5));
        assertThat(delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }

    @Test
    void anUncertainTaskWaitsForSomebodyToSettleIt() {
        f.service.on("cat").createLost();
        f.submit("cat").send();
        f.advance(ofMinutes(2));
        assertThat(delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }

    @Test
    void aTaskThatWasCancelledAtTheServiceEndsAsThat() {
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(10));
        f.service.cancelAtService("cat");
        f.advance(ofMinutes(2));
        cat.failure(GenerationCancelledException.class);
    }
}
