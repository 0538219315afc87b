/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.conformance.VirtualLoop;
import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.ContentRejectedException;
import io.genvideo.model.CostLimitExceededException;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.Paid;
import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmitOutcome.Accepted;
import io.genvideo.spi.SubmitOutcome.Deferred;
import io.genvideo.spi.SubmitOutcome.NoCapacity;
import io.genvideo.spi.SubmitOutcome.Refused;
import io.genvideo.spi.SubmitOutcome.Stale;
import io.genvideo.spi.SubmitOutcome.Unknown;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer to a create call leads to; only a certain "no" is ever sent again (docs/design.md section 4.2). */
class CreateOutcomesTest {
    private static final GenerationError BUSY =
            error(ErrorCategory.RATE_LIMITED, "too many requests").withRetryable(true);
    private static final GenerationError AWAY =
            error(ErrorCategory.SERVICE_UNAVAILABLE, "no capacity").withRetryable(true);
    private static final GenerationError OLD = error(ErrorCategory.INVALID_REQUEST, "the price list changed");

    private final EngineFixture f = new EngineFixture();
    private final TaskScript script = f.service.on("cat");

    private Exchange cat() {
        return f.submit("cat").key("k").send();
    }

    private List<Duration> createTimes() {
        return f.service.calls(Kind.SUBMIT).stream()
                .map(c -> Duration.between(VirtualLoop.START, c.at()).truncatedTo(ChronoUnit.SECONDS))
                .toList();
    }

    @Test
    void acceptedIsWatchedToItsEnd() {
        script.create(() -> {
            f.service.charge(script);
            return f.service.answer(new Accepted("task-1", TaskStatus.RUNNING, "token", Map.of("ok", true)));
        });
        Exchange cat = cat();
        f.advance(ofSeconds(1));

        TaskRecord accepted = f.record(cat);
        assertThat(accepted.status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(accepted.providerState()).isEqualTo("token");
        assertThat(accepted.raw()).isEqualTo(Map.of("ok", true));
        assertThat(accepted.acceptedAt()).isEqualTo(VirtualLoop.START.plusMillis(60));

        f.advance(ofMinutes(1));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(cat.task().media()).hasSize(1);
        assertThat(cat.outcome().replayed()).isFalse();
        assertThat(f.record(cat).creates()).isEqualTo(1);
    }

    @Test
    void refusedEndsUnpaidAndIsNotSentAgain() {
        script.create(
                new Refused(error(ErrorCategory.CONTENT_REJECTED, "not this").withPaid(Paid.UNKNOWN)));
        Exchange cat = cat();
        f.advance(ofMinutes(10));

        ContentRejectedException failure = cat.failure(ContentRejectedException.class);
        assertThat(failure.getPaid()).isEqualTo(Paid.NO);
        assertThat(failure.getRecordId()).isEqualTo(cat.recordId());
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.FAILED);
        assertThat(f.record(cat).creates()).isEqualTo(1);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void noCapacityIsTriedAgainAfterThirtySecondsIfNoTaskEnds() {
        script.create(new NoCapacity(AWAY, null)).create(new NoCapacity(AWAY, ofSeconds(7)));
        Exchange cat = cat();
        f.advance(ofSeconds(10));
        assertThat(f.record(cat).status()).as("nothing was created").isEqualTo(TaskStatus.RESERVED);
        f.advance(ofMinutes(2));

        assertThat(createTimes()).containsExactly(ofSeconds(0), ofSeconds(30), ofSeconds(37));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.ledger()).hasSize(1);
    }

    @Test
    void noCapacityUntilTheTimeOfTheExchangeIsOverIsUnpaid() {
        for (int i = 0; i < 10; i++) {
            script.create(new NoCapacity(AWAY, null));
        }
        Exchange cat = f.submit("cat").key("k").timeout(ofMinutes(2)).send();
        f.advance(ofMinutes(3));

        assertThat(cat.failure(ServiceUnavailableException.class).getPaid()).isEqualTo(Paid.NO);
        assertThat(f.service.creates()).isEqualTo(4);
        assertThat(f.journal.all()).isEmpty();
    }

