/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.paidFailure;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.model.WaitReleasedException;
import io.genvideo.spi.TaskRecord;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ended process left in the journal is continued (docs/design.md sections 4.1, 4.8, 4.10 and 4.11). */
class RestartTest {
    private final EngineFixture f = new EngineFixture();

    private List<GenerationTask> taken() {
        var taken = f.engine()
                .take("scripted", null, Set.of(TaskStatus.SUCCEEDED, TaskStatus.FAILED), 10, 10)
                .toCompletableFuture();
        f.run();
        return taken.join();
    }

    @Test
    void anOpenTaskIsWatchedAgainWithoutAnExchange() {
        f.submit("cat").send();
        f.advance(ofSeconds(5));
        f.crash();
        f.advance(ofMinutes(2));

        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.journal.only().delivery()).isEqualTo(DeliveryState.AVAILABLE);
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(taken()).extracting(GenerationTask::handle).containsExactly("task-1");
    }

    @Test
    void anExchangeThatComesBackBringsThePollIntervalOfItsEndpoint() {
        f.service.on("cat").expected(ofMinutes(1), ofMinutes(5)).takes(ofMinutes(2));
        f.submit("cat").key("k").pollInterval(ofMillis(500)).send();
        f.advance(ofSeconds(5));
        f.crash();
        f.advance(ofSeconds(95));
        int before = f.service.calls(ScriptedProvider.Kind.POLL).size();
        Exchange again = f.submit("cat").key("k").pollInterval(ofMillis(500)).send();
        f.advance(ofSeconds(10));
        assertThat(f.service.calls(ScriptedProvider.Kind.POLL).size() - before).isBetween(18, 22);
        f.advance(ofSeconds(11));
        assertThat(again.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aTaskThatTakesFourSecondsIsFoundWithinOneFloorInterval() {
        f.service.on("cat").expected(ofMinutes(1), ofMinutes(5)).takes(ofSeconds(4));
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(4).plus(ScriptedProvider.POLL_FLOOR).plusMillis(500));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void theShortestIntervalOfThoseWhoWaitCounts() {
        f.service.on("cat").takes(ofMinutes(10));
        f.submit("cat").key("k").pollInterval(ofMinutes(5)).send();
        f.advance(ofSeconds(5));
        assertThat(f.service.calls(ScriptedProvider.Kind.POLL)).isEmpty();
        f.submit("cat").key("k").pollInterval(ofSeconds(1)).send();
        f.submit("cat").key("k").pollInterval(ofSeconds(30)).send();
        f.advance(ofSeconds(10));
        assertThat(f.service.calls(ScriptedProvider.Kind.POLL)).hasSizeBetween(9, 11);
    }

    @Test
    void manyOpenTasksAreAllWatchedAgainWithoutAStorm() {
        for (int i = 0; i < 1200; i++) {
            f.submit("cat " + i).maxInFlight(2000).send();
        }
        f.advance(ofSeconds(5));
        f.crash();
        f.advance(ofMinutes(20));
        assertThat(f.journal.all()).hasSize(1200).allMatch(r -> r.status() == TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(1200);
    }

    @Test
    void theFirstPollsOfTenThousandOpenTasksAreSpread() {
        int tasks = 10_000;
        f.forgetCalls();
        f.service.on("cat").takes(ofHours(3));
        for (int i = 0; i < tasks; i++) {
            f.submit("cat")
                    .key("k" + i)
                    .maxInFlight(tasks)
                    .pollInterval(ofHours(1))
                    .queue();
        }
        f.advance(ofMinutes(40));
        f.crash();
        long before = f.service.polls();
        long seen = before;
        long most = 0;
        for (int second = 0; second < 75; second++) {
            f.advance(ofSeconds(1));
            most = Math.max(most, f.service.polls() - seen);
            seen = f.service.polls();
        }
        assertThat(seen - before).isEqualTo(tasks);
        assertThat(most).as("polls in one second").isBetween(450L, 600L);
    }

    @Test
    void aCreateCallWithoutAnswerBecomesUncertainAndIsOffered() {
        f.service.on("cat").createHeld();
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        f.crash();
        f.advance(ofMinutes(2));

        TaskRecord uncertain = f.journal.only();
        assertThat(uncertain.status()).isEqualTo(TaskStatus.UNCERTAIN);
        assertThat(uncertain.delivery()).isEqualTo(DeliveryState.AVAILABLE);
        assertThat(f.warnings).filteredOn(w -> w.contains(cat.recordId())).isNotEmpty();
        Exchange again = f.submit("cat").key("k").send();
        again.failure(UncertainSubmissionException.class);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aReservationFreesItsKey() {
        f.submit("cat").key("k").send();
        f.crash();
        f.advance(ofSeconds(45));
        assertThat(f.journal.all()).isEmpty();
        assertThat(f.service.creates()).isZero();
    }

    @Test
    void theAnswerOfACreateCallIsNotWaitedForByOthersBeforeItsTimeIsOver() {
        f.service.on("cat").createHeld();
        f.submit("cat").send();
        f.advance(ofSeconds(1));
        f.crash();
        f.advance(ofSeconds(45));
        assertThat(f.journal.only().status())
                .as("the request may take 30 s, and the lease outlasts it")
                .isEqualTo(TaskStatus.SUBMITTING);
        f.advance(ofSeconds(30));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.UNCERTAIN);
    }

    @Test
    void aResultWhoseExchangeDiedIsOfferedAfterItsSourceHadTimeToComeBack() {
        Exchange keyed = f.submit("keyed").key("k").send();
        Exchange free = f.submit("free").send();
        f.advance(ofMinutes(2));
        assertThat(f.journal.all()).allMatch(r -> r.delivery() == DeliveryState.OWNED);
        f.crash();
        f.advance(ofMinutes(1));

        assertThat(taken()).extracting(GenerationTask::recordId).containsExactly(free.recordId());
        f.advance(ofMinutes(5));
        assertThat(taken()).extracting(GenerationTask::recordId).containsExactly(keyed.recordId());
    }

    @Test
    void theSourceThatComesBackInTimeGetsItAndTheConsumerDoesNot() {
        Exchange first = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        f.crash();
        f.advance(ofMinutes(1));
        Exchange second = f.submit("cat").key("k").send();
        assertThat(second.task().recordId()).isEqualTo(first.recordId());
        assertThat(second.outcome().owned()).isTrue();
        f.engine().settle(first.recordId(), first.recordId(), true);
        f.advance(ofMinutes(10));
        assertThat(taken()).isEmpty();
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void tasksWhoseCredentialsAreMissingWaitForThemAndAreLogged() {
        f.submit("cat").account("other").send();
        f.advance(ofSeconds(5));
        f.crash();
        f.advance(ofMinutes(5));
        assertThat(f.journal.only().status().isWatched()).isTrue();
        assertThat(f.warnings).anyMatch(w -> w.contains("scripted/other") && w.contains("credentials missing"));

        f.engine().use(f.service.account("other"));
        f.advance(ofMinutes(2));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void anUnattendedTaskIsOfferedAtOnceWhenItIsDone() {
        f.submit("cat").key("k").forAcceptance().send();
        f.advance(ofSeconds(5));
        f.crash();
        f.advance(ofMinutes(2));
        assertThat(taken()).hasSize(1);
    }

    @Test
    void aStopLeavesTheJournalToTheNextEngineAtOnce() {
        f.submit("cat").send();
        f.advance(ofSeconds(5));
        f.engine().stop();
        f.run();
        f.engine().release();
        f.run();
        f.crash();
        f.run();
        int polls = f.service.calls(ScriptedProvider.Kind.POLL).size();
        f.advance(ofSeconds(1));
        assertThat(f.service.calls(ScriptedProvider.Kind.POLL).size()).isGreaterThan(polls);
    }

    @Test
    void aLivingEngineKeepsWhatItWatches() {
        f.start();
        f.service.on("cat").takes(ofHours(1));
        Exchange cat = f.submit("cat").timeout(ofHours(2)).send();
        f.neighbour();
        f.advance(ofHours(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.record(cat).owner()).isEqualTo(f.owner().id());
    }

    @Test
    void anExchangeThatComesElsewhereGetsTheResultOfTheLivingEngine() {
        f.start();
        TaskEngine neighbour = f.neighbour();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(5));
        Exchange there = f.submit("cat").key("k").queueAt(neighbour);
        f.advance(ofMinutes(2));

        assertThat(there.task().handle()).isEqualTo("task-1");
        assertThat(f.service.creates()).isEqualTo(1);
        assertThat(f.service.ledger()).hasSize(1);
    }

    @Test
    void anExchangeThatComesElsewhereWaitsNoLongerThanItWantsTo() {
        f.start();
        f.service.on("cat").takes(ofHours(1));
        TaskEngine neighbour = f.neighbour();
        f.submit("cat").key("k").timeout(ofHours(2)).send();
        f.advance(ofSeconds(5));
        Exchange there = f.submit("cat").key("k").timeout(ofMinutes(1)).queueAt(neighbour);
        f.advance(ofMinutes(2));
        assertThat(there.failure(GenerationTimeoutException.class).getHandle()).isEqualTo("task-1");
    }

    @Test
    void anExchangeThatWaitsForALostEngineTakesItsTaskOverInTime() {
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(5));
        f.crash();
        Exchange again = f.submit("cat").key("k").timeout(ofMinutes(3)).send();
        f.advance(ofSeconds(10));
        assertThat(again.isOver()).isFalse();
        f.advance(ofMinutes(2));
        assertThat(again.task().handle()).isEqualTo("task-1");
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aStopReleasesThoseThatWaitForALostEngineToo() {
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(5));
        f.crash();
        Exchange again = f.submit("cat").key("k").send();
        f.advance(ofSeconds(5));
        f.engine().stop();
        f.run();
        again.failure(WaitReleasedException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 30, 61, 100, 5_000, 39_000, 50_000})
    void whereverItCrashesARequestIsPaidOnce(long millis) {
        Exchange first = f.submit("cat").key("k").send();
        f.advance(ofMillis(millis));
        f.crash();
        Exchange second = f.submit("cat").key("k").send();
        f.advance(ofMinutes(5));

        assertThat(first.isOver() || second.isOver()).isTrue();
        assertThat(f.service.ledger()).hasSize(1);
        boolean uncertain = f.journal.all().stream().anyMatch(r -> r.status() == TaskStatus.UNCERTAIN);
        if (!uncertain) {
            assertThat(second.task().handle()).isEqualTo("task-1");
        }
    }

    @Test
    void aPaidFailureWhoseExchangeDiedIsOfferedToo() {
        f.service.on("cat").failsWith(paidFailure("gave up"));
        f.submit("cat").send();
        f.advance(ofSeconds(5));
        f.crash();
        f.advance(ofMinutes(3));
        assertThat(taken()).extracting(GenerationTask::status).containsExactly(TaskStatus.FAILED);
    }
}
