/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.PollSchedule.Expectation;
import io.genvideo.engine.ScriptedProvider.ServiceTask;
import io.genvideo.spi.ExpectedTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When a task is looked at (docs/design.md section 4.5), with the numbers of the request budget (section 8). */
class PollScheduleTest {
    private static final Duration FLOOR = ScriptedProvider.POLL_FLOOR;

    private final EngineFixture f = new EngineFixture();

    private List<Duration> looks(String name, Duration expected, Duration takes, Duration interval) {
        f.service.latency(Duration.ZERO);
        f.service.on(name).expected(expected, expected.multipliedBy(2)).takes(takes);
        f.submit(name).pollInterval(interval).timeout(ofHours(10)).send();
        f.advance(takes.multipliedBy(2).plusMinutes(1));
        return f.service.looksAt(name);
    }

    @Test
    void autoLooksEarlyOnceThenSeldomThenAtTheFloor() {
        List<Duration> looks = looks("cat", ofSeconds(60), ofSeconds(80), null);

        assertThat(looks.get(0)).isEqualTo(ofSeconds(1));
        assertThat(looks.stream().filter(l -> l.compareTo(ofSeconds(60)) < 0)).hasSizeLessThanOrEqualTo(10);
        List<Duration> due =
                looks.stream().filter(l -> l.compareTo(ofSeconds(60)) >= 0).toList();
        assertThat(due).hasSizeBetween(10, 12);
        assertThat(looks.get(looks.size() - 1))
                .isBetween(ofSeconds(80), ofSeconds(80).plus(FLOOR));
    }

    @Test
    void afterTheFirstLookTheFloorIsAlwaysKept() {
        for (int takes : new int[] {1, 2, 5, 30, 100, 1000}) {
            List<Duration> looks = looks("t" + takes, ofSeconds(20), ofSeconds(takes), null);
            for (int i = 1; i < looks.size(); i++) {
                assertThat(looks.get(i).minus(looks.get(i - 1))).isGreaterThanOrEqualTo(FLOOR);
            }
        }
    }

    @Test
    void whatIsOverdueIsLookedAtSparsely() {
        List<Duration> looks = looks("cat", ofSeconds(10), ofMinutes(60), null);
        List<Duration> lastHalf =
                looks.stream().filter(l -> l.compareTo(ofMinutes(30)) > 0).toList();
        assertThat(lastHalf).hasSizeBetween(29, 31);
    }

    @Test
    void whatNobodyWaitsForIsLookedAtEvenLess() {
        f.service.on("cat").takes(ofHours(20));
        f.submit("cat").timeout(ofMinutes(1)).send();
        f.advance(ofHours(20).plusMinutes(20));
        assertThat(f.service.looksAt("cat")).hasSizeLessThan(200);
        assertThat(f.journal.only().status().isTerminal()).isTrue();
    }

    @Test
    void afterThreeTasksTheFirstLookIsWhenTheModelCanBeDone() {
        for (int i = 0; i < 3; i++) {
            f.service.on("cat").expected(ofSeconds(5), ofSeconds(500)).takes(ofSeconds(100));
            f.submit("cat").send();
            f.advance(ofMinutes(5));
        }
        int before = f.service.calls(ScriptedProvider.Kind.POLL).size();
        f.submit("cat").send();
        Duration start = f.loop.elapsed();
        f.advance(ofMinutes(5));
        List<ScriptedProvider.Call> looks = f.service.calls(ScriptedProvider.Kind.POLL);
        Duration first =
                Duration.between(VirtualLoop.START, looks.get(before).at()).minus(start);
        assertThat(first).isBetween(ofSeconds(89), ofSeconds(95));
        assertThat(looks.size() - before).isLessThanOrEqualTo(8);
    }

    @Test
    void whatWasSeenDuringAnOutageTeachesNothing() {
        f.service.on("cat").takes(ofSeconds(20));
        List<Exchange> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(f.submit("cat").send());
        }
        f.advance(ofSeconds(10));
        f.service.down(true);
        f.advance(ofMinutes(10));
        f.service.down(false);
        f.advance(ofMinutes(2));
        assertThat(all).allMatch(Exchange::isOver);

