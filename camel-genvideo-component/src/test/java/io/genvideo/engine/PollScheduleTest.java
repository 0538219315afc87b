/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScheduleSimulation.between;
import static io.genvideo.engine.ScheduleSimulation.mostly;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.genvideo.engine.ScheduleSimulation.Spent;
import io.genvideo.spi.ExpectedTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When a task is polled (docs/design.md section 4.5), with the numbers of the request budget (section 8). */
class PollScheduleTest {
    private static final Duration FLOOR = ScriptedProvider.POLL_FLOOR;
    private static final Duration ROUND_TRIP = ofMillis(40);

    private final EngineFixture f = new EngineFixture();

    private List<Duration> polls(String name, Duration expected, Duration takes, Duration interval) {
        f.service.latency(Duration.ZERO);
        f.service.on(name).expected(expected, expected.multipliedBy(2)).takes(takes);
        f.submit(name).pollInterval(interval).timeout(ofHours(10)).send();
        f.advance(takes.multipliedBy(2).plusMinutes(1));
        return f.service.pollsAt(name);
    }

    @Test
    void autoPollsAtGrowingDistancesUntilTheAnnouncedTimeThenAtTheFloor() {
        List<Duration> polls = polls("cat", ofSeconds(300), ofSeconds(320), null);

        assertThat(polls.get(0)).isEqualTo(FLOOR);
        for (int i = 1; i < polls.size(); i++) {
            Duration age = polls.get(i - 1);
            Duration distance = polls.get(i).minus(age);
            assertThat(distance).isLessThanOrEqualTo(age.compareTo(ofSeconds(24)) < 0 ? FLOOR : age.dividedBy(12));
        }
        assertThat(polls.stream().filter(p -> p.compareTo(ofSeconds(300)) < 0)).hasSizeLessThanOrEqualTo(46);
        assertThat(polls.stream().filter(p -> p.compareTo(ofSeconds(300)) >= 0)).hasSizeBetween(10, 12);
        assertThat(polls.get(polls.size() - 1))
                .isBetween(ofSeconds(320), ofSeconds(320).plus(FLOOR));
    }

    @Test
    void aTaskThatMayBeDoneAtOnceIsPolledAfterASecond() {
        assertThat(polls("cat", Duration.ZERO, ofSeconds(10), null).get(0)).isEqualTo(ofSeconds(1));
    }

    @Test
    void afterTheFirstPollTheFloorIsAlwaysKept() {
        for (int takes : new int[] {1, 2, 5, 30, 100, 1000}) {
            List<Duration> polls = polls("t" + takes, ofSeconds(20), ofSeconds(takes), null);
            for (int i = 1; i < polls.size(); i++) {
                assertThat(polls.get(i).minus(polls.get(i - 1))).isGreaterThanOrEqualTo(FLOOR);
            }
        }
    }

    @Test
    void aTaskThatIsLongOverdueIsPolledEveryMinute() {
        List<Duration> polls = polls("cat", ofSeconds(10), ofMinutes(120), null);
        assertThat(polls.stream().filter(p -> p.compareTo(ofMinutes(60)) > 0 && p.compareTo(ofMinutes(120)) < 0))
                .hasSizeBetween(59, 61);
    }

    @Test
    void aTaskThatNobodyWaitsForIsPolledEvenLess() {
        f.service.on("cat").takes(ofHours(20));
        f.submit("cat").timeout(ofMinutes(1)).send();
        f.advance(ofHours(20).plusMinutes(20));
        assertThat(f.service.pollsAt("cat")).hasSizeLessThan(200);
        assertThat(f.journal.only().status().isTerminal()).isTrue();
    }

