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

import io.genvideo.engine.ScriptedProvider.ServiceTask;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.Resolution;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.RecoveryOutcome.Found;
import io.genvideo.spi.RecoveryOutcome.Later;
import io.genvideo.spi.RecoveryOutcome.NotCreated;
import io.genvideo.spi.RecoveryOutcome.Unclear;
import io.genvideo.spi.SubmitOutcome.Accepted;
import io.genvideo.spi.SubmitOutcome.Refused;
import io.genvideo.spi.SubmitOutcome.Unknown;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.UnreadableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A create call outlasts its own time-out, its provider is wrongly certain that it has created nothing, and then it is
 * accepted after all. Whatever its record has become meanwhile: the task is journalled, watched and delivered, and the key
 * belongs to it if no other task has the key (docs/design.md section 4.11).
 */
class LateAnswerTest {
    private static final int STORIES_PER_BLOCK = 50;
    /** After the time-out of 30 s and the patience of 10 s; the second call follows half a second later. */
    private static final Duration GIVEN_UP = ofMillis(40_100);

    private final EngineFixture f = new EngineFixture();
    private final TaskScript script = f.service.on("cat");
    private TaskScript.Held first;

    @BeforeEach
    void theFirstCallIsSlow() {
        f.service.everyRecovery(new NotCreated(error(ErrorCategory.SERVICE_UNAVAILABLE, "no such task")));
        first = script.createHeld();
    }

    private EngineFixture.Request cat() {
        return f.submit("cat").key("k");
    }

    private void assertAllChargesAreJournalled() {
        assertThat(f.journal.all().stream().map(TaskRecord::taskId).filter(Objects::nonNull))
                .containsExactlyInAnyOrderElementsOf(
                        f.service.ledger().stream().map(ServiceTask::taskId).toList());
    }

    private TaskRecord journalled(String taskId) {
        return f.journal.findByTaskId(f.account().name(), taskId).orElseThrow();
    }

    private List<GenerationTask> take() {
        var taken = f.engine()
                .take(ScriptedProvider.NAME, null, Set.of(TaskStatus.SUCCEEDED), 10, 5)
                .toCompletableFuture();
        f.run();
        return taken.join();
    }

    /** Sends the request with the key once more: it must get the task and pay nothing. */
    private void assertKeyBelongsTo(String taskId) {
        int creates = f.service.creates();
        Exchange again = cat().send();
        f.advance(ofMinutes(2));
        assertThat(again.task().handle()).isEqualTo(taskId);
        assertThat(f.service.creates()).isEqualTo(creates);
    }

    @Test
    void anAnswerBeforeTheSecondCallTakesItsPlace() {
        Exchange cat = cat().send();
        f.advance(GIVEN_UP);
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.RESERVED);

        first.accept();
        f.advance(ofMinutes(2));