        Exchange next = f.submit("cat").send();
        f.advance(ofMinutes(1));
        assertThat(next.isOver()).as("not looked at only after ten minutes").isTrue();
    }

    @Test
    void aModelThatBecameFasterIsNoticedAfterAFewTasks() {
        DurationStatistics measured = new DurationStatistics();
        assertThat(measured.refine("m", new ExpectedTime(ofSeconds(1), ofSeconds(2)))
                        .measured())
                .isFalse();

        f.service.on("cat").takes(ofSeconds(300));
        for (int i = 0; i < 20; i++) {
            f.submit("cat").send();
            f.advance(ofMinutes(10));
        }
        f.service.on("cat").takes(ofSeconds(20));
        for (int i = 0; i < 5; i++) {
            f.submit("cat").send();
            f.advance(ofMinutes(10));
        }
        Exchange next = f.submit("cat").send();
        f.advance(ofSeconds(60));
        assertThat(next.isOver()).isTrue();
    }

    @Test
    void aFixedIntervalIsKeptToTheMillisecond() {
        List<Duration> looks = looks("cat", ofSeconds(60), ofSeconds(20), ofMillis(2500));
        assertThat(looks).hasSize(8).allMatch(l -> l.toMillis() % 2500 == 0);
    }

    @Test
    void anIntervalOfZeroAsksAgainAsSoonAsTheAnswerIsThere() {
        f.service.latency(ofMillis(10));
        f.service.on("cat").takes(ofSeconds(1));
        f.submit("cat").pollInterval(Duration.ZERO).send();
        f.advance(ofSeconds(5));
        assertThat(f.service.looksAt("cat")).hasSizeBetween(95, 105);
    }

    @Test
    void failuresAreSpacedFurtherAndFurtherUpToHalfAMinute() {
        PollSchedule auto = new PollSchedule(null, FLOOR);
        assertThat(List.of(auto.afterFailures(1), auto.afterFailures(3), auto.afterFailures(4), auto.afterFailures(50)))
                .as("the first ones are bad luck")
                .containsExactly(ofSeconds(2), ofSeconds(2), ofSeconds(4), ofSeconds(30));
        assertThat(new PollSchedule(Duration.ZERO, FLOOR).afterFailures(1)).isEqualTo(ofMillis(500));
        assertThat(new PollSchedule(ofMinutes(2), FLOOR).afterFailures(1)).isEqualTo(ofMinutes(2));
    }

    @Test
    void aFirstLookNeverComesBeforeTheModelWasSeenToBeDone() {
        PollSchedule auto = new PollSchedule(null, FLOOR);
        Expectation measured = new Expectation(new ExpectedTime(ofSeconds(50), ofSeconds(80)), true);
        assertThat(auto.first(measured)).isEqualTo(ofSeconds(50));
        assertThat(auto.next(ofSeconds(49), measured)).isEqualTo(ofSeconds(1));
    }

    @Test
    void autoNeedsAtMostSixtyPercentOfTheRequestsOfAFixedScheduleAtNoMoreLag() {
        Spent auto = spend(null, 42);
        Spent fixed = spend(FLOOR, 42);
        double requests = (double) auto.requests() / fixed.requests();
        System.out.printf(
                "request budget, 3000 tasks of 60 s ±20 %%, floor 2 s: auto %d requests, mean lag %d ms; fixed %d, %d ms; %.1f %%%n",
                auto.requests(), auto.lagMillis(), fixed.requests(), fixed.lagMillis(), 100 * requests);
        assertThat(requests).isLessThanOrEqualTo(0.6);
        assertThat(auto.lagMillis()).isLessThanOrEqualTo(fixed.lagMillis() * 102 / 100);
    }

    /** Both schedules lag by half the floor; 2 % is what chance adds to the mean of so many tasks.
     *
     * @param lagMillis from the moment a task is done to the moment its exchange goes on, on average */
    private record Spent(long requests, long lagMillis) {}

    private static Spent spend(Duration interval, long seed) {
        EngineFixture g = new EngineFixture();
        Random random = new Random(seed);
        g.service
                .on("cat")
                .expected(ofSeconds(30), ofSeconds(120))
                .takes(() -> ofMillis(48_000 + random.nextInt(24_000)));
        for (int i = 0; i < 3000; i++) {
            g.submit("cat").pollInterval(interval).maxInFlight(1000).send();
            g.advance(ofSeconds(5));
        }
        g.advance(ofMinutes(10));
        Map<String, Instant> done =
                g.service.ledger().stream().collect(toMap(ServiceTask::taskId, ServiceTask::doneAt));
        long lag = g.finished.stream()
                .mapToLong(t ->
                        Duration.between(done.get(t.handle()), t.finishedAt()).toMillis())
                .sum();
        assertThat(g.finished).hasSize(3000);
        return new Spent(g.service.polls(), lag / 3000);
    }
}
