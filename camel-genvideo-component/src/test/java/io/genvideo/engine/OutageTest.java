/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.trouble;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ScriptedProvider.Call;
import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trouble on the way never ends a task, and never makes things worse for the service (docs/design.md section 4.5). */
class OutageTest {
    private final EngineFixture f = new EngineFixture();

    private List<Exchange> inFlight(int count) {
        List<Exchange> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            f.service.on("t" + i).takes(ofSeconds(45));
            all.add(f.submit("t" + i).maxInFlight(1000).timeout(ofMinutes(60)).send());
        }
        f.advance(ofSeconds(20));
        return all;
    }

    private List<Instant> pollsSince(Instant start) {
        return f.service.calls(Kind.POLL).stream()
                .map(Call::at)
                .filter(at -> !at.isBefore(start))
                .toList();
    }

    private static long mostPerSecond(List<Instant> times) {
        long most = 0;
        for (Instant start : times) {
            most = Math.max(
                    most,
                    times.stream()
                            .filter(t -> !t.isBefore(start) && t.isBefore(start.plusSeconds(1)))
                            .count());
        }
        return most;
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 600})
    void fiveHundredTasksSurviveAnOutageWithAtMostTwoProbesASecond(int seconds) {
        List<Exchange> all = inFlight(500);
        f.service.down(true);
        f.advance(ofSeconds(31)); // until every task has tried once, or waits
        Instant quiet = f.loop.now();
        f.advance(ofSeconds(seconds - 31));
        List<Instant> probes = pollsSince(quiet);
        assertThat(mostPerSecond(probes)).isLessThanOrEqualTo(2);
        assertThat(all).noneMatch(Exchange::isOver);

        f.service.down(false);
        f.advance(ofMinutes(1));
        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
        assertThat(f.service.ledger()).hasSize(500);
        assertThat(f.warnings).filteredOn(w -> w.contains("does not answer")).hasSize(1);
        assertThat(f.warnings).filteredOn(w -> w.contains("answers again")).hasSize(1);
    }

    private void assertOutageIsReportedOnce(int failures) {
        assertThat(f.warnings)
                .filteredOn(w -> w.contains("calls of the journal fail"))
                .singleElement()
                .asString()
                .contains("nothing is sent that is not journalled");
        assertThat(f.warnings)
                .filteredOn(w -> w.contains("the journal works again"))
                .singleElement()
                .asString()
                .contains("calls that failed: " + failures);
        assertThat(f.warnings).filteredOn(w -> w.contains("record ")).hasSize(1);
        assertThat(f.details).hasSize(failures - 1);
    }

    @Test
    void outageOfTheJournalIsReportedOnceHoweverManyExchangesFailWithIt() {
        f.start();
        f.run();
        f.journal.away(true);
        List<Exchange> failed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            failed.add(f.submit("t" + i).send());
            f.advance(ofSeconds(2));
        }
        assertThat(failed).allMatch(Exchange::hasFailed);

        f.journal.away(false);
        f.advance(ofSeconds(30));

        assertOutageIsReportedOnce(20);
        assertThat(f.details).allMatch(d -> d.contains("could not be removed, nothing was sent for it"));
    }

    @Test
    void outageOfTheJournalIsReportedOnceHoweverManyTasksEndInIt() {
        f.start();
        List<Exchange> all = inFlight(50);
        f.journal.away(true);
        f.advance(ofMinutes(2));
        assertThat(all).noneMatch(Exchange::isOver);

        f.journal.away(false);
        f.advance(ofSeconds(30));

        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
        assertThat(f.details).hasSizeGreaterThan(500);
        assertOutageIsReportedOnce(f.details.size() + 1);
    }

    @Test
    void outageOfTheJournalIsReportedAgainEveryFiveMinutes() {
        f.start();
        inFlight(5);
        f.journal.away(true);
        f.advance(ofMinutes(11));

        assertThat(f.warnings)
                .filteredOn(w -> w.contains("calls of the journal fail"))
                .hasSize(3);
        assertThat(f.warnings).noneMatch(w -> w.contains("works again"));
    }

    @Test
    void resultWithoutUsableAddressIsReportedAndPolledOn() {
        f.service.everyPoll(ScriptedProvider.trouble(Trouble.Kind.UNUSABLE_RESULT, null));
        Exchange impatient = f.submit("cat").timeout(ofMinutes(5)).send();
        f.advance(ofMinutes(6));

        assertThat(impatient.failure(GenerationTimeoutException.class)).hasMessageContaining("UNUSABLE_RESULT");
        assertThat(f.warnings).filteredOn(w -> w.contains("UNUSABLE_RESULT")).hasSize(1);
        assertThat(f.warnings).noneMatch(w -> w.contains("does not answer"));

        f.service.everyPoll(null);
        f.advance(ofHours(1));
        assertThat(f.record(impatient).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void theTasksThatWaitedAreSpreadWhenTheServiceIsBack() {
        inFlight(500);
        f.service.down(true);
        f.advance(ofMinutes(5));
        f.service.down(false);
        Instant back = f.loop.now();
        f.advance(ofSeconds(10));
        List<Instant> polls = pollsSince(back);
        assertThat(polls).hasSizeGreaterThanOrEqualTo(500);
        long mostInATenth = polls.stream()
                .mapToLong(start -> polls.stream()
                        .filter(t -> !t.isBefore(start) && t.isBefore(start.plusMillis(100)))
                        .count())
                .max()
                .orElse(0);
        assertThat(mostInATenth).isLessThan(60);
    }

    @Test
    void onlyOneProbeIsUnderWayAlsoWhenAnswersAreSlow() {
        f.service.latency(ofSeconds(20));
        inFlight(50);
        f.advance(ofSeconds(60));
        f.service.down(true);
        f.advance(ofSeconds(60));
        Instant quiet = f.loop.now();
        f.advance(ofMinutes(3));
        List<Instant> probes = pollsSince(quiet);
        for (int i = 1; i < probes.size(); i++) {
            assertThat(Duration.between(probes.get(i - 1), probes.get(i))).isGreaterThanOrEqualTo(ofSeconds(20));
        }
    }

    @Test
    void aProbeThatIsNeverAnsweredDoesNotKeepTheAccountWaiting() {
        List<Exchange> all = inFlight(10);
        f.service.down(true);
        f.advance(ofMinutes(1));
        f.service.everyPoll(null);
        for (int i = 0; i < 10; i++) {
            f.service.on("t" + i).poll(CompletableFuture::new);
        }
        f.advance(ofSeconds(10));
        assertThat(all).noneMatch(Exchange::isOver);
        for (int i = 0; i < 10; i++) {
            f.service.on("t" + i).forgetPolls();
        }
        f.advance(ofMinutes(4));
        assertThat(all.stream().filter(Exchange::isOver)).hasSize(9);
        f.advance(ofMinutes(2));
        assertThat(all).as("a poll that never ends counts as failed").allMatch(Exchange::isOver);
    }

    @Test
    void aProbeWhoseTaskHasEndedMeanwhileIsFollowedByAnother() {
        List<Exchange> all = inFlight(3);
        Exchange foreign = f.await("foreign", ofMinutes(2));
        f.service.down(true);
        f.advance(ofMinutes(1));
        f.service.latency(ofSeconds(30));
        f.advance(ofMinutes(4));
        f.service.latency(Duration.ofMillis(20));
        f.service.down(false);
        f.advance(ofMinutes(2));
        assertThat(foreign.hasFailed()).isTrue();
        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
    }

    @Test
    void anotherAccountIsNotAffected() {
        ScriptedProvider well = new ScriptedProvider(f.loop);
        inFlight(5);
        f.service.down(true);
        f.advance(ofMinutes(1));
        Exchange other = f.submit("cat").account(well.account("second")).send();
        f.advance(ofMinutes(1));
        assertThat(other.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void twoSickTasksAreNotAnOutage() {
        List<Exchange> all = inFlight(5);
        for (int i = 0; i < 20; i++) {
            f.service.on("t0").poll(trouble(Trouble.Kind.UNAVAILABLE, null));
            f.service.on("t1").pollThrows(new IllegalArgumentException("garbage"));
        }
        f.advance(ofSeconds(40));
        assertThat(all.subList(2, 5)).allMatch(Exchange::isOver);
        f.advance(ofMinutes(20));
        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
        assertThat(f.warnings).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Trouble.Kind.class)
    void noKindOfTroubleEndsATask(Trouble.Kind kind) {
        List<Exchange> all = inFlight(10);
        f.service.everyPoll(trouble(kind, null));
        f.advance(ofMinutes(9));
        assertThat(all).noneMatch(Exchange::isOver);
        f.service.everyPoll(null);
        f.advance(ofMinutes(5));
        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
    }

    @Test
    void aRateLimitPausesEveryPollOfTheAccountForItsRetryAfter() {
        inFlight(10);
        f.service.on("t0").poll(trouble(Trouble.Kind.RATE_LIMITED, ofSeconds(40)));
        f.loop.runUntil(() -> !f.warnings.isEmpty(), ofMinutes(1));
        Instant limited = f.loop.now();
        f.advance(ofSeconds(39));
        assertThat(pollsSince(limited.plusMillis(1))).isEmpty();
        f.advance(ofSeconds(10));
        assertThat(pollsSince(limited.plusMillis(1))).hasSizeGreaterThanOrEqualTo(10);
    }

    @Test
    void refusedCredentialsPauseTheAccountWithRareProbes() {
        List<Exchange> all = inFlight(10);
        f.service.everyPoll(trouble(Trouble.Kind.UNAUTHORISED, null));
        f.advance(ofSeconds(30));
        Instant paused = f.loop.now();
        f.advance(ofMinutes(10));
        assertThat(pollsSince(paused)).hasSizeBetween(15, 21);
        assertThat(f.warnings).anyMatch(w -> w.contains("does not accept the credentials"));
        f.service.everyPoll(null);
        f.advance(ofMinutes(1));
        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
    }

    @Test
    void elevenMinutesOfNotFoundLoseNoTask() {
        List<Exchange> all = inFlight(20);
        f.service.everyPoll(trouble(Trouble.Kind.UNKNOWN_TASK, null));
        f.advance(ofMinutes(11));
        f.service.everyPoll(null);
        f.advance(ofMinutes(5));
        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
    }

    @Test
    void aTaskThatTheServiceForgotIsPolledEverMoreSparselyAndParkedAfterWatchFor() {
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(5));
        f.service.everyPoll(trouble(Trouble.Kind.UNKNOWN_TASK, null));
        f.advance(ofHours(24 * 6));
        assertThat(f.record(cat).delivery()).isNotEqualTo(DeliveryState.PARKED);
        assertThat(f.service.calls(Kind.POLL).size()).isLessThan(24 * 6 * 7 + 50);

        f.advance(ofHours(30));
        assertThat(f.record(cat).delivery()).isEqualTo(DeliveryState.PARKED);
        assertThat(f.warnings).anyMatch(w -> w.contains("task-1") && w.contains("not polled any more"));
        int polls = f.service.calls(Kind.POLL).size();
        f.advance(ofMinutes(600));
        assertThat(f.service.calls(Kind.POLL)).hasSize(polls);
    }

    @Test
    void aTaskThatTheServiceRemembersAgainStartsToCountAnew() {
        f.service.on("cat").takes(ofMinutes(60));
        Exchange cat = f.submit("cat").timeout(ofMinutes(120)).send();
        for (int i = 0; i < 3; i++) {
            f.service.everyPoll(trouble(Trouble.Kind.UNKNOWN_TASK, null));
            f.advance(ofMinutes(9));
            f.service.everyPoll(null);
            f.advance(ofMinutes(9));
        }
        f.advance(ofMinutes(60));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aProviderThatBreaksItsContractIsTrouble() {
        Exchange cat = f.submit("cat").send();
        f.service
                .on("cat")
                .poll(() -> CompletableFuture.completedFuture(null))
                .poll(() -> null)
                .poll(() -> {
                    throw new NoClassDefFoundError("gone");
                })
                .poll(new PollOutcome.Pending(TaskStatus.SUCCEEDED, null, null))
                .poll(new PollOutcome.Pending(TaskStatus.RESERVED, null, null));
        f.advance(ofMinutes(5));
        assertThat(cat.task().media()).hasSize(1);
    }
}