        assertThat(cat.task().handle()).isEqualTo("task-1");
        assertThat(cat.task().recordId()).isEqualTo(cat.recordId());
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.OWNED);
        assertThat(f.engine().accountState(f.account()).limiter().inFlight()).isZero();
    }

    @Test
    void anAnswerWhileTheSecondCallIsAnnouncedTakesItsPlace() {
        Exchange cat = cat().send();
        f.advance(GIVEN_UP);
        f.journal.hold();
        f.advance(ofSeconds(1));
        first.accept();
        f.run();
        f.journal.release();
        f.advance(ofMinutes(2));

        assertThat(cat.task().handle()).isEqualTo("task-1");
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void anAnswerAfterTheSecondCallWasAcceptedGetsARecordOfItsOwn() {
        Exchange cat = cat().send();
        f.advance(GIVEN_UP.plusSeconds(5));
        assertThat(f.service.creates()).isEqualTo(2);
        first.accept();
        f.advance(ofMinutes(3));

        assertThat(cat.task().handle()).isEqualTo("task-1");
        TaskRecord late = journalled("task-2");
        assertThat(late.recordId()).isNotEqualTo(cat.recordId());
        assertThat(late.key()).isNull();
        assertThat(late.reference()).isEqualTo("reference of " + cat.recordId());
        assertThat(late.delivery()).isEqualTo(DeliveryState.AVAILABLE);
        assertThat(take()).extracting(GenerationTask::handle).containsExactly("task-2");
        assertThat(f.warnings).anyMatch(w -> w.contains("task-2") && w.contains(late.recordId()));
        assertAllChargesAreJournalled();
        assertKeyBelongsTo("task-1");
    }

    @Test
    void anAnswerAfterTheResultOfTheSecondCallWasDeliveredGetsARecordOfItsOwn() {
        Exchange cat = cat().send();
        f.advance(ofMinutes(5));
        f.engine().settle(cat.task().recordId(), cat.recordId(), true);
        f.run();
        first.accept();
        f.advance(ofMinutes(2));

        assertThat(f.record(cat).delivery()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(take()).extracting(GenerationTask::handle).containsExactly("task-2");
        assertAllChargesAreJournalled();
    }

    @Test
    void aSecondCallWithoutAnAnswerStaysUncertainBesideTheFirst() {
        TaskScript.Held second = script.createHeld();
        Exchange cat = cat().send();
        f.advance(GIVEN_UP.plusSeconds(5));
        f.service.everyRecovery(new Unclear(error(ErrorCategory.UNCERTAIN_SUBMISSION, "can't tell")));
        first.accept();
        second.answer(new Unknown(error(ErrorCategory.SERVICE_UNAVAILABLE, "reset")));
        f.advance(ofMinutes(2));

        cat.failure(UncertainSubmissionException.class);
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.UNCERTAIN);
        assertThat(take()).extracting(GenerationTask::handle).containsExactly("task-1");
    }

    @Test
    void anAnswerOfTheFirstCallDoesNotSettleAnUncertainSecondOne() {
        TaskScript.Held second = script.createHeld();
        Exchange cat = cat().send();
        f.advance(GIVEN_UP.plusSeconds(5));
        f.service.everyRecovery(new Unclear(error(ErrorCategory.UNCERTAIN_SUBMISSION, "can't tell")));
        second.answer(new Unknown(error(ErrorCategory.SERVICE_UNAVAILABLE, "reset")));
        f.advance(ofSeconds(30));
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.UNCERTAIN);
        first.accept();
        f.advance(ofMinutes(2));

        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.UNCERTAIN);
        assertThat(take()).extracting(GenerationTask::handle).containsExactly("task-1");
    }

    @Test
    void aSecondCallThatWasRefusedLeavesTheKeyToTheFirst() {
        script.create(new Refused(error(ErrorCategory.CONTENT_REJECTED, "no")));
        Exchange cat = cat().send();
        f.advance(ofMinutes(2));
        assertThat(cat.failure(GenvideoException.class).getPaid()).isEqualTo(Paid.NO);
        first.accept();
        f.advance(ofMinutes(2));

        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.FAILED);
        assertKeyBelongsTo("task-1");
        assertAllChargesAreJournalled();
    }

    @Test
    void anAnswerAfterTheExchangeWasSentAgainWithoutAKeyIsReportedAsPaidTwice() {
        script.create(new Refused(error(ErrorCategory.CONTENT_REJECTED, "no")));
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(2));
        assertThat(cat.failure(GenvideoException.class).getPaid()).isEqualTo(Paid.NO);
        Exchange again = f.submit("cat").resuming(cat.recordId()).send();
        f.advance(ofMinutes(2));
        first.accept();
        f.advance(ofMinutes(2));

        assertThat(again.task().handle()).isEqualTo("task-1");
        TaskRecord late = journalled("task-2");
        assertThat(take()).extracting(GenerationTask::handle).containsExactly("task-2");
        assertThat(f.warnings)
                .filteredOn(w -> w.contains("task-2"))
                .singleElement()
                .asString()
                .contains(cat.recordId(), late.recordId(), "it is paid twice");
        assertAllChargesAreJournalled();
    }

    @Test
    void aRecordThatWasForgottenBecauseNobodyWaitedComesBackWithItsKey() {
        Exchange cat = cat().timeout(ofSeconds(20)).send();
        f.advance(ofMinutes(1));
        assertThat(f.journal.all()).isEmpty();
        first.accept();
        f.advance(ofMinutes(2));

        assertThat(f.journal.only().recordId()).isEqualTo(cat.recordId());
        assertThat(take()).extracting(GenerationTask::handle).containsExactly("task-1");
        assertKeyBelongsTo("task-1");
    }

    @Test
    void aPurgedRecordComesBackWithItsKey() {
        f.start();
        script.create(new Refused(error(ErrorCategory.CONTENT_REJECTED, "no")));
        cat().send();
        f.advance(ofDays(100));
        assertThat(f.journal.all()).isEmpty();
        first.accept();
        f.advance(ofMinutes(2));

        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertKeyBelongsTo("task-1");
    }

    @Test
    void theKeyComesBackFromARequestThatWasNotSentYet() {
        cat().timeout(ofSeconds(20)).send();
        f.advance(ofMinutes(1));
        f.service.on("slow").takes(ofMinutes(10));
        f.submit("slow").send();
        f.advance(ofSeconds(1));
        Exchange second = cat().maxInFlight(1).send();
        f.advance(ofSeconds(1));
        first.accept();
        f.advance(ofMinutes(11));

        GenvideoException failure = second.failure(GenvideoException.class);
        assertThat(failure.isRetryable()).isTrue();
        assertThat(failure.getPaid()).as("the key has a task").isEqualTo(Paid.UNKNOWN);
        assertAllChargesAreJournalled();
        assertKeyBelongsTo("task-2");
    }

    @Test
    void aNewRecordOfTheKeyThatWasSentKeepsTheKey() {
        cat().timeout(ofSeconds(20)).send();
        f.advance(ofMinutes(1));
        Exchange second = cat().send();
        f.advance(ofSeconds(2));
        first.accept();
        f.advance(ofMinutes(2));

        assertThat(second.task().handle()).isEqualTo("task-1");
        assertThat(take()).extracting(GenerationTask::handle).containsExactly("task-2");
        assertThat(f.warnings)
                .anyMatch(w -> w.contains("task-2") && w.contains("its key belongs to record " + second.recordId()));
        assertAllChargesAreJournalled();
        assertKeyBelongsTo("task-1");
    }

    @Test
    void aRecordThatAPersonReleasedLeavesTheKeyToTheTask() {
        Exchange cat = uncertain();
        resolve(cat, Resolution.RELEASE, null);
        first.accept();
        f.advance(ofMinutes(2));

        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.FAILED);
        assertKeyBelongsTo("task-1");
    }

    @Test
    void aRecordThatAPersonAbandonedKeepsTheKeyAndTheTaskIsOffered() {
        Exchange cat = uncertain();
        resolve(cat, Resolution.ABANDON, null);
        first.accept();
        f.advance(ofMinutes(2));

        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(take()).extracting(GenerationTask::handle).containsExactly("task-1");
        assertThat(cat().send().failure(GenvideoException.class).getPaid()).isEqualTo(Paid.UNKNOWN);
    }

    @Test
    void aTaskThatAPersonHasAdoptedBeforeHasOneRecord() {
        Exchange cat = uncertain();
        first.accept();
        // the answer is on its way when the person resolves the record
        f.journal.hold();
        f.run();
        TaskRecord adopted = f.record(cat).toBuilder()
                .status(TaskStatus.QUEUED)
                .taskId("task-1")
                .delivery(DeliveryState.AVAILABLE)
                .error(null)
                .owner("machine/other")
                .build();
        f.journal.update(adopted, ofMinutes(1));
        f.journal.release();
        f.run();

        assertThat(f.journal.only()).isEqualTo(adopted);
    }

    @Test
    void aTaskBesideAnotherOneThatAPersonAdoptedHasARecordOfItsOwn() {
        f.service.charge(script);
        Exchange cat = uncertain();
        resolve(cat, Resolution.ADOPT, "task-1");
        first.accept();
        f.advance(ofMinutes(2));

        assertThat(f.record(cat).taskId()).isEqualTo("task-1");
        assertAllChargesAreJournalled();
    }

    @Test
    void theAnswerOfACallWhoseTaskRecoveryHasFoundChangesNothing() {
        f.service.everyRecovery(new Found("task-1", TaskStatus.RUNNING, null, null));
        f.service.charge(script);
        Exchange cat = cat().send();
        f.advance(GIVEN_UP.plusSeconds(1));
        assertThat(f.record(cat).taskId()).isEqualTo("task-1");
        first.answer(new Accepted("task-1", TaskStatus.QUEUED, null, null));
        f.advance(ofMinutes(2));

        assertThat(cat.task().handle()).isEqualTo("task-1");
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aTaskBesideTheOneThatRecoveryHasFoundHasARecordOfItsOwn() {
        f.service.everyRecovery(new Found("task-1", TaskStatus.RUNNING, null, null));
        f.service.charge(script);
        Exchange cat = cat().send();
        f.advance(GIVEN_UP.plusSeconds(1));
        first.accept();
        f.advance(ofMinutes(2));

        assertThat(cat.task().handle()).isEqualTo("task-1");
        assertAllChargesAreJournalled();
        assertKeyBelongsTo("task-1");
    }

    @Test
    void aRecordThatAPersonCancelledBeforeItsSecondCallLeavesTheKeyToTheTask() {
        Exchange cat = cat().maxInFlight(1).send();
        f.advance(GIVEN_UP);
        f.engine().cancel(f.account(), cat.recordId(), CallOptions.DEFAULT, ofMinutes(1));
        f.advance(ofSeconds(1));
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.CANCELLED);
        first.accept();
        f.advance(ofMinutes(2));

        assertKeyBelongsTo("task-1");
    }

    @Test
    void aTaskWhoseRecordANewerVersionHasRewrittenHasARecordOfItsOwn() {
        boolean[] rewritten = {false};
        EngineFixture g = new EngineFixture(
                clock -> new JournalSpy(
                        new ForwardingRepository(new MemoryTaskRepository(clock)) {
                            @Override
                            public Optional<TaskRecord> find(String recordId) {
                                if (rewritten[0]) {
                                    throw new UnreadableRecordException(recordId, "unknown status");
                                }
                                return super.find(recordId);
                            }
                        },
                        true),
                EngineSettings.DEFAULT,
                1);
        g.service.everyRecovery(new Unclear(error(ErrorCategory.UNCERTAIN_SUBMISSION, "can't tell")));
        TaskScript.Held held = g.service.on("cat").createHeld();
        g.submit("cat").key("k").send();
        g.advance(ofMinutes(1));
        rewritten[0] = true;
        held.accept();
        g.advance(ofSeconds(10));

        assertThat(g.journal.findByTaskId(g.account().name(), "task-1")).isPresent();
    }

    @Test
    void aLateAnswerIsWrittenOnceHoweverOftenItsConfirmationIsLost() {
        cat().send();
        f.advance(GIVEN_UP.plusSeconds(5));
        f.journal.loseAnswerOfWrite(TaskStatus.QUEUED);
        f.journal.loseAnswerOfWrite(TaskStatus.QUEUED);
        first.accept();
        f.advance(ofMinutes(3));

        assertThat(f.journal.all()).hasSize(2);
        assertAllChargesAreJournalled();
        assertThat(take()).extracting(GenerationTask::handle).containsExactly("task-2");
    }

    @Test
    void aStopWaitsUntilALateAnswerIsJournalled() {
        uncertain();
        f.journal.failWrites(r -> true, 2);
        first.accept();
        f.run();
        var stopped = f.engine().stop().toCompletableFuture();
        f.advance(ofSeconds(2));
        assertThat(stopped).isNotDone();
        f.advance(ofSeconds(20));
        assertThat(stopped).isDone();
        assertThat(f.journal.only().taskId()).isEqualTo("task-1");
    }

    static LongStream stories() {
        return Stories.blocks(4, STORIES_PER_BLOCK);
    }

    /** Slow answers, wrong recoveries, people who resolve, a journal that fails: every charge has one record in the end. */
    @ParameterizedTest
    @MethodSource("stories")
    void everyChargeHasOneRecordHoweverLateItsAnswerComes(long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + STORIES_PER_BLOCK; seed++) {
            tell(seed);
        }
    }

    private static void tell(long seed) {
        Random random = new Random(seed);
        EngineFixture g = new EngineFixture(EngineSettings.DEFAULT, seed).forgetCalls();
        List<Exchange> sent = new ArrayList<>();
        g.start();
        for (int chapter = 0; chapter < 25; chapter++) {
            switch (random.nextInt(8)) {
                case 0 -> g.journal.failWrites(r -> random.nextInt(3) == 0, 1 + random.nextInt(3));
                case 1 -> g.journal.loseAnswerOfWrite(TaskStatus.QUEUED);
                case 2 -> g.service.everyRecovery(recovery(random));
                case 3 -> resolveSomething(g, random);
                default -> {
                    String key = "k" + random.nextInt(3);
                    g.service.on(key).takes(ofSeconds(random.nextInt(60))).createAfter(ofSeconds(random.nextInt(200)));
                    sent.add(g.submit(key)
                            .key(random.nextInt(4) == 0 ? null : key)
                            .timeout(ofSeconds(5 + random.nextInt(300)))
                            .maxInFlight(1 + random.nextInt(4))
                            .queue());
                }
            }
            g.advance(ofMillis((long) Math.pow(10, 1 + 4 * random.nextDouble())));
        }
        g.journal.heal();
        g.advance(ofHours(3));

        assertThat(sent).as("seed %d: every wait ends", seed).allMatch(Exchange::isOver);
        assertThat(g.journal.all().stream().map(TaskRecord::taskId).filter(Objects::nonNull))
                .as("seed %d: each charge has one record", seed)
                .containsExactlyInAnyOrderElementsOf(
                        g.service.ledger().stream().map(ServiceTask::taskId).toList());
        assertThat(g.journal.all().stream().filter(r -> r.taskId() != null))
                .as("seed %d: each task has ended", seed)
                .allMatch(r -> r.status().isTerminal());
    }

    private static RecoveryOutcome recovery(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new NotCreated(error(ErrorCategory.SERVICE_UNAVAILABLE, "no such task"));
            case 1 -> new Unclear(error(ErrorCategory.UNCERTAIN_SUBMISSION, "can't tell"));
            default -> new Later(error(ErrorCategory.SERVICE_UNAVAILABLE, "later"), null);
        };
    }

    private static void resolveSomething(EngineFixture g, Random random) {
        Resolution resolution = random.nextBoolean() ? Resolution.RELEASE : Resolution.ABANDON;
        g.journal.all().stream()
                .filter(r -> r.status() == TaskStatus.UNCERTAIN)
                .findFirst()
                .ifPresent(r -> g.engine().resolve(g.account(), r.recordId(), resolution, null, ofMinutes(1)));
    }

    private Exchange uncertain() {
        f.service.everyRecovery(new Unclear(error(ErrorCategory.UNCERTAIN_SUBMISSION, "can't tell")));
        Exchange cat = cat().send();
        f.advance(ofMinutes(1));
        cat.failure(UncertainSubmissionException.class);
        return cat;
    }

    private void resolve(Exchange exchange, Resolution resolution, @Nullable String taskId) {
        var resolved = f.engine()
                .resolve(f.account(), exchange.recordId(), resolution, taskId, ofMinutes(1))
                .toCompletableFuture();
        f.advance(ofSeconds(1));
        resolved.join();
    }
}
