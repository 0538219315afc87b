/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step with effects that a running task needs: journalled before it is performed, by the owner only, once. */
class ActionTest {
    private static final Map<String, Integer> ONCE = Map.of("token-1||exporting task-1", 1);

    private final EngineFixture f = new EngineFixture();
    private final TaskScript script = f.service.on("cat").exports();

    @BeforeEach
    void tokens() {
        f.service.stateful();
        f.describeAgain();
    }

    private int performed() {
        return f.service.calls(Kind.PERFORM).size();
    }

    @Test
    void theStepIsInTheJournalBeforeItIsPerformed() {
        Exchange cat = f.submit("cat").send();
        f.loop.runUntil(() -> performed() == 1, ofMinutes(2));
        assertThat(f.record(cat).providerState()).isEqualTo("token-1||exporting task-1");
        f.advance(ofMinutes(1));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.effects()).isEqualTo(ONCE);
    }

    @Test
    void whileTheJournalFailsNothingIsPerformed() {
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(2));
        f.journal.failWrites(r -> true, Integer.MAX_VALUE);
        f.advance(ofMinutes(3));
        assertThat(performed()).isZero();
        f.journal.heal();
        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.effects()).isEqualTo(ONCE);
    }

    @Test
    void aWriteWhoseAnswerIsLostIsTakenUpAndTheStepPerformedOnce() {
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(5));
        f.journal.loseAnswerOfWrite(TaskStatus.RUNNING);
        f.advance(ofMinutes(3));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.effects()).isEqualTo(ONCE);
    }

    @Test
    void anAnswerThatIsLostIsPolledForAndTheStepNotRepeated() {
        script.performLost();
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(3));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.effects()).isEqualTo(ONCE);
        assertThat(performed()).isEqualTo(1);
    }

    @Test
    void aStepThatDidNotReachTheServiceIsPerformedAgain() {
        script.performFails().performFails();
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(3));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.effects()).isEqualTo(ONCE);
        assertThat(performed()).isEqualTo(3);
    }

    @Test
    void aStepThatIsNeverAnsweredIsPolledFor() {
        script.performHangs();
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(10));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.effects()).isEqualTo(ONCE);
    }

    @Test
    void readingATaskPerformsNothing() {
        f.submit("cat").send();
        f.advance(ofSeconds(2));
        f.service.latency(ofSeconds(30));
        f.advance(ofSeconds(45));
        int before = performed();
        f.service.latency(ofMillis(20));
        var read = f.engine()
                .read(f.account(), "task-1", Operation.TEXT_TO_VIDEO, "x", ofMinutes(1))
                .toCompletableFuture();
        f.loop.runUntil(read::isDone, ofSeconds(5));
        assertThat(read.join().status().isWatched()).isTrue();
        assertThat(performed()).isEqualTo(before);
    }

    @Test
    void awaitingATaskThatIsNotOursPerformsNothing() {
        f.service.charge(script);
        Exchange foreign = f.await("task-1", ofMinutes(5));
        f.advance(ofMinutes(6));
        assertThat(foreign.hasFailed()).isTrue();
        assertThat(performed()).isZero();
    }

    @Test
    void anotherEngineThatReadsTheTaskPerformsNothing() {
        f.start();
        TaskEngine neighbour = f.neighbour();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(2));
        Exchange there = f.submit("cat").key("k").queueAt(neighbour);
        f.advance(ofMinutes(3));
        assertThat(there.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.effects()).isEqualTo(ONCE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 19, 20, 21, 25, 39, 41, 500})
    void aCrashAroundTheStepNeitherRepeatsNorLosesIt(long millisAfterThePollThatFoundIt) {
        f.start();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(2));
        f.loop.runUntil(
                () -> !f.loop.now().isBefore(f.service.task("cat").doneAt())
                        && f.service
                                .calls(Kind.POLL)
                                .get(f.service.calls(Kind.POLL).size() - 1)
                                .at()
                                .isAfter(f.service.task("cat").doneAt()),
                ofMinutes(2));
        f.advance(ofMillis(millisAfterThePollThatFoundIt));
        f.crash();
        f.advance(ofMinutes(5));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.effects()).isEqualTo(ONCE);
    }

    @Test
    void aCrashBetweenTheJournalAndTheStepPerformsItAfterwards() {
        f.start();
        f.submit("cat").key("k").send();
        f.loop.runUntil(
                () -> {
                    var state =
                            f.journal.all().isEmpty() ? null : f.journal.only().providerState();
                    return state != null && state.endsWith("exporting task-1");
                },
                ofMinutes(2));
        assertThat(performed()).isZero();
        f.crash();
        f.advance(ofMinutes(5));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.effects()).isEqualTo(ONCE);
    }
}
