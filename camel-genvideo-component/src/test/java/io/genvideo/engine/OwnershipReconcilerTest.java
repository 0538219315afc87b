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
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A living engine takes up what it owns by the journal, and what it does not know. */
class OwnershipReconcilerTest {
    private static final TaskOwner GONE = new TaskOwner("gone", "engine");

    private final EngineFixture f = new EngineFixture(this::spy, EngineSettings.DEFAULT, 1);
    private final JournalSpy journal = f.journal;
    private Losing losing;

    private JournalSpy spy(InstantSource clock) {
        losing = new Losing(new MemoryTaskRepository(clock));
        return new JournalSpy(losing, true);
    }

    /** Claims and discards take effect, and their answers are lost; or discards fail. */
    private static final class Losing extends ForwardingRepository {
        private boolean losesClaims;
        private boolean failsDiscards;

        Losing(TaskRepository real) {
            super(real);
        }

        private <T> T answer(T claimed, boolean isEmpty) {
            if (losesClaims && !isEmpty) {
                losesClaims = false;
                throw new IllegalArgumentException("connection reset");
            }
            return claimed;
        }

        @Override
        public Optional<TaskRecord> claim(String recordId, TaskOwner owner, Duration lease) {
            Optional<TaskRecord> claimed = super.claim(recordId, owner, lease);
            return answer(claimed, claimed.isEmpty());
        }

        @Override
        public List<TaskRecord> claimLapsed(TaskOwner owner, Set<String> accounts, Duration lease, int most) {
            List<TaskRecord> claimed = super.claimLapsed(owner, accounts, lease, most);
            return answer(claimed, claimed.isEmpty());
        }

        @Override
        public List<TaskRecord> claimFinished(FinishedTasks wanted, TaskOwner owner, Duration lease, int most) {
            List<TaskRecord> claimed = super.claimFinished(wanted, owner, lease, most);
            return answer(claimed, claimed.isEmpty());
        }

        @Override
        public void discard(TaskRecord unsent) {
            if (failsDiscards) {
                throw new IllegalArgumentException("disk full");
            }
            super.discard(unsent);
        }
    }

    /** A running task of an engine that is gone. */
    private String left(String prompt) {
        Exchange exchange = f.submit(prompt).key(prompt).send();
        f.advance(ofSeconds(1));
        return exchange.recordId();
    }

    @Test
    void aTaskWhoseClaimsAnswerWasLostIsPolledAgain() {
        f.service.on("cat").takes(ofMinutes(10));
        String recordId = left("cat");
        losing.losesClaims = true;
        f.crash();
        f.advance(ofSeconds(35));
        assertThat(journal.find(recordId).orElseThrow().owner())
                .isEqualTo(f.owner().id());
        assertThat(losing.losesClaims).isFalse();

        f.advance(ofMinutes(15));
        assertThat(journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(f.warnings).anyMatch(w -> w.contains(recordId) && w.contains("taken up"));
    }

    @Test
    void anOutcomeWhoseTakersAnswerWasLostIsOfferedAgain() {
        f.start();
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(2));
        f.engine().settle(cat.task().recordId(), cat.recordId(), false);
        f.run();
        losing.losesClaims = true;
        f.engine().take(ScriptedProvider.NAME, null, Set.of(TaskStatus.SUCCEEDED), 10, 10);
        f.run();
        assertThat(journal.only().delivery()).isEqualTo(DeliveryState.OWNED);

        f.advance(ofMinutes(4));
        assertThat(journal.only().delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }

    @Test
    void aReservationWhoseDiscardFailedFreesItsKey() {
        f.start();
        losing.failsDiscards = true;
        f.service.latency(ofMinutes(1));
        Exchange cat = f.submit("cat").key("k").timeout(ofSeconds(5)).send();
        f.advance(ofSeconds(10));
        assertThat(cat.hasFailed()).isTrue();
        assertThat(journal.only().status()).isEqualTo(TaskStatus.RESERVED);

        losing.failsDiscards = false;
        f.advance(ofMinutes(4));
        assertThat(journal.all()).isEmpty();
    }

    @Test
    void aTaskThatIsOursAgainAfterACutIsWrittenAgain() {
        f.service.on("cat").takes(ofMinutes(20));
        f.start();
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(30));
        takenByAnother();
        f.service.on("cat").poll(new PollOutcome.Pending(TaskStatus.RUNNING, null, "a state to be written"));
        f.loop.runUntil(() -> f.warnings.size() > 0, ofMinutes(5));
        assertThat(f.warnings).anyMatch(w -> w.contains("no longer at version"));
        losing.losesClaims = true;
        journal.release(GONE);
        f.advance(ofMinutes(1));
        assertThat(losing.losesClaims).isFalse();
        assertThat(journal.only().owner()).isEqualTo(f.owner().id());

        f.advance(ofMinutes(25));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aTaskThatEndedWhileItWasAnothersIsReadFromTheServiceAgain() {
        f.service.on("cat").takes(ofMinutes(5));
        f.start();
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(30));
        takenByAnother();
        losing.losesClaims = true;
        journal.release(GONE);
        f.advance(ofMinutes(5));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(journal.only().status()).isEqualTo(TaskStatus.RUNNING);

        f.advance(ofMinutes(5));
        assertThat(journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    private void takenByAnother() {
        journal.release(f.owner());
        journal.claimLapsed(GONE, Set.of(f.account().name()), Duration.ofDays(1), 10);
        assertThat(journal.only().owner()).isEqualTo(GONE.id());
    }

    @Test
    void whatExchangesAndConsumersHaveIsLeftToThem() {
        f.start();
        Exchange waited = f.submit("cat").send();
        Exchange failed = f.submit("dog").send();
        f.advance(ofMinutes(2));
        f.engine().settle(failed.task().recordId(), failed.recordId(), false);
        f.run();
        CompletableFuture<List<GenerationTask>> taken = f.engine()
                .take(ScriptedProvider.NAME, null, Set.of(TaskStatus.SUCCEEDED), 10, 10)
                .toCompletableFuture();
        f.run();
        f.advance(ofMinutes(60));
        assertThat(journal.all()).allMatch(r -> r.delivery() == DeliveryState.OWNED);
        assertThat(waited.outcome().owned()).isTrue();
        assertThat(taken.join()).hasSize(1);
    }

    @Test
    void whatIsKnownIsNotTouched() {
        f.start();
        for (int i = 0; i < 20; i++) {
            f.service.on("t" + i).takes(ofMinutes(30));
            f.submit("t" + i).timeout(ofMinutes(60)).send();
        }
        f.advance(ofMinutes(29));
        assertThat(f.warnings).isEmpty();
        assertThat(journal.all()).allMatch(r -> r.version() <= 3);
    }
}
