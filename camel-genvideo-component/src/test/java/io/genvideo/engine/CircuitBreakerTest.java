/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.conformance.VirtualLoop;
import io.genvideo.engine.CircuitBreaker.Rules;
import io.genvideo.spi.PollOutcome.Trouble.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both breakers of an account: that of polls, and that of what is sent before a task exists. */
class CircuitBreakerTest {
    private final VirtualLoop loop = new VirtualLoop();
    private final List<String> warnings = new ArrayList<>();
    private final CircuitBreaker polls = breaker(Rules.ofPolls(ofSeconds(2)));
    private final CircuitBreaker sending = breaker(Rules.ofSending());

    private CircuitBreaker breaker(Rules rules) {
        TaskObserver observer = new TaskObserver() {
            @Override
            public void warning(String text) {
                warnings.add(text);
            }
        };
        return new CircuitBreaker(
                "scripted/default", rules, loop, new LimitShares(new OwnerLease(loop)), new Random(1), observer);
    }

    private final class Call implements CircuitBreaker.Call {
        private final String id;
        private final List<Duration> made = new ArrayList<>();
        private boolean waiting = true;

        Call(String id) {
            this.id = id;
        }

        @Override
        public String recordId() {
            return id;
        }

        @Override
        public boolean isWaiting() {
            return waiting;
        }

        @Override
        public void proceed() {
            made.add(loop.elapsed());
        }
    }

