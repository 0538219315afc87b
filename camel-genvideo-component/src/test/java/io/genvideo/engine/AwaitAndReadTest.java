/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static io.genvideo.engine.ScriptedProvider.paidFailure;
import static io.genvideo.engine.ScriptedProvider.trouble;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationFailedException;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.Operation;
import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.model.TaskNotFoundException;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.TaskRecord;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Waiting for a task by its id at the service, and looking at one. */
class AwaitAndReadTest {
    private final EngineFixture f = new EngineFixture();

    private CompletableFuture<GenerationTask> read(String taskId) {
        CompletableFuture<GenerationTask> seen = f.engine()
                .read(f.account(), taskId, Operation.TEXT_TO_VIDEO, f.nextRecordId(), ofMinutes(10))
                .toCompletableFuture();
        f.advance(ofSeconds(1));
        return seen;
    }

    private void foreignTask(String name) {
        f.service.charge(f.service.on(name));
    }

    @Test
    void aTaskOfOursIsAttachedTo() {
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(5));
        Exchange asking = f.await("task-1", ofMinutes(5));
        f.advance(ofMinutes(2));
        assertThat(asking.task()).isEqualTo(cat.task());
        assertThat(asking.outcome().owned()).isTrue();
    }

    @Test
    void aTaskOfOursThatHasEndedIsThereAtOnce() {
        f.submit("cat").send();
        f.service.on("sick").failsWith(paidFailure("gave up"));
        f.submit("sick").send();
        f.advance(ofMinutes(2));
        Exchange cat = f.await("task-1", ofMinutes(5));
        Exchange sick = f.await("task-2", ofMinutes(5));
        f.run();
        assertThat(cat.outcome().replayed()).isTrue();
        sick.failure(GenerationFailedException.class);
    }

    @Test
    void aTaskOfAnEarlierProcessIsWatchedOn() {
        f.submit("cat").send();
        f.advance(ofSeconds(5));
        f.crash();
        Exchange asking = f.await("task-1", ofMinutes(5));
        f.advance(ofMinutes(2));
        assertThat(asking.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aTaskThatIsNotOursIsWatchedWithoutARecord() {
        foreignTask("cat");
        Exchange asking = f.await("task-1", ofMinutes(5));
        f.advance(ofMinutes(2));
        assertThat(asking.task().media()).hasSize(1);
        assertThat(asking.outcome().owned()).isFalse();
        assertThat(f.journal.all()).isEmpty();
    }

    @Test
    void anIdThatNobodyKnowsFailsAfterThreeLooks() {
        for (int i = 0; i < 5; i++) {
            f.service
                    .on("cat")
                    .poll(new PollOutcome.Trouble(
                            PollOutcome.Trouble.Kind.UNKNOWN_TASK,
                            error(ErrorCategory.TASK_NOT_FOUND, "unknown"),
                            null));
        }
        foreignTask("cat");
        Exchange asking = f.await("task-1", ofMinutes(30));
        f.advance(ofMinutes(1));

        asking.failure(TaskNotFoundException.class);
        assertThat(f.service.calls(Kind.POLL)).hasSize(3);
    }

    @Test
    void aTaskThatIsNotOursIsNotPolledOnceNobodyWaits() {
        f.service.on("cat").takes(ofMinutes(600));
        foreignTask("cat");
        Exchange asking = f.await("task-1", ofMinutes(5));
        f.advance(ofMinutes(5));
        asking.failure(GenerationTimeoutException.class);
        int before = f.service.calls(Kind.POLL).size();
        f.advance(ofMinutes(600));
        assertThat(f.service.calls(Kind.POLL)).hasSize(before);
        assertThat(f.loop.pending()).isZero();
    }

    @Test
    void aReadPollsOnceAndChangesNothing() {
        f.submit("cat").send();
        f.advance(ofSeconds(5));
        int before = f.service.calls(Kind.POLL).size();
        assertThat(read("task-1")).isCompletedWithValueMatching(t -> t.status() == TaskStatus.RUNNING);
        assertThat(f.service.calls(Kind.POLL).size() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void aReadOfWhatHasEndedPollsNothing() {
        f.submit("cat").send();
        f.advance(ofMinutes(2));
        int before = f.service.calls(Kind.POLL).size();
        assertThat(read("task-1")).isCompletedWithValueMatching(t -> t.media().size() == 1);
        assertThat(f.service.calls(Kind.POLL)).hasSize(before);
    }

    @Test
    void aReadOfATaskThatIsNotOursReturnsItsStatus() {
        f.service.on("sick").takes(ofSeconds(2)).failsWith(paidFailure("gave up"));
        foreignTask("sick");
        assertThat(read("task-1")).isCompletedWithValueMatching(t -> t.status() == TaskStatus.RUNNING);
        f.advance(ofSeconds(5));
        assertThat(read("task-1")).isCompletedWithValueMatching(t -> t.status() == TaskStatus.FAILED);
    }

    @Test
    void lookingAtWhatTheServiceDoesNotKnowSaysSo() {
        assertThatThrownBy(read("nonsense")::join).hasCauseInstanceOf(TaskNotFoundException.class);
        f.service.everyPoll(trouble(Trouble.Kind.UNAVAILABLE, null));
        assertThatThrownBy(read("nonsense")::join).hasCauseInstanceOf(ServiceUnavailableException.class);
    }

    @Test
    void aJournalThatCannotBeReadIsATypedError() {
        EngineFixture g = new EngineFixture(
                clock -> new JournalSpy(
                        new ForwardingRepository(new MemoryTaskRepository(clock)) {
                            @Override
                            public Optional<TaskRecord> findByTaskId(String account, String taskId) {
                                throw new IllegalStateException("no connection");
                            }
                        },
                        false),
                EngineSettings.DEFAULT,
                1);
        Exchange asking = g.await("task-1", ofMinutes(1));
        g.run();
        assertThat(asking.failure(ServiceUnavailableException.class).isRetryable())
                .isTrue();
    }
}
