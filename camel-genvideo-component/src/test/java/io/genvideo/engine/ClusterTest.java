/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.conformance.VirtualLoop;
import io.genvideo.engine.ClusterFixture.Node;
import io.genvideo.engine.ScriptedProvider.Call;
import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskRecord;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What several engines over one journal owe the service and each other (docs/design.md section 4.11). */
class ClusterTest {
    private static final int ALLOWED = 8;
    private static final Duration LONG = ofMinutes(10);

    private final ClusterFixture f = new ClusterFixture(null, 1);

    @AfterEach
    void close() throws SQLException {
        f.close();
    }

    private List<Exchange> submit(Node node, int tasks, Duration takes) {
        return IntStream.range(0, tasks)
                .mapToObj(i -> node.submit(takes, ALLOWED))
                .toList();
    }

    private long pollsOf(String name, Instant since) {
        return f.service.calls(Kind.POLL).stream()
                .filter(c -> c.name().equals(name) && c.at().isAfter(since))
                .count();
    }

    private static Instant at(Duration elapsed) {
        return VirtualLoop.START.plus(elapsed);
    }

    private static GenerationError error(ErrorCategory category) {
        return GenerationError.of(category, ScriptedProvider.NAME, "slow down").withRetryable(true);
    }

    // ---------------------------------------------------------------- hints

    @Test
    void aWebhookThatReachesAnotherNodeMakesTheOwnerPollWithinThreeSeconds() {
        Node owner = f.join();
        Node other = f.join();
        f.advance(ofSeconds(15));
        f.service.on("cat").expected(ofMinutes(30), ofMinutes(30));
        Exchange cat = owner.submit("cat", ofSeconds(40), ALLOWED, ofHours(1));
        f.advance(ofSeconds(41));
        assertThat(cat.isOver()).isFalse();
        other.engine.hint(ScriptedProvider.NAME, f.service.task("cat").taskId());
        f.advance(ofSeconds(3));
        assertThat(cat.isOver()).isTrue();
    }

    @Test
    void aWebhookOnlyMakesTheOwnerPoll() {
        Node owner = f.join();
        Node other = f.join();
        f.advance(ofSeconds(15));
        f.service.on("cat").expected(ofMinutes(30), ofMinutes(30));
        Exchange cat = owner.submit("cat", ofMinutes(20), ALLOWED, ofHours(1));
        f.advance(ofMinutes(1));
        Instant before = at(f.loop.elapsed());
        other.engine.hint(ScriptedProvider.NAME, f.service.task("cat").taskId());
        f.advance(ofSeconds(4));
        assertThat(pollsOf("cat", before)).isEqualTo(1);
        assertThat(cat.isOver()).isFalse();
    }

    /** Whoever sends webhooks is outside, and sends as many as it likes. */
    @Test
    void aDatabaseThatIsAwayIsNamedOnceHoweverManyWebhooksCome() {
        Node node = f.join();
        f.advance(ofSeconds(15));
        node.cutOff(true);
        for (int i = 0; i < 1_000; i++) {
            node.engine.hint(ScriptedProvider.NAME, "task " + i);
            f.advance(ofMillis(1));
        }
        assertThat(node.warnings).filteredOn(w -> w.contains("announcement")).hasSize(1);
        node.cutOff(false);
    }

    // ---------------------------------------------------------------- maxInFlight

    @Test
    void twoNodesTogetherHaveNoMoreInFlightThanAllowed() {
        Node here = f.join();
        Node there = f.join();
        submit(here, 20, ofMinutes(2));
        submit(there, 20, ofMinutes(2));
        f.advance(ofSeconds(30));
        assertThat(f.atWork()).isEqualTo(ALLOWED);
        f.advance(ofMinutes(15));
        assertThat(f.mostAtWork()).isEqualTo(ALLOWED);
        assertThat(f.service.ledger()).hasSize(40);
    }

    @Test
    void aNodeThatIsAloneUsesTheWholeLimitAtOnce() {
        Node here = f.join();
        submit(here, 20, LONG);
        f.advance(ofMillis(200));
        assertThat(f.atWork()).isEqualTo(ALLOWED);
    }

    @Test
    void aNodeThatJoinsGetsItsPartWithinFifteenSecondsIfItIsNotInUse() {
        Node here = f.join();
        submit(here, 2, LONG);
        f.advance(ofMinutes(1));
        Node joined = f.join();
        submit(joined, 10, LONG);
        f.advance(ofSeconds(15));
        assertThat(f.atWork()).isEqualTo(ALLOWED);
        assertThat(f.mostAtWork()).isEqualTo(ALLOWED);
    }

