/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.SubmitOutcome.Deferred;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** State that is journalled with the announcement of a create call, and tasks that share a session of the service. */
class SessionTest {
    private final EngineFixture f = new EngineFixture();

    @BeforeEach
    void sessions() {
        f.service.stateful();
        f.describeAgain();
    }

    private List<String> sent() {
        return f.service.calls(Kind.SUBMIT).stream()
                .map(ScriptedProvider.Call::name)
                .toList();
    }

    @Test
    void preparedStateIsInTheJournalBeforeTheCreateCallIsSent() {
        f.submit("cat").send();
        f.loop.runUntil(() -> f.service.creates() == 1, ofMinutes(1));

        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUBMITTING);
        assertThat(f.journal.only().providerState()).isEqualTo("token-1||");
        assertThat(f.timeline)
                .containsExactly(
                        "reserve RESERVED", "plan cat", "stage cat", "prepare cat", "journal SUBMITTING", "submit cat");
    }

    @Test
    void preparedStateStaysIfTheAcceptanceBringsNone() {
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(2));
        assertThat(f.record(cat).status().isWatched()).isTrue();
        assertThat(f.record(cat).providerState()).isEqualTo("token-1||");
    }

    @Test
    void whatIsSentAgainIsPreparedAgain() {
        f.service.on("cat").create(new Deferred(error(ErrorCategory.RATE_LIMITED, "busy"), ofSeconds(5)));
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(10));
        assertThat(f.record(cat).providerState()).isEqualTo("token-2||");
    }

    @Test
    void aPreparationThatFailsForAMomentIsRepeatedAndHoldsNoPermitMeanwhile() {
        f.service
                .on("cat")
                .prepareFails(error(ErrorCategory.SERVICE_UNAVAILABLE, "away")
                        .withRetryable(true)
                        .toException());
        Exchange cat = f.submit("cat").maxInFlight(1).send();
        f.advance(ofMillis(70));
        Exchange dog = f.submit("dog").maxInFlight(1).send();
        f.advance(ofMinutes(3));

        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(dog.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.record(cat).creates()).as("announced once").isEqualTo(1);
    }

    @Test
    void aPreparationThatIsRefusedEndsUnpaid() {
        f.service
                .on("cat")
                .prepareFails(
                        error(ErrorCategory.INVALID_REQUEST, "no such session").toException());
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(1));
        cat.failure(InvalidGenerationRequestException.class);
        assertThat(f.service.creates()).isZero();
    }

    @Test
    void tasksOfOneSessionFollowOneAnotherByTheirTurns() {
        List<Exchange> all = IntStream.range(0, 5)
                .mapToObj(i -> {
                    f.service.on("s" + i).session("one");
                    return f.submit("s" + i).send();
                })
                .toList();
        f.advance(ofMinutes(10));

        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
        assertThat(sent()).containsExactly("s0", "s1", "s2", "s3", "s4");
        assertThat(f.service.overlaps()).isEmpty();
    }

    @Test
    void theNextOneIsPreparedOnlyAfterTheEndIsInTheJournal() {
        f.service.on("a").session("one");
        f.service.on("b").session("one");
        f.submit("a").send();
        f.submit("b").send();
        f.loop.runUntil(() -> f.service.creates() == 2, ofMinutes(10));
        assertThat(f.timeline.indexOf("journal SUCCEEDED")).isLessThan(f.timeline.indexOf("prepare b"));
    }

    @Test
    void sessionsDoNotHoldUpOneAnotherNorTasksWithout() {
        f.service.on("a").session("one");
        f.service.on("a2").session("one");
        f.service.on("b").session("two");
        for (String name : List.of("a", "a2", "b", "free")) {
            f.submit(name).send();
        }
        f.advance(ofSeconds(5));
        assertThat(sent()).containsExactlyInAnyOrder("a", "b", "free");
    }

    @Test
    void whoeverWaitsForASessionTakesNoPermit() {
        f.service.on("a").session("one");
        f.service.on("a2").session("one");
        f.submit("a").maxInFlight(2).send();
        f.submit("a2").maxInFlight(2).send();
        f.submit("free").maxInFlight(2).send();
        f.advance(ofSeconds(5));
        assertThat(sent()).containsExactlyInAnyOrder("a", "free");
    }

    @Test
    void aSessionIsFreeAgainAfterATimeoutBeforeTheCreateCallAndAfterAFailure() {
        f.service.on("a").session("one").takes(ofMinutes(2));
        f.service.on("hasty").session("one");
        f.service
                .on("refused")
                .session("one")
                .prepareFails(error(ErrorCategory.INVALID_REQUEST, "no").toException());
        f.service.on("last").session("one");
        f.submit("a").send();
        Exchange hasty = f.submit("hasty").timeout(ofSeconds(30)).send();
        f.submit("refused").send();
        Exchange last = f.submit("last").send();
        f.advance(ofMinutes(5));

        hasty.failure(GenerationTimeoutException.class);
        assertThat(last.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(sent()).containsExactly("a", "last");
    }

    @Test
    void anExchangeThatTimesOutDoesNotFreeTheSessionOfItsRunningTask() {
        f.service.on("a").session("one").takes(ofMinutes(10));
        f.service.on("b").session("one");
        f.submit("a").timeout(ofSeconds(30)).send();
        f.submit("b").send();
        f.advance(ofMinutes(5));
        assertThat(sent()).containsExactly("a");
    }

    @Test
    void whatAnEarlierProcessHasLeftHoldsItsSessionAgain() {
        f.service.on("a").session("one").takes(ofMinutes(5));
        f.service.on("b").session("one");
        f.submit("a").key("k").send();
        f.advance(ofSeconds(5));
        f.crash();
        f.advance(ofSeconds(40));
        Exchange b = f.submit("b").send();
        f.advance(ofMinutes(2));
        assertThat(sent()).containsExactly("a");
        f.advance(ofMinutes(6));
        assertThat(b.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.overlaps()).isEmpty();
    }

    @Test
    void aSessionIsNotUsedBeforeWhatAnEarlierProcessHasLeftIsTakenUp() {
        f.service.on("a").session("one").takes(ofMinutes(5));
        f.service.on("b").session("one");
        f.submit("a").key("k").send();
        f.advance(ofSeconds(5));
        f.crash();
        Exchange b = f.submit("b").send();
        f.advance(ofMinutes(10));
        assertThat(b.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.overlaps()).isEmpty();
    }

    @Test
    void aSessionIsNotUsedWhileAnotherNodeWorksInIt() {
        f.start();
        TaskEngine neighbour = f.neighbour();
        f.service.on("a").session("one").takes(ofMinutes(2));
        f.service.on("b").session("one");
        f.submit("a").queueAt(neighbour);
        f.advance(ofSeconds(5));
        Exchange b = f.submit("b").send();
        f.advance(ofMinutes(5));
        assertThat(b.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.overlaps()).isEmpty();
    }

    @Test
    void anUncertainTaskFreesItsSession() {
        f.service.on("a").session("one").createLost();
        f.service.everyRecovery(new RecoveryOutcome.Unclear(error(ErrorCategory.UNCERTAIN_SUBMISSION, "can't tell")));
        f.service.on("b").session("one").takes(ofSeconds(10));
        f.submit("a").send();
        Exchange b = f.submit("b").send();
        f.advance(ofMinutes(2));
        assertThat(b.task().status())
                .as("nobody watches the uncertain one any more; the next one reads the session anew")
                .isEqualTo(TaskStatus.SUCCEEDED);
    }
}