    private List<Call> calls(int count) {
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(new Call("r" + i));
        }
        return calls;
    }

    private static void fail(CircuitBreaker breaker, Call call) {
        breaker.failed(call, Kind.UNAVAILABLE, null, "reset");
    }

    /** Opened by calls of five tasks: four go on by their own schedule, the fifth is queued. */
    private List<Call> opened() {
        List<Call> calls = calls(5);
        calls.forEach(call -> fail(polls, call));
        return calls;
    }

    @Test
    void pollsOpenItAfterFiveFailuresOfThreeTasks() {
        List<Call> calls = calls(3);
        for (int i : new int[] {0, 1, 2, 0}) {
            assertThat(polls.failed(calls.get(i), Kind.UNAVAILABLE, null, "reset"))
                    .isFalse();
        }
        assertThat(polls.isOpen()).isFalse();
        assertThat(polls.failed(calls.get(1), Kind.UNAVAILABLE, null, "reset")).isTrue();
        assertThat(polls.isOpen()).isTrue();
        assertThat(warnings).containsExactly("scripted/default does not answer (reset): its tasks wait, none is lost");
    }

    @Test
    void pollsOfTwoTasksNeverOpenIt() {
        List<Call> calls = calls(2);
        for (int i = 0; i < 100; i++) {
            fail(polls, calls.get(i % 2));
        }
        assertThat(polls.isOpen()).isFalse();
    }

    @Test
    void aResponseStartsTheCountAnew() {
        List<Call> calls = calls(9);
        calls.subList(0, 4).forEach(call -> fail(polls, call));
        polls.succeeded();
        calls.subList(4, 8).forEach(call -> fail(polls, call));
        assertThat(polls.isOpen()).isFalse();
    }

    @Test
    void oneUnreachableTaskOpensTheOneOfSending() {
        assertThat(sending.failed(new Call("r"), Kind.UNAVAILABLE, null, "refused"))
                .isTrue();
        assertThat(sending.isOpen()).isTrue();
        assertThat(sending.admits(new Call("next"))).isFalse();
    }

    @Test
    void theNextProbeOfPollsWaitsForTheResponseToTheOneBefore() {
        Call probe = opened().get(4);
        Call next = new Call("next");
        assertThat(polls.admits(next)).isFalse();
        loop.advance(ofSeconds(60));
        assertThat(probe.made).containsExactly(ofMillis(500));
        assertThat(next.made).isEmpty();
        fail(polls, probe);
        loop.advance(ofSeconds(60));
        assertThat(next.made).containsExactly(ofSeconds(61));
    }

    @Test
    void theNextProbeOfSendingWaitsForItsTimeOnly() {
        List<Call> calls = calls(3);
        calls.forEach(call -> fail(sending, call));
        loop.advance(ofMinutes(1));
        assertThat(calls)
                .extracting(call -> call.made)
                .containsExactly(List.of(ofMillis(500)), List.of(ofMillis(1_500)), List.of(ofMillis(3_500)));
    }

    @Test
    void probesAreAtLeastHalfASecondAndAtMostFiveSecondsApart() {
        Call only = new Call("r");
        fail(sending, only);
        for (int probes = 1; probes <= 8; probes++) {
            int expected = probes;
            loop.runUntil(() -> only.made.size() == expected, ofSeconds(5));
            fail(sending, only);
        }
        for (int i = 1; i < only.made.size(); i++) {
            assertThat(only.made.get(i).minus(only.made.get(i - 1))).isBetween(ofMillis(500), ofSeconds(5));
        }
    }

    @Test
    void failuresThatWereInFlightWhenItOpenedStartNoOtherProbe() {
        Call probe = opened().get(4);
        for (Call call : calls(20)) {
            fail(polls, call);
        }
        loop.advance(ofSeconds(30));
        assertThat(probe.made).hasSize(1);
        assertThat(loop.pending()).as("only the probe's own timeout waits").isEqualTo(1);
    }

    @Test
    void aProbeThatIsNeverAnsweredIsFollowedByAnotherAfterTwoMinutes() {
        opened();
        Call next = new Call("next");
        polls.admits(next);
        loop.advance(ofSeconds(120));
        assertThat(next.made).isEmpty();
        loop.advance(ofSeconds(2));
        assertThat(next.made).hasSize(1);
    }

    @Test
    void aResponseClosesItAndSpreadsTheQueuedCalls() {
        opened();
        List<Call> queued = calls(500);
        queued.forEach(polls::admits);
        polls.succeeded();
        assertThat(polls.isOpen()).isFalse();
        loop.advance(ofSeconds(2));
        assertThat(queued).allMatch(call -> call.made.size() == 1);
        assertThat(queued.stream().map(call -> call.made.get(0)).distinct().count())
                .isGreaterThan(100);
        assertThat(warnings).last().asString().startsWith("scripted/default answers again");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBreakerForWhichNoCallWaitsCloses(boolean ofPolls) {
        CircuitBreaker breaker = ofPolls ? polls : sending;
        List<Call> calls = calls(5);
        calls.forEach(call -> fail(breaker, call));
        calls.forEach(call -> call.waiting = false);
        loop.advance(ofSeconds(10));
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.admits(new Call("next"))).isTrue();
        assertThat(calls).allMatch(call -> call.made.isEmpty());
    }

    @Test
    void refusedCredentialsOpenItWithRareProbes() {
        Call call = new Call("r");
        assertThat(polls.failed(call, Kind.UNAUTHORISED, null, "401")).isTrue();
        loop.advance(ofSeconds(29));
        assertThat(call.made).isEmpty();
        loop.advance(ofSeconds(1));
        assertThat(call.made).hasSize(1);
    }

    @Test
    void aRateLimitOpensItForAsLongAsTheServiceAsks() {
        Call call = new Call("r");
        assertThat(polls.failed(call, Kind.RATE_LIMITED, ofSeconds(40), "429")).isTrue();
        polls.succeeded();
        loop.advance(ofMillis(39_999));
        assertThat(call.made).isEmpty();
        loop.advance(ofMillis(100));
        assertThat(call.made).hasSize(1);
    }

    @Test
    void aRateLimitIsMeasuredAndNotReadFromTheClock() {
        polls.failed(new Call("r"), Kind.RATE_LIMITED, ofSeconds(40), "429");
        loop.setClock(Duration.ofDays(-1));
        polls.failed(new Call("s"), Kind.RATE_LIMITED, ofSeconds(10), "429");
        loop.advance(ofSeconds(39));
        assertThat(polls.isOpen()).isTrue();
        loop.advance(ofSeconds(1));
        assertThat(polls.isOpen()).isFalse();
    }
}
