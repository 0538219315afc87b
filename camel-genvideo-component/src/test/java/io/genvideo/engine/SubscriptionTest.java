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
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.Pending;
import io.genvideo.spi.PollOutcome.Succeeded;
import io.genvideo.spi.TaskPush;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscriptions to what a service pushes about a task that exists. */
class SubscriptionTest {
    private final EngineFixture f = new EngineFixture();
    private final TaskScript script = f.service.on("cat").takes(ofMinutes(10));

    @BeforeEach
    void sockets() {
        f.service.subscribing();
        f.describeAgain();
    }

    private int polls() {
        return f.service.calls(Kind.POLL).size();
    }

    private int subscribed() {
        return f.service.calls(Kind.SUBSCRIBE).size();
    }

    private static Succeeded done() {
        return new Succeeded(List.of(ScriptedProvider.video("task-1")), null, Map.of());
    }

    @Test
    void aTaskIsSubscribedToOnceItIsAcceptedAndThenPolledRarely() {
        f.submit("cat").send();
        f.advance(ofSeconds(2));
        assertThat(subscribed()).isEqualTo(1);
        int before = polls();
        f.advance(ofMinutes(8));
        assertThat(polls() - before).isLessThanOrEqualTo(10);
    }

    @Test
    void aPushedResultEndsTheTaskAtOnceAndTheSubscriptionIsClosed() {
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(20));
        f.service.subscription("cat").saw(done());
        f.run();
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(f.service.subscriptionsClosed()).isEqualTo(1);
    }

    @Test
    void aResultThatIsNotPushedIsFoundWithinHalfAMinuteOrAQuarterOfTheAge() {
        for (long seconds : List.of(40L, 100L, 400L)) {
            script.takes(ofSeconds(seconds));
            Exchange cat = f.submit("cat").send();
            f.advance(ofSeconds(seconds + Math.max(31, seconds / 4 + 1)));
            assertThat(cat.isOver()).as(seconds + " s").isTrue();
        }
    }

    @Test
    void aSubscriptionThatEndsAsSoonAsItIsOpenIsFollowedByAPoll() {
        script.takes(ofSeconds(10)).expected(ofMinutes(1), ofMinutes(5)).subscriptionsEndAtOnce();
        Exchange cat = f.submit("cat").send();

        f.advance(ofSeconds(18));

        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aHintIsPolledFor() {
        script.takes(ofSeconds(30));
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(20));
        f.service.subscription("cat").saw(new PollOutcome.Pending(TaskStatus.RUNNING, null, null));
        f.advance(ofSeconds(11));
        assertThat(cat.isOver()).isFalse();
        f.service.subscription("cat").hint();
        f.advance(ofMillis(50));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void whatWasPushedBeforeTheSubscriptionWasOpenIsPolledForSoon() {
        script.takes(ofMillis(5));
        Exchange cat = f.submit("cat").send();
        f.advance(ofSeconds(3));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aSubscriptionThatEndsIsReplacedAndTheTaskPolledMeanwhile() {
        f.submit("cat").send();
        f.advance(ofSeconds(20));
        int before = polls();
        f.service.subscription("cat").ended();
        f.advance(ofSeconds(1));
        assertThat(polls()).isGreaterThan(before);
        f.advance(ofSeconds(2));
        assertThat(subscribed()).isEqualTo(2);
    }

    @Test
    void subscriptionsThatEndAgainAndAgainAreReplacedWithBackOff() {
        f.submit("cat").send();
        for (int i = 0; i < 600; i++) {
            f.advance(ofSeconds(1));
            if (f.service.subscriptionsOpened() > 0 && i % 2 == 0) {
                f.service.subscriptionsOpen().forEach(TaskPush::ended);
            }
        }
        assertThat(subscribed()).isBetween(5, 20);
    }

    @Test
    void aSubscriptionThatFailsIsTriedAgainAndTheTaskPolledAsWithout() {
        script.takes(ofSeconds(40));
        for (int i = 0; i < 3; i++) {
            script.subscribeFails(
                    error(ErrorCategory.SERVICE_UNAVAILABLE, "no socket").toException());
        }
        Exchange cat = f.submit("cat").send();
        f.advance(ofMinutes(3));
        assertThat(cat.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(subscribed()).isEqualTo(4);
    }

    @Test
    void afterARestartTasksAreSubscribedToAgain() {
        f.start();
        f.submit("cat").key("k").send();
        f.advance(ofSeconds(10));
        f.crash();
        f.advance(ofSeconds(45));
        assertThat(subscribed()).isEqualTo(2);
        f.service.subscription("cat").saw(done());
        f.run();
        assertThat(f.journal.only().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void noMoreStreamsAreOpenThanTheAccountMayHave() {
        for (int i = 0; i < 5; i++) {
            f.service.on("t" + i).takes(ofMinutes(i + 1));
            f.submit("t" + i).maxStreams(2).send();
        }
        f.advance(ofSeconds(30));
        assertThat(subscribed()).isEqualTo(2);
        f.advance(ofMinutes(4));
        assertThat(subscribed()).as("a stream that ends makes room").isGreaterThan(2);
        assertThat(f.service.subscriptionsOpen().size()).isLessThanOrEqualTo(2);
        f.advance(ofMinutes(10));
        assertThat(f.journal.all()).allMatch(r -> r.status() == TaskStatus.SUCCEEDED);
        assertThat(f.service.subscriptionsOpen()).isEmpty();
    }

    @Test
    void whereThePollIsWantedNothingIsSubscribedTo() {
        f.submit("cat").maxStreams(0).send();
        f.advance(ofMinutes(1));
        assertThat(subscribed()).isZero();
    }

    @Test
    void aSubscriptionIsClosedWhenTheComponentStops() {
        f.submit("cat").send();
        f.advance(ofSeconds(5));
        f.engine().stop();
        f.run();
        assertThat(f.service.subscriptionsClosed()).isEqualTo(1);
    }

    @Test
    void aSubscriptionThatOpensAfterTheTaskIsOverIsClosed() {
        script.takes(ofMillis(1));
        f.service.latency(ofSeconds(3));
        f.submit("cat").send();
        f.advance(ofMinutes(1));
        assertThat(f.service.subscriptionsOpen()).isEmpty();
        assertThat(f.service.subscriptionsClosed()).isEqualTo(f.service.subscriptionsOpened());
    }

    @Test
    void theStreamOfTheCreateCallIsFollowedByASubscription() {
        f.service.streaming();
        f.describeAgain();
        f.submit("cat").send();
        f.advance(ofSeconds(5));
        assertThat(subscribed()).as("the stream tells").isZero();
        script.push().saw(new Pending(TaskStatus.RUNNING, 0.5, null));
        script.push().ended();
        f.advance(ofSeconds(3));
        assertThat(subscribed()).isEqualTo(1);
    }
}
