/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static io.genvideo.engine.ScriptedProvider.paidFailure;
import static io.genvideo.engine.ScriptedProvider.video;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationFailedException;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmitOutcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a service pushes counts at once; what it does not push any more is polled (docs/design.md section 4.6). */
class StreamTest {
    private final EngineFixture f = new EngineFixture();
    private EngineAccount streaming;

    @BeforeEach
    void aServiceThatStreams() {
        f.service.streaming();
        streaming = f.service.account("streaming");
    }

    private EngineFixture.Request streamed(String prompt) {
        return f.submit(prompt).account(streaming);
    }

    private static PollOutcome succeeded() {
        return new PollOutcome.Succeeded(List.of(video("pushed")), null, Map.of());
    }

    private int polls() {
        return f.service.calls(Kind.POLL).size();
    }

    @Test
    void aPushedResultEndsTheWaitAtOnceWithoutAPoll() {
        Exchange cat = streamed("cat").send();
        f.advance(ofSeconds(10));
        f.service.on("cat").push().saw(new PollOutcome.Pending(TaskStatus.RUNNING, null, null));
        f.run();
        assertThat(f.record(cat).status()).isEqualTo(TaskStatus.RUNNING);
        f.advance(ofSeconds(20));
        f.service.on("cat").push().saw(succeeded());
        f.service.on("cat").push().ended();
        f.run();

        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(polls()).isZero();
    }

    @Test
    void aPushedFailureIsTheTasks() {
        Exchange cat = streamed("cat").send();
        f.advance(ofSeconds(10));
        f.service.on("cat").push().saw(new PollOutcome.Failed(paidFailure("gave up"), null));
        f.run();
        cat.failure(GenerationFailedException.class);
    }

    @Test
    void aStreamThatDropsIsFollowedByAskingAndNeverByAnotherCreateCall() {
        Exchange cat = streamed("cat").send();
        f.advance(ofSeconds(50));
        assertThat(polls()).isZero();
        f.service.on("cat").push().ended();
        f.advance(ofMillis(600));

        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aStreamThatDroppedBeforeItWasHeardOfIsFollowedByAskingToo() {
        TaskScript.Held create = f.service.on("cat").createHeld();
        Exchange cat = streamed("cat").send();
        f.advance(ofSeconds(1));
        f.service.on("cat").push().ended();
        create.accept();
        f.advance(ofMinutes(2));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.creates()).isEqualTo(1);
    }

    @Test
    void aStreamThatFallsSilentIsNotBelievedForEver() {
        Exchange cat = streamed("cat").timeout(ofMinutes(10)).send();
        f.advance(ofMinutes(3));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aboveTheCapTasksArePolledUntilAStreamEnds() {
        streamed("a").maxStreams(1).send();
        f.advance(ofSeconds(1));
        streamed("b").maxStreams(1).send();
        f.advance(ofSeconds(1));
        assertThat(f.service.on("a").isStreamed()).isTrue();
        assertThat(f.service.on("b").isStreamed()).isFalse();

        f.service.on("a").push().ended();
        f.service.on("a").push().ended();
        f.run();
        streamed("c").maxStreams(1).send();
        f.advance(ofSeconds(1));
        streamed("d").maxStreams(1).send();
        f.advance(ofSeconds(1));
        assertThat(f.service.on("c").isStreamed()).isTrue();
        assertThat(f.service.on("d").isStreamed()).isFalse();
    }

    @Test
    void aCreateCallThatIsRefusedTakesNoStream() {
        f.service.on("a").create(new SubmitOutcome.Refused(error(ErrorCategory.CONTENT_REJECTED, "no")));
        streamed("a").maxStreams(1).send();
        f.advance(ofSeconds(1));
        streamed("b").maxStreams(1).send();
        f.advance(ofSeconds(1));
        assertThat(f.service.on("b").isStreamed()).isTrue();
    }

    @Test
    void aHintIsFollowedByAPollAtOnce() {
        f.service.on("cat").expected(ofMinutes(30), ofMinutes(40)).takes(ofMinutes(20));
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(20).plusSeconds(1));
        assertThat(cat.isOver()).isFalse();
        f.engine().hint("scripted", "task-1");
        f.advance(ofMillis(30));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aHintDuringAPollIsFollowedByAnotherPoll() {
        f.service.on("cat").expected(ofMinutes(30), ofMinutes(40)).takes(ofMillis(1015));
        Exchange cat = f.submit("cat").send();
        f.loop.runUntil(() -> polls() == 1, ofMinutes(1));
        f.engine().hint("scripted", "task-1");
        f.advance(ofMillis(60));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aHintAboutSomebodyElsesTaskDoesNothing() {
        f.submit("cat").send();
        f.advance(ofMillis(500));
        f.engine().hint("other", "task-1");
        f.engine().hint("scripted", "task-2");
        f.advance(ofMillis(100));
        assertThat(polls()).isZero();
    }

    @Test
    void aServiceThatPushesNothingIsAsked() {
        f.submit("cat").send();
        f.advance(ofSeconds(5));
        assertThat(f.service.on("cat").isStreamed()).isFalse();
        assertThat(polls()).isPositive();
    }
}
