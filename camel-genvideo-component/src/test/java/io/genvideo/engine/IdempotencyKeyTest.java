/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static io.genvideo.engine.ScriptedProvider.paidFailure;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ContentRejectedException;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationFailedException;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.spi.SubmitOutcome.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a second exchange with the same key gets (docs/design.md section 4.3). */
class IdempotencyKeyTest {
    private final EngineFixture f = new EngineFixture();
    private final TaskScript script = f.service.on("cat");

    private EngineFixture.Request cat() {
        return f.submit("cat").key("k");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 10, 30, 50, 70, 5_000, 30_000})
    void whileItIsOpenTheSecondAttachesWhateverThePhase(long millis) {
        Exchange first = cat().send();
        f.advance(Duration.ofMillis(millis));
        Exchange second = cat().send();
        f.advance(ofMinutes(2));

        assertThat(first.task().recordId()).isEqualTo(first.recordId());
        assertThat(second.task()).isEqualTo(first.task());
        assertThat(second.outcome().replayed()).isFalse();
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(f.journal.all()).hasSize(1);
    }

    @Test
    void twoAtTheSameInstantMakeOneTask() {
        List<Exchange> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(cat().queue());
        }
        f.advance(ofMinutes(2));
        assertThat(all).allMatch(e -> e.task().handle().equals("task-1"));
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void twoAtTheSameInstantMakeOneTaskAlsoOnASlowJournal() {
        f.journal.hold();
        Exchange first = cat().send();
        Exchange second = cat().send();
        f.journal.release();
        f.advance(ofMinutes(2));
        assertThat(second.task()).isEqualTo(first.task());
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void afterSuccessTheStoredResultIsReplayed() {
        Exchange first = cat().send();
        f.advance(ofMinutes(2));
        Exchange second = cat().send();

        assertThat(second.task()).isEqualTo(first.task());
        assertThat(second.outcome().replayed()).isTrue();
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void whileItIsUncertainTheSameExceptionComesAndNothingIsSent() {
        script.createLost();
        Exchange first = cat().send();
        f.advance(ofMinutes(1));
        Exchange second = cat().send();

        assertThat(second.failure(UncertainSubmissionException.class).getError())
                .isEqualTo(first.failure(UncertainSubmissionException.class).getError());
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aCreateCallThatWasUnderWayWhenItsProcessEndedIsUncertainToo() {
        script.createHeld();
        cat().send();
        f.advance(ofSeconds(1));
        f.crash();
        Exchange second = cat().send();
        f.advance(ofMinutes(2));

        assertThat(second.failure(UncertainSubmissionException.class).getRecordId())
                .isEqualTo(f.journal.only().recordId());
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aReservationWhoseProcessEndedIsTakenOver() {
        script.takes(ofSeconds(40));
        cat().send();
        f.crash();
        Exchange second = cat().send();
        f.advance(ofMinutes(2));
        assertThat(second.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void anOpenTaskOfAnEarlierProcessIsWatchedAgain() {
        cat().send();
        f.advance(ofSeconds(5));
        f.crash();
        Exchange second = cat().send();
        f.advance(ofMinutes(2));
        assertThat(second.task().handle()).isEqualTo("task-1");
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void anUnpaidFailureIsTriedAgain() {
        script.create(new Refused(error(ErrorCategory.CONTENT_REJECTED, "not today")));
        Exchange first = cat().send();
        f.advance(ofSeconds(1));
        first.failure(ContentRejectedException.class);

        Exchange second = cat().send();
        f.advance(ofMinutes(2));
        assertThat(second.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.record(second).attempt()).isEqualTo(1);
        assertThat(f.service.ledger()).hasSize(1);
    }

    @Test
    void aPaidFailureIsNotPaidTwice() {
        script.failsWith(paidFailure("the model gave up"));
        Exchange first = cat().send();
        f.advance(ofMinutes(2));
        Exchange second = cat().send();
        f.advance(ofMinutes(2));

        assertThat(second.failure(GenerationFailedException.class).getError())
                .isEqualTo(first.failure(GenerationFailedException.class).getError());
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aPaidFailureIsPaidExactlyOnceMoreIfTheRouteSaysSo() {
        script.failsWith(paidFailure("the model gave up"));
        for (int i = 0; i < 5; i++) {
            Exchange exchange = cat().retryFailed(1).send();
            f.advance(ofMinutes(2));
            exchange.failure(GenerationFailedException.class);
        }
        assertThat(f.service.creates()).isEqualTo(2);
        assertThat(f.journal.all()).extracting(r -> r.attempt()).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void anUnpaidFailureDoesNotUseUpAPaidAttempt() {
        script.failsWith(paidFailure("the model gave up"));
        cat().retryFailed(1).send();
        f.advance(ofMinutes(2));
        script.create(new Refused(error(ErrorCategory.CONTENT_REJECTED, "not today")));
        cat().retryFailed(1).send();
        f.advance(ofMinutes(2));
        script.failsWith(null);
        Exchange third = cat().retryFailed(1).send();
        f.advance(ofMinutes(2));
        assertThat(third.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.ledger()).hasSize(2);
    }

    @Test
    void anotherRequestUnderTheSameKeyIsAnError() {
        Exchange first = cat().send();
        Exchange other = f.submit("dog").key("k").send();
        assertThat(other.failure(InvalidGenerationRequestException.class))
                .hasMessageContaining("another request")
                .extracting(InvalidGenerationRequestException::getRecordId)
                .isEqualTo(first.recordId());
        f.advance(ofMinutes(2));
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aKeyCountsForOneAccountAndOneOperation() {
        cat().send();
        cat().account("second").send();
        cat().operation(Operation.IMAGE_TO_VIDEO).send();
        f.advance(ofMinutes(2));
        assertThat(f.service.creates()).isEqualTo(3);
    }

    @Test
    void withoutAKeyEachExchangeHasItsOwnTask() {
        f.submit("cat").send();
        f.submit("cat").send();
        f.advance(ofMinutes(2));
        assertThat(f.service.creates()).isEqualTo(2);
    }

    @Test
    void aTaskThatWasAbandonedFailsEveryExchange() {
        EngineFixture g = new EngineFixture(
                new EngineSettings(ofMinutes(10), ofMinutes(10), ofSeconds(20), ofSeconds(35), ofDays(7), ofDays(90)),
                1);
        g.service.on("cat").takes(ofMinutes(1000));
        g.submit("cat").key("k").timeout(ofMinutes(60)).send();
        g.advance(ofMinutes(30));
        assertThat(g.warnings).anyMatch(w -> w.contains("not polled any more") && w.contains("task-1"));
        Exchange second = g.submit("cat").key("k").send();
        assertThat(second.hasFailed()).isTrue();
        assertThat(g.service.creates()).isEqualTo(1);
    }

    @Test
    void aRedeliveredExchangeWithoutAKeyResumesItsOwnTask() {
        Exchange first = f.submit("cat").timeout(ofSeconds(10)).send();
        f.advance(ofSeconds(20));
        assertThat(first.hasFailed()).isTrue();

        Exchange again = f.submit("cat").resuming(first.recordId()).send();
        f.advance(ofMinutes(2));
        assertThat(again.task().recordId()).isEqualTo(first.recordId());
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aRedeliveredExchangeGetsTheFailureItPaidForAndNotAnotherTask() {
        script.failsWith(paidFailure("the model gave up"));
        Exchange first = f.submit("cat").send();
        f.advance(ofMinutes(2));
        Exchange again = f.submit("cat").resuming(first.recordId()).send();
        again.failure(GenerationFailedException.class);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aRedeliveredExchangeWhoseRecordIsGoneMakesANewOne() {
        Exchange again = f.submit("cat").resuming("gone").send();
        f.advance(ofMinutes(2));
        assertThat(again.task().recordId()).isEqualTo(again.recordId());
        assertThat(f.service.creates()).isEqualTo(1);
    }
}