    @Test
    void aNodeThatJoinsABusyOneGetsHalfOfWhatIsFreed() {
        Node here = f.join();
        submit(here, 200, ofSeconds(30));
        f.advance(ofMinutes(1));
        Node joined = f.join();
        List<Exchange> late = submit(joined, 20, ofSeconds(30));
        f.advance(ofMinutes(5));
        assertThat(late).allMatch(Exchange::isOver);
        assertThat(f.mostAtWork()).isEqualTo(ALLOWED);
    }

    @Test
    void aSingleSlotGoesFromNodeToNode() {
        Node here = f.join();
        Node there = f.join();
        List<Exchange> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(here.submit(ofSeconds(5), 1));
            all.add(there.submit(ofSeconds(5), 1));
        }
        f.advance(ofMinutes(10));
        assertThat(all).allMatch(Exchange::isOver);
        assertThat(f.mostAtWork()).isEqualTo(1);
    }

    @Test
    void whatAKilledNodeHasAtWorkCountsUntilItHasEnded() {
        Node here = f.join();
        Node there = f.join();
        submit(here, ALLOWED, LONG);
        f.advance(ofSeconds(30));
        here.kill();
        List<Exchange> waiting = submit(there, ALLOWED, LONG);
        f.advance(ofMinutes(5));
        assertThat(f.mostAtWork()).isEqualTo(ALLOWED);
        assertThat(f.service.ledger()).hasSize(ALLOWED);
        f.advance(ofMinutes(30));
        assertThat(waiting).allMatch(Exchange::isOver);
        assertThat(f.mostAtWork()).isEqualTo(ALLOWED);
    }

    /** It does not say what it holds; what it has at work is in the journal all the same. */
    @Test
    void whatANodeOfTheVersionBeforeHasAtWorkCounts() {
        Node here = f.join();
        here.runAsTheVersionBefore("older", 5);
        List<Exchange> waiting = submit(here, ALLOWED, ofSeconds(30));
        f.advance(ofSeconds(10));
        assertThat(f.atWork()).isEqualTo(ALLOWED - 5);
        f.advance(ofMinutes(3));
        assertThat(waiting).as("a few at a time").allMatch(Exchange::isOver);
        assertThat(f.mostAtWork()).isEqualTo(ALLOWED - 5);
    }

    @Test
    void aFrozenNodeThatWakesDoesNotUseWhatOthersHaveTakenMeanwhile() {
        Node frozen = f.join();
        Node other = f.join();
        submit(frozen, 2, LONG);
        submit(other, 2, LONG);
        f.advance(ofSeconds(30));
        List<Exchange> late = submit(frozen, 6, LONG);
        frozen.freeze(ofMinutes(2));
        f.advance(ofMinutes(1));
        submit(other, 20, LONG);
        f.advance(ofMinutes(3));
        assertThat(f.mostAtWork()).isEqualTo(ALLOWED);
        f.advance(ofHours(2));
        assertThat(f.mostAtWork()).isEqualTo(ALLOWED);
        assertThat(late).allMatch(Exchange::isOver);
    }

    // ---------------------------------------------------------------- maxStreams

    @Test
    void twoNodesTogetherHaveNoMoreStreamsThanAllowed() {
        f.service.subscribing();
        Node here = f.join();
        Node there = f.join();
        f.advance(ofSeconds(15));
        for (int i = 0; i < 10; i++) {
            here.submit("here" + i, 100, 5, ofHours(1));
            there.submit("there" + i, 100, 5, ofHours(1));
            f.service.on("here" + i).takes(LONG);
            f.service.on("there" + i).takes(LONG);
        }
        int most = 0;
        for (int second = 0; second < 300; second++) {
            f.advance(ofSeconds(1));
            most = Math.max(most, f.service.subscriptionsOpen().size());
        }
        assertThat(most).isEqualTo(5);
    }

    @Test
    void manyNodesShareAFewSlotsAndOneThatIsLeftHasThemAll() {
        Node first = f.join();
        f.advance(ofSeconds(15));
        Map<Node, List<Exchange>> exchanges = new LinkedHashMap<>();
        for (int i = 0; i < 14; i++) {
            Node node = i == 0 ? first : f.join();
            exchanges.put(node, submit(node, 40, ofSeconds(20)));
        }
        f.advance(ofMinutes(3));
        exchanges.forEach((node, all) ->
                assertThat(all).as("tasks of %s", node.owner.id()).anyMatch(Exchange::isOver));
        exchanges.keySet().stream().skip(1).forEach(Node::kill);
        submit(first, 100, ofSeconds(20));
        f.advance(ofMinutes(1));
        assertThat(f.atWork()).isEqualTo(ALLOWED);
        assertThat(f.mostAtWork()).isEqualTo(ALLOWED);
    }

    // ---------------------------------------------------------------- different limits

    @Test
    void whatOthersDoNotUseKeepsNoTaskFromANodeWithALowerLimit() {
        Node low = f.join();
        Node high = f.join();
        f.advance(ofSeconds(15));
        high.submit(ofSeconds(5), 20);
        f.advance(ofMinutes(1));
        for (int i = 0; i < 3; i++) {
            high.submit(LONG, 20);
        }
        Exchange cat = low.submit(ofSeconds(5), 5);
        f.advance(ofSeconds(30));
        assertThat(cat.isOver()).isTrue();
    }

    @Test
    void aNodeWithALowerLimitCountsWhatOthersHaveAtWork() {
        Node low = f.join();
        Node high = f.join();
        f.advance(ofSeconds(15));
        for (int i = 0; i < 8; i++) {
            high.submit(ofMinutes(2), 20);
        }
        f.advance(ofSeconds(30));
        low.submit(ofSeconds(5), 5);
        f.advance(ofSeconds(60));
        assertThat(f.atWork()).isEqualTo(8);
        f.advance(ofMinutes(2));
        assertThat(f.service.ledger()).hasSize(9);
    }

    // ---------------------------------------------------------------- requestsPerSecond

    @Test
    void nodesTogetherMakeNoMoreRequestsPerSecondThanAllowed() {
        Node first = f.join();
        List<Node.Requests> parts = new ArrayList<>(List.of(first.requests(10)));
        f.advance(ofSeconds(1));
        assertThat(parts.get(0).perSecond()).as("alone").isEqualTo(10);
        Node second = f.join();
        parts.add(second.requests(10));
        Node third = f.join();
        parts.add(third.requests(4));
        assertSumWithin(parts, 10, ofSeconds(30));
        assertThat(parts).as("the lowest limit holds for all").allMatch(r -> r.perSecond() > 1.3);
        assertSumWithin(parts, 4, ofSeconds(20));
        second.freeze(ofMinutes(1));
        first.cutOff(true);
        assertSumWithin(parts, 4, ofSeconds(45));
        assertThat(parts.get(0).perSecond()).as("cut off").isZero();
        assertThat(parts.get(2).perSecond()).as("the only one left").isEqualTo(4);
        first.cutOff(false);
        assertSumWithin(parts, 4, ofMinutes(2));
        assertThat(parts).allMatch(r -> r.perSecond() > 1.3);
    }

    @Test
    void aNodeGoesOnReadingIfAUserOfItsPartFails() {
        Node here = f.join();
        Node there = f.join();
        f.advance(ofSeconds(15));
        List<Double> parts = new ArrayList<>();
        EngineAccount plain = here.account();
        here.engine.shareRequests(new EngineAccount(
                plain.name(), plain.descriptor(), plain.provider(), new RequestRate() {
                    @Override
                    public double limit() {
                        return 10;
                    }

                    @Override
                    public void share(double perSecond, Duration validFor) {
                        parts.add(perSecond);
                        if (parts.size() == 2) {
                            throw new IllegalStateException("closed");
                        }
                    }
                }));
        f.advance(ofMinutes(1));
        assertThat(parts.size()).isGreaterThan(5);
        assertThat(here.warnings).anyMatch(w -> w.contains("closed"));
        assertThat(there.warnings).isEmpty();
    }

    private void assertSumWithin(List<Node.Requests> parts, double limit, Duration time) {
        for (int step = 0; step < time.toMillis(); step += 50) {
            f.advance(ofMillis(50));
            assertThat(parts.stream().mapToDouble(Node.Requests::perSecond).sum())
                    .as("at %s", f.loop.elapsed())
                    .isLessThanOrEqualTo(limit + 1e-9);
        }
    }

    // ---------------------------------------------------------------- pauses

    @Test
    void aPauseThatTheServiceAsksOneNodeForHoldsForAllPolls() {
        Node here = f.join();
        Node there = f.join();
        f.advance(ofSeconds(15));
        here.submit("cat", LONG, ALLOWED, ofHours(1));
        there.submit("dog", LONG, ALLOWED, ofHours(1));
        f.advance(ofSeconds(10));
        f.service
                .on("cat")
                .poll(new Trouble(Trouble.Kind.RATE_LIMITED, error(ErrorCategory.RATE_LIMITED), ofMinutes(3)));
        f.loop.runUntil(() -> here.warnings.stream().anyMatch(w -> w.contains("fewer requests")), ofMinutes(5));
        f.advance(ofSeconds(3));
        Instant paused = at(f.loop.elapsed());
        f.advance(ofSeconds(170));
        assertThat(pollsOf("dog", paused)).isZero();
        assertThat(pollsOf("cat", paused)).isZero();
        f.advance(ofMinutes(5));
        assertThat(pollsOf("dog", paused)).isPositive();
    }

    @Test
    void aPauseThatTheServiceAsksOneNodeForHoldsForAllCreateCalls() {
        Node here = f.join();
        Node there = f.join();
        f.advance(ofSeconds(15));
        f.service
                .on("cat")
                .takes(ofSeconds(5))
                .create(new SubmitOutcome.Deferred(error(ErrorCategory.RATE_LIMITED), ofMinutes(1)));
        here.submit("cat", ALLOWED, 100, ofHours(1));
        f.advance(ofSeconds(4));
        Exchange dog = there.submit("dog", ofSeconds(5), ALLOWED, ofHours(1));
        f.advance(ofSeconds(50));
        assertThat(f.service.creates()).isEqualTo(1);
        f.advance(ofMinutes(1));
        assertThat(dog.isOver()).isTrue();
    }

    // ---------------------------------------------------------------- one owner polls

    @Test
    void aNodeThatLeavesHandsItsTasksOverWithinThreeSeconds() {
        Node leaving = f.join();
        Node other = f.join();
        f.advance(ofSeconds(15));
        submit(leaving, 3, ofMinutes(1));
        f.advance(ofSeconds(10));
        leaving.leave();
        f.advance(ofSeconds(3));
        assertThat(other.engine.accountState(other.account()).limiter().inFlight())
                .isEqualTo(3);
    }

    @Test
    void aNodeWhoseFirstRenewalFailsSendsSoonAfterTheDatabaseIsThere() {
        Node node = f.join();
        node.cutOff(true);
        f.advance(ofSeconds(1));
        node.cutOff(false);
        node.submit("cat", ofMinutes(2), ALLOWED, ofMinutes(30));
        f.advance(ofSeconds(5));
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aNodeThatIsCutOffFromTheDatabaseSendsAndPollsNothingNewAndKeepsItsExchangesWaiting() {
        Node cut = f.join();
        f.advance(ofSeconds(15));
        Exchange patient = cut.submit("cat", ofMinutes(2), ALLOWED, ofMinutes(30));
        Exchange hasty = cut.submit("dog", ofMinutes(2), ALLOWED, ofSeconds(90));
        f.advance(ofSeconds(10));
        cut.cutOff(true);
        f.advance(ofSeconds(30));
        Instant lapsed = at(f.loop.elapsed());
        cut.submit("late", ofMinutes(1), ALLOWED, ofMinutes(5));
        f.advance(ofMinutes(5));
        assertThat(f.service.calls(Kind.POLL).stream().filter(c -> c.at().isAfter(lapsed)))
                .isEmpty();
        assertThat(f.service.creates()).isEqualTo(2);
        assertThat(hasty.failure(GenerationTimeoutException.class)).isNotNull();
        assertThat(patient.isOver()).isFalse();
        cut.cutOff(false);
        f.advance(ofMinutes(1));
        assertThat(patient.task().media()).isNotEmpty();
    }

    @Test
    void anExchangeOfANodeThatWasCutOffGetsTheResultThatAnotherNodeHasFound() {
        Node cut = f.join();
        f.join();
        f.advance(ofSeconds(15));
        Exchange cat = cut.submit("cat", ofMinutes(10), ALLOWED, ofMinutes(30));
        f.advance(ofSeconds(10));
        cut.cutOff(true);
        f.advance(ofMinutes(2));
        cut.cutOff(false);
        f.advance(ofSeconds(15));
        assertThat(cut.warnings).anyMatch(w -> w.contains("was taken by another engine"));
        f.advance(ofMinutes(12));
        assertThat(cat.task().media()).isNotEmpty();
        assertThat(f.service.ledger()).hasSize(1);
    }

    /** After a takeover the former owner may poll once more, because it can't know. */
    @Test
    void eachDuePollIsMadeOnceAlsoAfterATakeover() {
        Node frozen = f.join();
        f.join();
        f.advance(ofSeconds(15));
        frozen.submit("cat", LONG, ALLOWED, ofMinutes(30));
        f.advance(ofSeconds(10));
        frozen.freeze(ofMinutes(1));
        f.advance(ofMinutes(30));
        List<Instant> polls = f.service.calls(Kind.POLL).stream()
                .filter(c -> c.name().equals("cat"))
                .map(Call::at)
                .toList();
        long tooClose = IntStream.range(1, polls.size())
                .filter(i -> Duration.between(polls.get(i - 1), polls.get(i))
                                .compareTo(ScriptedProvider.POLL_FLOOR.minusMillis(1))
                        < 0)
                .count();
        assertThat(tooClose).as("%s", polls).isLessThanOrEqualTo(1);
    }

    /** Of a node that is gone, so that nobody writes it again with the right time. */
    @Test
    void aPauseIsNotMadeLongerByADatabaseClockThatIsSetBack() throws SQLException {
        Node here = f.join();
        Node there = f.join();
        f.advance(ofSeconds(15));
        f.service.on("cat").create(new SubmitOutcome.Deferred(error(ErrorCategory.RATE_LIMITED), ofMinutes(1)));
        here.submit("cat", ALLOWED, 100, ofHours(1));
        f.advance(ofSeconds(4));
        here.kill();
        f.database.setClock(ofHours(-24));
        Exchange dog = there.submit("dog", ofSeconds(5), ALLOWED, ofHours(1));
        f.advance(ofMinutes(3));
        assertThat(dog.isOver()).isTrue();
    }

    // ---------------------------------------------------------------- one clock

    /** A key that is forgotten too early may be paid for twice. */
    @Test
    void nothingIsForgottenBecauseTheDatabaseClockIsSetAhead() {
        Node node = f.join();
        Exchange cat = node.submit("cat", ofSeconds(10), ALLOWED, ofMinutes(5));
        f.advance(ofMinutes(1));
        node.engine.settle(cat.task().recordId(), cat.recordId(), true);
        f.database.setClock(ClusterFixture.RETENTION.multipliedBy(2));
        f.advance(ClusterFixture.RETENTION.minusMinutes(2));
        assertThat(node.record("cat").media()).isNotEmpty();
        f.advance(ofHours(1).plusMinutes(2));
        assertThat(node.record("cat").media()).isEmpty();
    }

    @Test
    void recordsAreDatedByTheClockOfTheDatabase() {
        Node ahead = f.join(ofHours(5));
        f.advance(ofSeconds(1));
        ahead.submit("cat", ofSeconds(10), ALLOWED, ofMinutes(5));
        f.advance(ofMinutes(1));
        TaskRecord cat = ahead.record("cat");
        assertThat(cat.createdAt()).isBetween(VirtualLoop.START, at(ofSeconds(2)));
        assertThat(cat.finishedAt()).isBetween(VirtualLoop.START, at(ofMinutes(1)));
    }

    @Test
    void anOutcomeIsOfferedByTheClockOfTheDatabase() {
        Node ahead = f.join(ofHours(5));
        Node behind = f.join(ofHours(-5));
        f.advance(ofSeconds(1));
        ahead.submit("cat", ofSeconds(60), ALLOWED, ofSeconds(10));
        f.advance(ofMinutes(5));
        assertThat(behind.take())
                .as("its source may come back within five minutes")
                .isEmpty();
        f.advance(ofMinutes(2));
        assertThat(behind.take()).hasSize(1);
    }

    @Test
    void aResultIsKeptByTheClockOfTheDatabase() {
        Node ahead = f.join(ClusterFixture.RETENTION.multipliedBy(2));
        f.advance(ofSeconds(1));
        Exchange cat = ahead.submit("cat", ofSeconds(10), ALLOWED, ofMinutes(5));
        f.advance(ofMinutes(1));
        ahead.engine.settle(cat.task().recordId(), cat.recordId(), true);
        f.advance(ClusterFixture.RETENTION.minusMinutes(2));
        assertThat(ahead.record("cat").media()).isNotEmpty();
        f.advance(ofHours(1).plusMinutes(2));
        assertThat(ahead.record("cat").media()).isEmpty();
    }

    // ---------------------------------------------------------------- what it costs

    @Test
    void pollsCostNoStatement() {
        Node busy = f.join();
        f.join();
        f.advance(ofMinutes(1));
        submit(busy, ALLOWED, ofHours(1));
        f.advance(ofMinutes(1));
        f.service.everyPoll(new PollOutcome.Pending(TaskStatus.RUNNING, null, null));
        int before = busy.statements;
        f.advance(ofMinutes(10));
        int manyTasks = busy.statements - before;
        assertThat(f.service.polls()).isGreaterThan(100);
        assertThat(manyTasks / 600.0).as("statements a second").isLessThan(3);
    }
}
