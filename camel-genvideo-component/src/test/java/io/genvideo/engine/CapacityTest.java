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
import io.genvideo.engine.ScriptedProvider.ServiceTask;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmitOutcome.NoCapacity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A service that takes only so many tasks of an account, and refuses further create calls. */
class CapacityTest {
    private static final NoCapacity FULL =
            new NoCapacity(error(ErrorCategory.SERVICE_UNAVAILABLE, "3 tasks at most"), null);

    private final EngineFixture f = new EngineFixture();
    private final List<Exchange> all = new ArrayList<>();
    private int refused;

    /** The service has room for that many tasks at a time. */
    private void send(int count, int capacity, Duration each) {
        for (int i = 0; i < count; i++) {
            TaskScript script = f.service.on("t" + i).takes(each);
            for (int again = 0; again < 100; again++) {
                script.create(() -> f.service.answer(answer(script, capacity)));
            }
            all.add(f.submit("t" + i).key("k" + i).send());
        }
    }

    private SubmitOutcome answer(TaskScript script, int capacity) {
        long working = f.service.ledger().stream()
                .filter(t -> f.loop.now().isBefore(t.doneAt()))
                .count();
        if (working >= capacity) {
            refused++;
            return FULL;
        }
        ServiceTask task = f.service.charge(script);
        return new SubmitOutcome.Accepted(task.taskId(), TaskStatus.QUEUED, null, null);
    }

    private List<String> accepted() {
        return f.service.ledger().stream()
                .sorted(Comparator.comparing(t -> Integer.parseInt(t.taskId().substring("task-".length()))))
                .map(t -> t.script().name())
                .toList();
    }

    @Test
    void theNextTaskIsSentAsSoonAsOneHasEnded() {
        send(2, 1, ofSeconds(10));
        f.loop.runUntil(() -> all.get(0).isOver(), ofMinutes(1));
        f.advance(ofMillis(200));
        assertThat(f.service.ledger()).hasSize(2);
    }

    @Test
    void everyTaskComesToItsTurnAndNoneOvertakes() {
        send(10, 2, ofSeconds(45));
        f.advance(ofMinutes(20));
        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
        assertThat(accepted()).containsExactly("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9");
        assertThat(f.service.ledger()).hasSize(10);
    }

    @Test
    void aFullServiceIsTriedByOneTaskAtATimeAndNotWithoutReason() {
        send(40, 3, ofMinutes(5));
        f.advance(ofMinutes(4));
        assertThat(f.service.ledger()).hasSize(3);
        int sentAtOnce = 40;
        assertThat(f.service.calls(Kind.SUBMIT).size())
                .as("those that were under way together, then one every thirty seconds")
                .isLessThanOrEqualTo(sentAtOnce + 10);
        assertThat(refused).isGreaterThan(30);
    }

    @Test
    void aNewcomerWaitsBehindThoseThatWereRefused() {
        send(3, 1, ofMinutes(1));
        f.advance(ofSeconds(5));
        TaskScript late = f.service.on("late").takes(ofSeconds(1));
        late.create(() -> f.service.answer(answer(late, 1)));
        f.submit("late").send();
        f.advance(ofMinutes(10));
        assertThat(accepted()).containsExactly("t0", "t1", "t2", "late");
    }

    @Test
    void aTaskThatGaveUpDoesNotHoldUpTheOthers() {
        send(1, 1, ofMinutes(3));
        TaskScript hasty = f.service.on("hasty");
        hasty.create(() -> f.service.answer(answer(hasty, 1))).create(FULL).create(FULL);
        Exchange gone = f.submit("hasty").timeout(ofSeconds(20)).send();
        f.advance(ofMillis(500));
        TaskScript patient = f.service.on("patient");
        for (int i = 0; i < 20; i++) {
            patient.create(() -> f.service.answer(answer(patient, 1)));
        }
        Exchange stays = f.submit("patient").send();
        f.advance(ofMinutes(6));
        assertThat(gone.hasFailed()).isTrue();
        assertThat(stays.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aCrashWhileItWaitsForCapacityCostsNothing() {
        send(2, 1, ofMinutes(2));
        f.advance(ofSeconds(10));
        f.crash();
        f.advance(ofMinutes(1));
        assertThat(f.journal.all()).as("what was not sent is forgotten").hasSize(1);
        assertThat(f.service.ledger()).hasSize(1);
    }
}
