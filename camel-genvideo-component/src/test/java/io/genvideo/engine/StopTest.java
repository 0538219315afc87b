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
import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.WaitReleasedException;
import io.genvideo.spi.SubmitOutcome.Deferred;
import io.genvideo.spi.SubmitOutcome.Stale;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stop lets everybody go, loses nothing and sends nothing (docs/design.md section 4.8). */
class StopTest {
    private final EngineFixture f = new EngineFixture();

    private CompletableFuture<List<GenerationTask>> stop() {
        CompletableFuture<List<GenerationTask>> left = f.engine().stop().toCompletableFuture();
        f.run();
        return left;
    }

    @Test
    void whatTheServiceHasGoesOnThereAndTheExchangeIsReleasedWithItsIds() {
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(5));
        CompletableFuture<List<GenerationTask>> left = stop();

        WaitReleasedException released = cat.failure(WaitReleasedException.class);
        assertThat(released.getRecordId()).isEqualTo(cat.recordId());
        assertThat(released.getHandle()).isEqualTo("task-1");
        assertThat(left)
                .isCompletedWithValueMatching(tasks -> tasks.size() == 1
                        && tasks.get(0).handle().equals("task-1")
                        && tasks.get(0).status() == TaskStatus.RUNNING);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5, 25, 39})
    void whatWasNotSentIsDroppedAndNeverSent(long millis) {
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofMillis(millis));
        CompletableFuture<List<GenerationTask>> left = stop();
        f.advance(ofMinutes(10));

        assertThat(cat.failure(WaitReleasedException.class).getHandle()).isNull();
        assertThat(cat.failure(WaitReleasedException.class)).hasMessageContaining("before anything was paid");
        assertThat(f.service.creates()).isZero();
        assertThat(f.journal.all()).isEmpty();
        assertThat(left).isCompletedWithValue(List.of());
    }

    @Test
    void whatIsBeingAnnouncedToASlowJournalIsNotSent() {
        Exchange cat = f.submit("cat").key("k").send();
        f.journal.hold();
        f.advance(ofMillis(100));
        CompletableFuture<List<GenerationTask>> left = stop();
        f.journal.release();
        f.advance(ofSeconds(1));

        cat.failure(WaitReleasedException.class);
        assertThat(f.service.creates()).isZero();
        assertThat(f.journal.all()).isEmpty();
        assertThat(left).isCompletedWithValue(List.of());
    }

    @Test
    void releasesExchangesThatWaitForAJournalThatDoesNotAnswer() {
        f.journal.hold();
        Exchange fresh = f.submit("cat").key("k").send();
        Exchange known = f.await("task-9", ofMinutes(30));
        f.run();
        CompletableFuture<List<GenerationTask>> left = stop();

        assertThat(fresh.failure(WaitReleasedException.class).getRecordId()).isEqualTo(fresh.recordId());
        assertThat(known.failure(WaitReleasedException.class).getHandle()).isEqualTo("task-9");
        assertThat(left).isCompletedWithValue(List.of());
        f.journal.release();
        f.advance(ofMinutes(10));
        assertThat(f.service.creates()).isZero();
        assertThat(f.journal.all()).isEmpty();
    }

    @Test
    void whatWaitsForItsTurnOrForARateLimitIsNeverSent() {
        f.service.on("busy").create(new Deferred(error(ErrorCategory.RATE_LIMITED, "busy"), ofSeconds(30)));
        f.service.on("old").create(new Stale(error(ErrorCategory.INVALID_REQUEST, "old")));
        Exchange old = f.submit("old").send();
        f.advance(ofMillis(61));
        Exchange busy = f.submit("busy").send();
        Exchange queued = f.submit("queued").maxInFlight(1).send();
        f.advance(ofMillis(15));
        int before = f.service.creates();
        stop();
        f.advance(ofMinutes(10));

        assertThat(f.service.creates()).isEqualTo(before);
        assertThat(List.of(old, busy, queued)).allMatch(Exchange::hasFailed);
        assertThat(f.journal.all()).isEmpty();
    }

    @Test
    void theAnswerOfACreateCallUnderWayIsAwaitedAndJournalled() {
        TaskScript.Held create = f.service.on("cat").createHeld();
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        CompletableFuture<List<GenerationTask>> left = stop();

        assertThat(cat.failure(WaitReleasedException.class)).hasMessageContaining("create call");
        assertThat(left).isNotDone();
        f.advance(ofSeconds(10));
        create.accept();
        f.advance(ofMillis(100));

        assertThat(left)
                .isCompletedWithValueMatching(tasks -> tasks.get(0).handle().equals("task-1"));
        assertThat(f.journal.only().taskId()).isEqualTo("task-1");
        f.advance(ofMinutes(10));
        assertThat(f.service.calls(Kind.POLL)).isEmpty();
    }

    @Test
    void theStopWaitsUntilTheAnswerIsInTheJournalToo() {
        TaskScript.Held create = f.service.on("cat").createHeld();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        CompletableFuture<List<GenerationTask>> left = stop();
        f.journal.failWrites(TaskStatus.QUEUED, 2);
        create.accept();
        f.advance(ofSeconds(1));
        assertThat(left).isNotDone();

        f.advance(ofSeconds(10));
        assertThat(left).isCompleted();
        assertThat(f.journal.only().taskId()).isEqualTo("task-1");
    }

    @Test
    void aCreateCallThatIsNotAnsweredInTimeIsLoggedAndLeftToTheJournal() {
        f.service.on("cat").createHeld();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        CompletableFuture<List<GenerationTask>> left = stop();
        f.advance(ofSeconds(36));

        assertThat(left).isCompleted();
        assertThat(f.warnings).anyMatch(w -> w.contains("task may exist") && w.contains("r1-1"));
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUBMITTING);
    }

    @Test
    void aNotNowDuringTheStopFreesTheKey() {
        TaskScript.Held create = f.service.on("cat").createHeld();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(1));
        stop();
        create.answer(new Deferred(error(ErrorCategory.RATE_LIMITED, "busy"), null));
        f.advance(ofMinutes(1));
        assertThat(f.journal.all()).isEmpty();
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void whoComesLaterIsRefusedInEveryWay() {
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofMinutes(2));
        f.submit("dog").key("open").send();
        f.advance(ofSeconds(1));
        stop();
        int before = f.service.calls(Kind.POLL).size();

        List<Exchange> late = List.of(
                f.submit("bird").send(),
                f.submit("cat").key("k").send(),
                f.submit("dog").key("open").send(),
                f.submit("cat").resuming(cat.recordId()).send(),
                f.await("task-1", ofMinutes(1)),
                f.await("foreign", ofMinutes(1)));
        CompletableFuture<GenerationTask> read = f.engine()
                .read(f.account(), "task-2", Operation.TEXT_TO_VIDEO, "x", ofMinutes(1))
                .toCompletableFuture();
        f.advance(ofMinutes(10));

        assertThat(late).allSatisfy(e -> e.failure(WaitReleasedException.class));
        assertThat(read).isCompletedExceptionally();
        assertThat(f.service.creates()).isEqualTo(2);
        assertThat(f.service.calls(Kind.POLL)).hasSize(before);
    }

    @Test
    void whoCameWhileTheJournalWasSlowIsReleasedToo() {
        Exchange open = f.submit("dog").key("open").send();
        f.advance(ofSeconds(1));
        f.crash();
        f.journal.hold();
        Exchange attaching = f.submit("dog").key("open").send();
        Exchange resuming = f.submit("dog").resuming(open.recordId()).send();
        Exchange asking = f.await("task-1", ofMinutes(1));
        Exchange fresh = f.submit("cat").send();
        f.run();
        stop();
        f.journal.release();
        f.run();

        assertThat(List.of(attaching, resuming, asking, fresh)).allSatisfy(e -> e.failure(WaitReleasedException.class));
        assertThat(f.journal.only().recordId()).isEqualTo(open.recordId());
    }

    @Test
    void callsAfterTheLoopWasClosedFail() {
        stop();
        f.loop.close();
        f.submit("cat").send().failure(WaitReleasedException.class);
        f.await("task-1", ofMinutes(1)).failure(WaitReleasedException.class);
        assertThat(f.engine()
                        .read(f.account(), "task-1", Operation.TEXT_TO_VIDEO, "x", ofMinutes(1))
                        .toCompletableFuture())
                .isCompletedExceptionally();
    }

    @Test
    void aResultThatArrivesWhileItStopsIsNotLost() {
        f.service.on("cat").takes(ofSeconds(10));
        Exchange cat = f.submit("cat").key("k").send();
        f.advance(ofSeconds(9));
        f.journal.hold();
        f.advance(ofSeconds(4));
        CompletableFuture<List<GenerationTask>> left = stop();
        cat.failure(WaitReleasedException.class);
        assertThat(left).isNotDone();
        f.journal.release();
        f.advance(ofSeconds(1));

        assertThat(left).isCompleted();
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.record(cat).delivery()).isEqualTo(DeliveryState.AVAILABLE);
    }
}
