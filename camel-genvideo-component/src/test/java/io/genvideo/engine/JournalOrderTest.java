/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.conformance.VirtualLoop;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is journalled before what is sent, and what a failing journal does to a task (docs/design.md section 4.1). */
class JournalOrderTest {
    private final EngineFixture f = new EngineFixture();
    private Exchange inFlight;

    @Test
    void eachStepIsJournalledBeforeTheNextOneThatDependsOnIt() {
        f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));

        assertThat(f.timeline.stream().filter(e -> !e.startsWith("poll")))
                .containsExactly(
                        "reserve RESERVED",
                        "plan cat",
                        "stage cat",
                        "journal SUBMITTING",
                        "submit cat",
                        "journal QUEUED",
                        "journal RUNNING",
                        "journal SUCCEEDED");
    }

    @Test
    void theRecordTellsWhenWhatAndForHowMuchBeforeTheCreateCallLeaves() {
        f.service.on("cat").price("12.5").createHeld();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));

        TaskRecord submitting = f.journal.only();
        assertThat(submitting.status()).isEqualTo(TaskStatus.SUBMITTING);
        assertThat(submitting.creates()).isEqualTo(1);
        assertThat(submitting.credits()).isEqualByComparingTo("12.5");
        assertThat(submitting.model()).isEqualTo("model-of-cat");
        assertThat(submitting.submittingAt()).isEqualTo(VirtualLoop.START.plusMillis(40));
        assertThat(submitting.taskId()).isNull();
    }

    @Test
    void aSlowJournalHoldsTheCreateCallBack() {
        f.submit("cat").send();
        f.journal.hold();
        f.advance(ofMinutes(1));
        assertThat(f.service.creates()).isZero();

        f.journal.release();
        f.advance(ofSeconds(1));
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void theServiceGetsNoRequestWhenTheReservationFails() {
        f.journal.failWrites(TaskStatus.RESERVED, 1);
        Exchange cat = f.submit("cat").send();

        assertThat(cat.failure(ServiceUnavailableException.class).getPaid()).isEqualTo(Paid.NO);
        assertThat(f.timeline)
                .as("a reservation that took effect all the same is dropped")
                .containsExactly("discard");
    }

    @Test
    void aFullJournalRefusesWithWhatItHolds() {
        EngineFixture small = new EngineFixture(
                clock -> new JournalSpy(new MemoryTaskRepository(1, clock), false), EngineSettings.DEFAULT, 1);
        small.submit("cat").send();
        Exchange dog = small.submit("dog").send();

        assertThat(dog.failure(ServiceUnavailableException.class))
                .hasMessageContaining("nothing was sent")
                .hasMessageContaining("holds 1 records");
    }

    @Test
    void nothingIsSentWhenTheCreateCallCannotBeJournalled() {
        f.journal.failWrites(TaskStatus.SUBMITTING, 1);
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));

        GenvideoException failure = cat.failure(ServiceUnavailableException.class);
        assertThat(failure.getPaid()).isEqualTo(Paid.NO);
        assertThat(failure.isRetryable()).isTrue();
        assertThat(failure.getRecordId()).isEqualTo(cat.recordId());
        assertThat(f.service.creates()).isZero();
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.FAILED);
    }

    @Test
    void anExchangeFailsUnpaidAtOnceAlsoWhenTheJournalStaysBroken() {
        f.submit("cat").key("k").send();
        f.journal.failWrites(r -> true, Integer.MAX_VALUE);
        Exchange cat = f.submit("cat").timeout(ofMinutes(5)).send();
        assertThat(cat.failure(ServiceUnavailableException.class).getPaid()).isEqualTo(Paid.NO);
        Exchange keyed = f.submit("cat").key("k2").timeout(ofMinutes(5)).send();
        assertThat(keyed.failure(ServiceUnavailableException.class).getPaid())
                .as("whether the key has a task already could not be read")
                .isEqualTo(Paid.UNKNOWN);

        EngineFixture g = new EngineFixture();
        g.journal.failWrites(r -> r.status() != TaskStatus.RESERVED, Integer.MAX_VALUE);
        Exchange dog = g.submit("dog").key("k").timeout(ofMinutes(5)).send();
        g.advance(ofSeconds(1));
        assertThat(dog.failure(ServiceUnavailableException.class).getPaid()).isEqualTo(Paid.NO);
        assertThat(g.service.creates()).isZero();

        g.journal.heal();
        g.advance(ofSeconds(10));
        Exchange again = g.submit("dog").key("k").send();
        g.advance(ofMinutes(2));
        assertThat(again.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(g.service.creates()).isEqualTo(1);
    }

    @Test
    void aKeyIsNotLockedByAnAnnouncementWhoseConfirmationWasLost() {
        f.journal.loseAnswerOfWrite(TaskStatus.SUBMITTING);
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(10));
        assertThat(cat.failure(ServiceUnavailableException.class).getPaid()).isEqualTo(Paid.NO);
        assertThat(f.service.creates()).isZero();

        Exchange again = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        assertThat(again.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void anAcceptanceIsWrittenAgainUntilTheJournalTakesIt() {
        f.journal.failWrites(TaskStatus.QUEUED, 3);
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUBMITTING);
        assertThat(f.warnings).anyMatch(w -> w.contains("task-1") && w.contains("trying again"));

        f.advance(ofSeconds(15));
        assertThat(f.journal.only().taskId()).isEqualTo("task-1");

        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aResultNeverOvertakesAnAcceptanceThatIsStillToBeWritten() {
        f.service.on("cat").takes(ofMillis(500));
        f.journal.failWrites(TaskStatus.QUEUED, 2);
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofMinutes(1));

        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.journal.only().taskId()).isEqualTo("task-1");
        assertThat(f.warnings).noneMatch(w -> w.contains("was written by another engine"));
    }

    @Test
    void aWriteWhoseConfirmationWasLostIsNotTakenForSomebodyElses() {
        f.journal.loseAnswerOfWrite(TaskStatus.QUEUED);
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));

        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.warnings).noneMatch(w -> w.contains("was written by another engine"));
    }

    @Test
    void aWriteThatFailsWithAnyExceptionIsRepeated() {
        int[] closed = {2};
        EngineFixture g = new EngineFixture(
                clock -> new JournalSpy(
                        new ForwardingRepository(new MemoryTaskRepository(clock)) {
                            @Override
                            public void update(TaskRecord next, Duration lease) {
                                if (next.status() == TaskStatus.QUEUED && closed[0]-- > 0) {
                                    throw new IllegalStateException("the connection pool is closed");
                                }
                                super.update(next, lease);
                            }
                        },
                        false),
                EngineSettings.DEFAULT,
                1);
        g.submit("cat").key("k").send();
        g.advance(ofMinutes(2));
        assertThat(g.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void anAnswerThatComesAfterAnotherEngineGaveTheCallUpIsWrittenAllTheSame() {
        TaskScript.Held create = f.service.on("cat").createHeld();
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        f.journal.update(
                f.journal.only().toBuilder()
                        .status(TaskStatus.UNCERTAIN)
                        .error(ScriptedProvider.error(ErrorCategory.UNCERTAIN_SUBMISSION, "another node gave it up"))
                        .delivery(DeliveryState.AVAILABLE)
                        .build(),
                Duration.ZERO);
        create.accept();
        f.advance(ofMinutes(2));

        TaskRecord rescued = f.journal.only();
        assertThat(rescued.taskId()).isEqualTo("task-1");
        assertThat(rescued.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(rescued.delivery()).isEqualTo(DeliveryState.OWNED);
        assertThat(rescued.error()).isNull();

        assertThat(f.warnings).anyMatch(w -> w.contains("task-1") && w.contains("was written by another engine"));
        assertThat(cat.task().handle()).isEqualTo("task-1");
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void anAnswerIsWrittenAlthoughAnotherEngineRemovedTheRecord() {
        Exchange cat = answeredAfterAnotherEngineRemovedTheRecord();

        f.advance(ofMinutes(2));
        assertThat(f.journal.only().taskId()).isEqualTo("task-1");
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(cat.task().handle()).isEqualTo("task-1");
        assertThat(f.warnings).anyMatch(w -> w.contains("task-1") && w.contains("was written by another engine"));

        Exchange again = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        assertThat(again.task().handle()).isEqualTo("task-1");
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void anAnswerIsWrittenWithoutItsKeyIfTheKeyBelongsToAnotherRecordNow() {
        f.service.everyRecovery(notCreated());
        TaskScript.Held create = pausedDuringCreateCall();
        create.accept();
        TaskEngine neighbour = f.neighbour();
        f.advance(ofSeconds(65));
        f.submit("cat").key("k").queueAt(neighbour);
        f.advance(ofMinutes(3));

        assertThat(f.journal.all()).extracting(TaskRecord::taskId).containsExactlyInAnyOrder("task-1", "task-2");
        Exchange again = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        assertThat(again.task().handle()).isEqualTo("task-2");
    }

    @Test
    void anAnswerIsWrittenWhileAnotherEngineIsRecoveringItsCall() {
        f.service.everyRecovery(new RecoveryOutcome.Later(
                ScriptedProvider.error(ErrorCategory.SERVICE_UNAVAILABLE, "not yet"), ofMinutes(2)));
        TaskScript.Held create = pausedDuringCreateCall();
        create.accept();
        f.neighbour();
        f.advance(ofMinutes(30));

        assertThat(f.journal.only().taskId()).isEqualTo("task-1");
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aTaskThatAnotherEngineFoundIsNotOverwrittenByWhoWasAway() {
        f.service.everyRecovery(new RecoveryOutcome.Later(
                ScriptedProvider.error(ErrorCategory.SERVICE_UNAVAILABLE, "not yet"), ofMinutes(5)));
        f.service.on("cat").takes(ofMinutes(2)).createLost();
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        // another engine finds the task, and its process ends
        f.journal.update(
                f.journal.only().toBuilder()
                        .status(TaskStatus.QUEUED)
                        .taskId("task-1")
                        .owner("machine/other")
                        .build(),
                ofSeconds(5));
        f.start();
        f.advance(ofSeconds(11));
        f.service.everyRecovery(notCreated());
        f.advance(ofMinutes(10));

        assertThat(f.journal.only().taskId()).isEqualTo("task-1");
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(cat.task().handle()).isEqualTo("task-1");
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void anAnswerWhoseRecordHasEndedIsWrittenAsARecordOfItsOwnForWhoeverWaits() {
        TaskScript.Held create = f.service.on("cat").createHeld();
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        TaskRecord failed = f.journal.only().toBuilder()
                .status(TaskStatus.FAILED)
                .error(ScriptedProvider.error(ErrorCategory.SERVICE_UNAVAILABLE, "nothing was created")
                        .withPaid(Paid.NO))
                .delivery(DeliveryState.DELIVERED)
                .finishedAt(f.loop.now())
                .build();
        f.journal.update(failed, Duration.ZERO);
        create.accept();
        f.advance(ofMinutes(2));

        assertThat(f.journal.find(failed.recordId())).contains(failed);
        assertThat(cat.task().handle()).isEqualTo("task-1");
        TaskRecord own = f.journal.find(cat.task().recordId()).orElseThrow();
        assertThat(own.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(own.delivery()).isEqualTo(DeliveryState.OWNED);
        assertThat(f.warnings).anyMatch(w -> w.contains("task-1") && w.contains(own.recordId()));
        assertThat(f.submit("cat").key("k").send().task().handle())
                .as("the key belongs to the task")
                .isEqualTo("task-1");
    }

    @Test
    void aLateAnswerWhoseWriteIsNotConfirmedStaysOurs() {
        // the first one is the write that finds no record
        f.journal.loseAnswerOfWrite(TaskStatus.QUEUED);
        f.journal.loseAnswerOfWrite(TaskStatus.QUEUED);
        answeredAfterAnotherEngineRemovedTheRecord();
        f.advance(ofMinutes(2));

        assertThat(f.journal.only().taskId()).isEqualTo("task-1");
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    /** The engine stands still, and its lease ends, while the service has its create call. */
    private TaskScript.Held pausedDuringCreateCall() {
        TaskScript.Held create = f.service.on("cat").createHeld();
        inFlight = f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        f.pause(ofSeconds(90));
        return create;
    }

    private Exchange answeredAfterAnotherEngineRemovedTheRecord() {
        f.service.everyRecovery(notCreated());
        TaskScript.Held create = pausedDuringCreateCall();
        create.accept();
        f.neighbour();
        f.advance(ofSeconds(80));
        assertThat(f.journal.all()).isEmpty();
        return inFlight;
    }

    private static RecoveryOutcome notCreated() {
        return new RecoveryOutcome.NotCreated(
                ScriptedProvider.error(ErrorCategory.SERVICE_UNAVAILABLE, "no task of this request yet"));
    }

    @Test
    void aRecordThatAnotherEngineHasIsNotSentAgainAlsoIfTheCountsOfBothMeet() {
        TaskScript.Held create = f.service.on("cat").createHeld();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        // the other engine has taken the record, and has not said yet what became of the call
        f.journal.update(f.journal.only().toBuilder().owner("machine/other").build(), Duration.ofHours(1));
        create.answer(new SubmitOutcome.Deferred(
                ScriptedProvider.error(ErrorCategory.RATE_LIMITED, "busy"), Duration.ofSeconds(1)));
        f.advance(ofMinutes(2));

        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(f.journal.only().owner()).isEqualTo("machine/other");
    }

    @Test
    void aRefusalIsJournalledBeforeTheExchangeFails() {
        f.service
                .on("cat")
                .create(new SubmitOutcome.Refused(ScriptedProvider.error(ErrorCategory.CONTENT_REJECTED, "not this")));
        Exchange cat = f.submit("cat").send();
        f.advance(ofMillis(50));
        f.journal.hold();
        f.advance(ofMillis(50));
        assertThat(cat.isOver()).isFalse();
        f.journal.release();
        f.run();
        assertThat(cat.hasFailed()).isTrue();
    }

    @Test
    void aRecordThatSomebodyElseAnnouncedIsNeitherSentNorOverwritten() {
        f.submit("cat").key("k").send();
        TaskRecord theirs = f.journal.only().toBuilder()
                .status(TaskStatus.SUBMITTING)
                .creates(1)
                .submittingAt(VirtualLoop.START)
                .build();
        f.journal.update(theirs, Duration.ZERO);
        f.advance(ofMinutes(2));

        assertThat(f.service.creates()).isZero();
        assertThat(f.journal.only()).isEqualTo(theirs);
    }

    @Test
    void anObserverThatThrowsStopsNoTask() {
        TaskObserver broken = new TaskObserver() {
            @Override
            public void accepted(GenerationTask task) {
                throw new IllegalStateException("accepted");
            }

            @Override
            public void progress(TaskProgress progress) {
                throw new IllegalStateException("progress");
            }

            @Override
            public void finished(GenerationTask task) {
                throw new IllegalStateException("finished");
            }

            @Override
            public void warning(String text) {
                throw new IllegalStateException("warning");
            }
        };
        TaskEngine engine = new TaskEngine(
                f.loop,
                f.journal,
                f.owner(),
                JournalExecutors.single(f.journal),
                EngineSettings.DEFAULT,
                broken,
                new Random(1),
                Runnable::run);
        f.journal.failWrites(TaskStatus.QUEUED, 1);
        Exchange cat = new Exchange("r", engine.submit(f.submit("cat").submission("r")));
        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
}