    @Test
    void afterThreeTasksFewPollsAreMadeBeforeTheModelCanBeDone() {
        for (int i = 0; i < 3; i++) {
            f.service.on("cat").expected(ofSeconds(5), ofSeconds(500)).takes(ofSeconds(100));
            f.submit("cat").send();
            f.advance(ofMinutes(5));
        }
        int before = f.service.calls(ScriptedProvider.Kind.POLL).size();
        Instant start = f.loop.now();
        f.submit("cat").send();
        f.advance(ofMinutes(5));
        List<Duration> polls = f.service.calls(ScriptedProvider.Kind.POLL).stream()
                .skip(before)
                .map(poll -> Duration.between(start, poll.at()))
                .toList();
        assertThat(polls.stream().filter(p -> p.compareTo(ofSeconds(89)) < 0))
                .as("the distance doubles, in case the model became faster")
                .hasSize(6);
        assertThat(polls).hasSizeLessThanOrEqualTo(14);
    }

    @Test
    void aTaskThatEndsEarlyTeachesTheTasksThatRun() {
        f.service.on("cat").expected(ofHours(2), ofHours(3)).takes(ofMinutes(90));
        f.submit("cat").timeout(ofHours(10)).send();
        f.advance(ofMinutes(60));
        f.service.on("cat").takes(ofSeconds(30));
        f.submit("cat").timeout(ofHours(10)).send();
        f.advance(ofMinutes(10));
        int before = f.service.calls(ScriptedProvider.Kind.POLL).size();
        f.advance(ofMinutes(10));
        assertThat(f.service.calls(ScriptedProvider.Kind.POLL).size() - before)
                .as("the model can be done at any time, so the first task is polled at the floor")
                .isBetween(290, 300);
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
        assertThat(next.isOver()).as("not polled only after ten minutes").isTrue();
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
        List<Duration> polls = polls("cat", ofSeconds(60), ofSeconds(20), ofMillis(2500));
        assertThat(polls).hasSize(8).allMatch(p -> p.toMillis() % 2500 == 0);
    }

    @Test
    void anIntervalOfZeroPollsAgainAsSoonAsTheResponseIsThere() {
        f.service.latency(ofMillis(10));
        f.service.on("cat").takes(ofSeconds(1));
        f.submit("cat").pollInterval(Duration.ZERO).send();
        f.advance(ofSeconds(5));
        assertThat(f.service.pollsAt("cat")).hasSizeBetween(95, 105);
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
    void autoNeedsAtMostSixtyPercentOfTheRequestsOfAFixedScheduleAtNoMoreLag() {
        ScheduleSimulation model = ScheduleSimulation.announced(30, 120, between(48, 72));
        Spent auto = model.steady(2000, null);
        Spent fixed = model.steady(2000, FLOOR);
        assertThat(auto.polls()).isLessThanOrEqualTo(fixed.polls() * 60 / 100);
        assertThat(auto.meanLagMillis())
                .as("both lag by half the floor; 5 %% is what chance adds to the mean of so many tasks")
                .isLessThanOrEqualTo(fixed.meanLagMillis() * 1.05);
    }

    static Stream<Arguments> models() {
        return Stream.of(
                arguments("as announced", ScheduleSimulation.announced(75, 105, between(75, 105))),
                arguments("at 40 % of the announced time", ScheduleSimulation.announced(75, 105, between(30, 45))),
                arguments("at 40 %, long", ScheduleSimulation.announced(300, 420, between(120, 180))),
                arguments("at twice the announced time", ScheduleSimulation.announced(75, 105, between(150, 225))),
                arguments("nothing announced", ScheduleSimulation.announced(0, 600, between(30, 60))),
                arguments(
                        "one of ten slow",
                        ScheduleSimulation.announced(60, 90, mostly(between(60, 90), between(400, 500)))),
                arguments(
                        "one of ten fast",
                        ScheduleSimulation.announced(400, 500, mostly(between(400, 500), between(60, 90)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void nineteenOfTwentyResultsAreFoundWithinAFloorIntervalWhateverWasAnnounced(
            String name, ScheduleSimulation model) {
        long atMost = FLOOR.plus(ROUND_TRIP).toMillis();
        assertThat(model.steady(1000, null).lagMillis(0.95)).isLessThanOrEqualTo(atMost);
        assertThat(model.burst(300, null).lagMillis(0.95)).isLessThanOrEqualTo(atMost);
    }
}
