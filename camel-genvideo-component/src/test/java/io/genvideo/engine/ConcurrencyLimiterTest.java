/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static io.genvideo.engine.ScriptedProvider.paidFailure;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ScriptedProvider.Call;
import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.SubmitOutcome.Deferred;
import io.genvideo.spi.SubmitOutcome.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many tasks of an account are in flight, in which sequence they get there, and when they make room. */
class ConcurrencyLimiterTest {
    private final EngineFixture f = new EngineFixture();

    private List<Exchange> send(int count, int maxInFlight) {
        return IntStream.range(0, count)
                .mapToObj(i -> f.submit("t" + i).maxInFlight(maxInFlight).send())
                .toList();
    }

    private List<String> sent() {
        return f.service.calls(Kind.SUBMIT).stream().map(Call::name).toList();
    }

    private long inFlight() {
        return f.service.ledger().stream()
                .filter(t -> f.loop.now().isBefore(t.doneAt()))
                .count();
    }

    @Test
    void neverMoreThanTheLimitAreAtTheServiceAndTheFirstComesFirst() {
        List<Exchange> all = send(30, 5);
        for (int i = 0; i < 600; i++) {
            f.advance(ofSeconds(1));
            assertThat(inFlight()).isLessThanOrEqualTo(5);
        }
        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
        assertThat(sent())
                .containsExactlyElementsOf(
                        IntStream.range(0, 30).mapToObj(i -> "t" + i).toList());
    }

    @Test
    void everyEndMakesRoom() {
        f.service.on("t0").failsWith(paidFailure("gave up"));
        f.service.on("t1").create(new Refused(error(ErrorCategory.CONTENT_REJECTED, "no")));
        f.service.on("t2").createLost();
        f.service.on("t3").createThrows(new IllegalArgumentException("garbage"));
        f.service.on("t4").planFails(new IllegalArgumentException("bug"));
        List<Exchange> all = send(7, 1);
        f.advance(ofMinutes(5));
        assertThat(all).allMatch(Exchange::isOver);
        assertThat(all.get(5).task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(all.get(6).task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aJournalThatRefusesTheAnnouncementMakesRoom() {
        f.journal.failWrites(TaskStatus.SUBMITTING, 1);
        List<Exchange> all = send(2, 1);
        f.advance(ofMinutes(2));
        assertThat(all.get(1).task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aTaskThatTakesLongerThanItsExchangeWaitsMakesRoom() {
        f.service.on("slow").takes(ofMinutes(600));
        f.submit("slow").maxInFlight(1).timeout(ofMinutes(1)).send();
        Exchange next = f.submit("next").maxInFlight(1).send();
        f.advance(ofMinutes(5));
        assertThat(next.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aTaskOfUnknownStatusGivesItsPermitBackToo() {
        for (int i = 0; i < 100; i++) {
            f.service.on("sick").poll(ScriptedProvider.trouble(Trouble.Kind.UNAVAILABLE, null));
        }
        f.submit("sick").maxInFlight(1).timeout(ofMinutes(1)).send();
        Exchange next = f.submit("next").maxInFlight(1).send();
        f.advance(ofMinutes(5));
        assertThat(next.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aTaskWhoseProcessEndedTakesAPermitWhenItIsWatchedAgain() {
        f.service.on("old").takes(ofMinutes(3));
        f.submit("old").key("k").send();
        f.advance(ofSeconds(1));
        f.crash();
        f.submit("old").key("k").maxInFlight(1).send();
        f.advance(ofSeconds(40));
        Exchange next = f.submit("next").maxInFlight(1).send();
        f.advance(ofMinutes(2));
        assertThat(f.service.creates()).isEqualTo(1);
        f.advance(ofMinutes(5));
        assertThat(next.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void accountsDoNotShareTheirPlaces() {
        f.submit("a").maxInFlight(1).send();
        f.submit("b").account("second").maxInFlight(1).send();
        f.advance(ofSeconds(1));
        assertThat(f.service.creates()).isEqualTo(2);
    }

    @Test
    void aSlowDownHoldsEveryCreateCallOfTheAccountAndKeepsTheSequence() {
        f.service.on("t0").create(new Deferred(error(ErrorCategory.RATE_LIMITED, "busy"), ofSeconds(20)));
        f.submit("t0").send();
        f.advance(ofSeconds(1));
        f.submit("t1").send();
        f.submit("other").account("second").send();
        f.advance(ofSeconds(18));
        assertThat(sent()).containsExactly("t0", "other");
        f.advance(ofSeconds(5));
        assertThat(sent()).containsExactly("t0", "other", "t0", "t1");
    }

    @Test
    void manyRefusalsAtOnceAreOneReasonToSlowDown() {
        for (int i = 0; i < 50; i++) {
            f.service.on("t" + i).create(new Deferred(error(ErrorCategory.RATE_LIMITED, "busy"), null));
        }
        send(50, 100);
        f.advance(ofSeconds(3));
        assertThat(sent()).hasSize(100);
    }

    @Test
    void aLongerRetryAfterThatComesLaterCounts() {
        f.service.on("a").create(new Deferred(error(ErrorCategory.RATE_LIMITED, "busy"), ofSeconds(5)));
        f.service.on("b").create(new Deferred(error(ErrorCategory.RATE_LIMITED, "busy"), ofSeconds(30)));
        f.submit("a").send();
        f.submit("b").send();
        f.advance(ofSeconds(29));
        assertThat(f.service.creates()).isEqualTo(2);
        f.advance(ofSeconds(5));
        assertThat(f.service.creates()).isEqualTo(4);
    }

    @Test
    void whoeverLeavesTheQueueDoesNotHoldItUp() {
        f.service.on("slow").takes(ofMinutes(2));
        f.submit("slow").maxInFlight(1).send();
        List<Exchange> hasty = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            hasty.add(
                    f.submit("hasty" + i).maxInFlight(1).timeout(ofSeconds(30)).send());
        }
        Exchange patient = f.submit("patient").maxInFlight(1).send();
        f.advance(Duration.ofMinutes(4));
        assertThat(hasty).allMatch(Exchange::hasFailed);
        assertThat(patient.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(sent()).containsExactly("slow", "patient");
    }
}
