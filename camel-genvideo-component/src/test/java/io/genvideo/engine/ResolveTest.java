/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.GenerationCancelledException;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.Resolution;
import io.genvideo.model.ResultGoneException;
import io.genvideo.model.TaskNotFoundException;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.spi.TaskRecord;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person settles what the machine can't know (docs/design.md section 4.9), and the journal forgets what it may. */
class ResolveTest {
    private final EngineFixture f = new EngineFixture();
    private Exchange cat;

    /** The service has made task-1, but its answer was lost. */
    @BeforeEach
    void anUncertainTask() {
        f.start();
        f.service.on("cat").createLost();
        cat = f.submit("cat").key("k").send();
        f.advance(ofMinutes(1));
        cat.failure(UncertainSubmissionException.class);
    }

    private CompletableFuture<GenerationTask> resolve(Resolution resolution, String taskId) {
        CompletableFuture<GenerationTask> resolved = f.engine()
                .resolve(f.account(), cat.recordId(), resolution, taskId, ofMinutes(1))
                .toCompletableFuture();
        f.advance(ofSeconds(1));
        return resolved;
    }

    @Test
    void anAdoptedTaskIsWatchedAndItsResultOfferedAtOnce() {
        assertThat(resolve(Resolution.ADOPT, "task-1").join().handle()).isEqualTo("task-1");
        f.advance(ofMinutes(2));

        TaskRecord record = f.journal.only();
        assertThat(record.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(record.error()).isNull();
        var taken = f.engine()
                .take("scripted", null, Set.of(TaskStatus.SUCCEEDED), 1, 1)
                .toCompletableFuture();
        f.run();
        assertThat(taken.join()).extracting(GenerationTask::recordId).containsExactly(cat.recordId());
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void theSameRequestAttachesToAnAdoptedTask() {
        resolve(Resolution.ADOPT, "task-1");
        Exchange again = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        assertThat(again.task().handle()).isEqualTo("task-1");
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void whatTheServiceDoesNotKnowIsNotAdopted() {
        assertThatThrownBy(resolve(Resolution.ADOPT, "nonsense")::join).hasCauseInstanceOf(TaskNotFoundException.class);
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.UNCERTAIN);
    }

    @Test
    void whatBelongsToAnotherRecordIsNotAdopted() {
        f.submit("dog").send();
        f.advance(ofMinutes(2));
        assertThatThrownBy(resolve(Resolution.ADOPT, "task-2")::join)
                .hasCauseInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("belongs to record");
    }

    @Test
    void adoptionNeedsAnId() {
        assertThatThrownBy(resolve(Resolution.ADOPT, null)::join)
                .hasCauseInstanceOf(InvalidGenerationRequestException.class);
    }

    @Test
    void aReleasedKeyLetsTheNextExchangeCreate() {
        assertThat(resolve(Resolution.RELEASE, null).join().status()).isEqualTo(TaskStatus.FAILED);
        f.service.on("cat").createAccepted();
        Exchange again = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        assertThat(again.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(2);
    }

    @Test
    void anAbandonedRequestIsNeverCreatedAgain() {
        assertThat(resolve(Resolution.ABANDON, null).join().status()).isEqualTo(TaskStatus.CANCELLED);
        f.submit("cat").key("k").send().failure(GenerationCancelledException.class);
        f.advance(ofMinutes(2));
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void onlyAnUncertainRecordIsResolvedAndOnlyOnce() {
        resolve(Resolution.RELEASE, null);
        for (Resolution resolution : Resolution.values()) {
            assertThatThrownBy(resolve(resolution, "task-1")::join)
                    .hasCauseInstanceOf(InvalidGenerationRequestException.class)
                    .hasMessageContaining("FAILED");
        }
        CompletableFuture<GenerationTask> unknown = f.engine()
                .resolve(f.account(), "nobody", Resolution.RELEASE, null, ofMinutes(1))
                .toCompletableFuture();
        f.run();
        assertThatThrownBy(unknown::join).hasMessageContaining("no record 'nobody'");
    }

    @Test
    void whatIsUncertainIsNeverForgotten() {
        f.advance(ofDays(400));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.UNCERTAIN);
    }

    @Test
    void aResultIsForgottenAfterItsTimeAndItsKeyLater() {
        EngineFixture g = new EngineFixture();
        g.start();
        Exchange dog = g.submit("dog").key("k").send();
        Exchange free = g.submit("free").send();
        g.advance(ofMinutes(2));
        g.engine().settle(dog.recordId(), dog.recordId(), true);
        g.engine().settle(free.recordId(), free.recordId(), true);
        g.advance(ofDays(6));
        assertThat(g.submit("dog").key("k").send().outcome().replayed()).isTrue();
        g.engine().settle(dog.recordId(), dog.recordId(), true);

        g.advance(ofDays(2));
        assertThat(g.journal.only().media()).isEmpty();
        Exchange late = g.submit("dog").key("k").send();
        assertThat(late.failure(ResultGoneException.class)).hasMessageContaining("retention");
        assertThat(g.service.creates()).isEqualTo(2);

        g.advance(ofDays(90));
        assertThat(g.journal.all()).isEmpty();
        assertThat(g.journal.all()).noneMatch(r -> r.delivery() == DeliveryState.DELIVERED);
    }
}