    @Test
    void aRateLimitIsWaitedForWithGrowingPausesAndEachSendingIsJournalled() {
        script.create(new Deferred(BUSY, null)).create(new Deferred(BUSY, null)).create(new Deferred(BUSY, null));
        Exchange cat = cat();
        f.advance(ofMinutes(2));

        assertThat(createTimes()).containsExactly(ofSeconds(0), ofSeconds(2), ofSeconds(6), ofSeconds(14));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.record(cat).creates()).isEqualTo(4);
        assertThat(f.service.ledger()).hasSize(1);
    }

    @Test
    void theRetryAfterOfTheServiceIsKept() {
        script.create(new Deferred(BUSY, ofSeconds(45)));
        cat();
        f.advance(ofMinutes(2));
        assertThat(createTimes()).containsExactly(ofSeconds(0), ofSeconds(45));
    }

    @Test
    void aDeferredTaskIsReservedAgainWhileItWaits() {
        script.create(new Deferred(BUSY, ofSeconds(45)));
        Exchange cat = cat();
        f.advance(ofSeconds(10));
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.RESERVED);
    }

    @Test
    void aServiceThatIsAwayIsTriedWithinTheBudgetThenTheTaskFailsUnpaid() {
        for (int i = 0; i < 20; i++) {
            script.create(new Deferred(AWAY, null));
        }
        Exchange cat = cat();
        f.advance(ofMinutes(2));

        assertThat(createTimes())
                .as("in whole seconds")
                .containsExactly(
                        ofSeconds(0),
                        ofSeconds(0),
                        ofSeconds(1),
                        ofSeconds(3),
                        ofSeconds(7),
                        ofSeconds(12),
                        ofSeconds(17));
        assertThat(cat.failure(ServiceUnavailableException.class).getPaid()).isEqualTo(Paid.NO);
        assertThat(f.record(cat).creates()).isEqualTo(7);
    }

    @Test
    void whileAServiceIsAwayOneTaskTriesForAll() {
        for (int i = 0; i < 400; i++) {
            script.create(new Deferred(AWAY, null));
        }
        cat();
        f.advance(ofMillis(100));
        List<Exchange> others = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            others.add(f.submit("cat").send());
        }
        f.advance(ofSeconds(15));
        assertThat(f.service.creates()).as("at most two a second, for 41 tasks").isLessThanOrEqualTo(31);

        script.forgetCreates();
        f.advance(ofMinutes(10));
        assertThat(others).allSatisfy(e -> assertThat(e.task().status()).isEqualTo(TaskStatus.SUCCEEDED));
    }

    @Test
    void aServiceThatIsAwayIsTriedAfterItsRetryAfter() {
        script.create(new Deferred(AWAY, ofSeconds(50)));
        Exchange cat = cat();
        f.advance(ofMinutes(3));
        assertThat(createTimes()).containsExactly(ofSeconds(0), ofSeconds(50));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void preparationIsRepeatedWhileTheServiceIsAway() {
        script.planFails(AWAY.toException()).planFails(AWAY.toException()).stageFails(AWAY.toException());
        Exchange cat = cat();
        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.calls(Kind.PLAN)).hasSize(3);
        assertThat(f.service.calls(Kind.STAGE)).hasSize(2);
    }

    @Test
    void theBudgetStartsAnewOnceTheServiceHasAnswered() {
        script.planFails(AWAY.toException());
        f.service.on("long").takes(ofMinutes(5));
        f.submit("long").send();
        f.advance(ofSeconds(1));
        script.create(new Deferred(AWAY, null));
        Exchange cat = f.submit("cat").maxInFlight(1).send();
        f.advance(ofMinutes(10));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aRequestThatCannotBeRightFailsWithoutACreateCall() {
        script.planFails(error(ErrorCategory.INVALID_REQUEST, "duration 7 is not offered")
                .toException());
        Exchange cat = cat();
        f.advance(ofMinutes(1));
        assertThat(cat.failure(InvalidGenerationRequestException.class)).hasMessageContaining("duration 7");
        assertThat(f.service.creates()).isZero();
    }

    @Test
    void aBugInAProviderFailsTheTaskUnpaid() {
        script.planFails(new ArithmeticException("/ by zero"));
        Exchange cat = cat();
        f.advance(ofMinutes(1));
        assertThat(cat.failure(ServiceUnavailableException.class).getPaid()).isEqualTo(Paid.NO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "9.99", "0"})
    @NullSource
    void anOldPriceListIsReadAgainAndTheSameOrLowerPriceIsSentOnceMore(String fresh) {
        script.price("10").freshPrice(fresh).create(new Stale(OLD));
        Exchange cat = cat();
        f.advance(ofMinutes(2));

        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(2);
        assertThat(f.record(cat).creates()).isEqualTo(2);
        assertThat(f.service.ledger()).hasSize(1);
    }

    @Test
    void aHigherPriceIsRefusedAndNotPaid() {
        script.price("10").freshPrice("12").create(new Stale(OLD));
        Exchange cat = cat();
        f.advance(ofMinutes(2));

        assertThat(cat.failure(CostLimitExceededException.class))
                .hasMessageContaining("from 10 to 12")
                .extracting(CostLimitExceededException::getPaid)
                .isEqualTo(Paid.NO);
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(f.service.ledger()).isEmpty();
    }

    @Test
    void aPriceThatBecomesKnownOnlyWhenReadAgainIsHeldAgainstTheLimit() {
        script.price(null).freshPrice("50").create(new Stale(OLD));
        Exchange cat = f.submit("cat").maxCredits("20").send();
        f.advance(ofMinutes(2));
        assertThat(cat.failure(CostLimitExceededException.class)).hasMessageContaining("50");
        assertThat(f.service.ledger()).isEmpty();
    }

    @Test
    void aPriceAboveTheLimitIsNotSent() {
        script.price("21");
        Exchange cat = f.submit("cat").maxCredits("20").send();
        f.advance(ofMinutes(2));
        assertThat(cat.failure(CostLimitExceededException.class))
                .hasMessageContaining("21")
                .hasMessageContaining("20");
        assertThat(f.service.calls(Kind.STAGE)).isEmpty();
    }

    @Test
    void aPriceListThatIsOldTwiceIsAnError() {
        script.create(new Stale(OLD)).create(new Stale(OLD));
        Exchange cat = cat();
        f.advance(ofMinutes(2));
        assertThat(cat.failure(InvalidGenerationRequestException.class).getPaid())
                .isEqualTo(Paid.NO);
        assertThat(f.service.creates()).isEqualTo(2);
    }

    @Test
    void aLostAnswerIsUncertainAndNeverSentAgain() {
        script.createLost();
        Exchange cat = cat();
        f.advance(ofMinutes(60));
        assertUncertain(cat, "read timed out");
    }

    @Test
    void anExceptionFromTheCreateCallIsUncertainToo() {
        script.createThrows(new IllegalArgumentException("unreadable body"));
        Exchange cat = cat();
        f.advance(ofMinutes(60));
        assertUncertain(cat, "unreadable body");
    }

    @Test
    void anExceptionBeforeTheCreateCallReturnsIsUncertainToo() {
        script.create(() -> {
            throw new IllegalArgumentException("broken provider");
        });
        Exchange cat = cat();
        f.advance(ofMinutes(60));
        assertUncertain(cat, "broken provider");
    }

    @Test
    void aMissingClassInTheMiddleOfACreateCallIsUncertainToo() {
        script.create(() -> {
            throw new NoClassDefFoundError("com/example/Gone");
        });
        Exchange cat = cat();
        f.advance(ofMinutes(60));
        assertUncertain(cat, "com/example/Gone");
    }

    @Test
    void noOutcomeAtAllIsUncertainToo() {
        script.create(() -> CompletableFuture.completedFuture(null));
        Exchange cat = cat();
        f.advance(ofMinutes(60));
        assertUncertain(cat, "no outcome");
    }

    @Test
    void noStageAtAllIsUncertainToo() {
        script.create(() -> null);
        Exchange cat = cat();
        f.advance(ofMinutes(60));
        assertUncertain(cat, "no stage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    @NullSource
    void anAcceptanceWithoutATaskIdIsUncertainToo(String taskId) {
        script.create(new Accepted(taskId, TaskStatus.QUEUED, null, null));
        Exchange cat = cat();
        f.advance(ofMinutes(60));
        assertUncertain(cat, "no task id");
    }

    @Test
    void anAcceptedTaskThatIsDoneAlreadyIsStillPolledForItsResult() {
        script.create(() -> {
            f.service.charge(script);
            return f.service.answer(new Accepted("task-1", TaskStatus.SUCCEEDED, null, null));
        });
        script.takes(Duration.ZERO);
        Exchange cat = cat();
        f.advance(ofMinutes(1));
        assertThat(cat.task().media()).hasSize(1);
    }

    @Test
    void everyAnswerGivesThePlaceOfTheCreateCallBackOrKeepsItWithTheTask() {
        script.create(new Refused(error(ErrorCategory.CONTENT_REJECTED, "no")));
        f.service.on("lost").create(new Unknown(AWAY));
        f.service.on("old").create(new Stale(OLD));
        f.service.on("busy").create(new Deferred(BUSY, null));
        for (String prompt : List.of("cat", "lost", "old", "busy", "last")) {
            f.submit(prompt).maxInFlight(1).send();
        }
        f.advance(ofMinutes(10));
        assertThat(f.finished).hasSize(5);
    }

    private void assertUncertain(Exchange cat, String why) {
        UncertainSubmissionException failure = cat.failure(UncertainSubmissionException.class);
        assertThat(failure).hasMessageContaining(why);
        assertThat(failure.getPaid()).isEqualTo(Paid.UNKNOWN);
        assertThat(failure.isRetryable()).isFalse();
        assertThat(failure.getRecordId()).isEqualTo(cat.recordId());
        assertThat(f.service.creates()).isEqualTo(1);
        TaskRecord record = f.record(cat);
        assertThat(record.status()).isEqualTo(TaskStatus.UNCERTAIN);
        assertThat(record.creates()).isEqualTo(1);
        assertThat(f.warnings).anyMatch(w -> w.contains(cat.recordId()) && w.contains("not sent again"));
        assertThat(record.submittingAt()).isNotNull();
    }

    /** Keeps the sealed types and this test together: a new outcome has to be added here. */
    @Test
    void everyOutcomeIsTested() {
        assertThat(SubmitOutcome.class.getPermittedSubclasses())
                .containsExactlyInAnyOrder(
                        Accepted.class, Refused.class, Deferred.class, NoCapacity.class, Stale.class, Unknown.class);
    }
}
