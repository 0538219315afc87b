/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static io.genvideo.engine.ScriptedProvider.paidFailure;
import static io.genvideo.engine.ScriptedProvider.trouble;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ScriptedProvider.ServiceTask;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.SubmitOutcome.Deferred;
import io.genvideo.spi.SubmitOutcome.NoCapacity;
import io.genvideo.spi.SubmitOutcome.Unknown;
import io.genvideo.spi.TaskPush;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random stories over a service that uses every line of the SPI: sessions with prepared state, lost calls that can be
 * recovered, subscriptions, "no capacity", steps with effects, cancel; with crashes between any two steps. The identity of
 * docs/design.md section 4 holds, and each step has its effect once. A seed that fails tells its story again.
 */
class ServiceStoriesTest {
    private static final int BLOCKS = 8;
    private static final int STORIES_PER_BLOCK = 250;

    static LongStream blocks() {
        return Stories.blocks(BLOCKS, STORIES_PER_BLOCK);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void everyChargeIsAccountedForAndEveryStepTakenOnce(long first) {
        for (long seed = first; seed < first + STORIES_PER_BLOCK; seed++) {
            new Story(seed).tell();
        }
    }

    private static final class Story {
        private final long seed;
        private final Random random;
        private final EngineFixture f;
        private final List<Exchange> exchanges = new ArrayList<>();
        private final List<Exchange> living = new ArrayList<>();
        /** Whether calls may have become uncertain, so that whoever comes next works in the same session. */
        private boolean unclear;

        Story(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.f = new EngineFixture(EngineSettings.DEFAULT, seed).forgetCalls();
        }

        void tell() {
            f.service.stateful();
            if (random.nextBoolean()) {
                f.service.subscribing();
            }
            f.describeAgain();
            f.start();
            for (int chapter = 0; chapter < 25; chapter++) {
                switch (random.nextInt(12)) {
                    case 0 -> f.journal.failWrites(r -> random.nextInt(3) == 0, 1 + random.nextInt(3));
                    case 1 ->
                        f.journal.loseAnswerOfWrite(TaskStatus.values()[random.nextInt(TaskStatus.values().length)]);
                    case 2 -> breakService();
                    case 3, 4 -> crash();
                    case 5 -> breakRecovery();
                    case 6 -> push();
                    case 7 -> cancel();
                    default -> send();
                }
                f.advance(Duration.ofMillis((long) Math.pow(10, 1 + 4 * random.nextDouble())));
                settle();
            }
            f.journal.heal();
            f.service.down(false);
            f.service.everyRecovery(null);
            f.advance(Duration.ofHours(3));
            settle();
            f.advance(Duration.ofMinutes(1));
            assertIdentity();
        }

        private void send() {
            boolean keyed = random.nextInt(4) > 0;
            String name = keyed ? "key" + random.nextInt(5) : "solo" + exchanges.size();
            script(f.service.on(name), name);
            Exchange sent = f.submit(name)
                    .key(keyed ? name : null)
                    .timeout(Duration.ofSeconds(1 + random.nextInt(random.nextBoolean() ? 20 : 1000)))
                    .maxInFlight(1 + random.nextInt(4))
                    .maxStreams(random.nextInt(3))
                    .queue();
            exchanges.add(sent);
            living.add(sent);
        }

        private void script(TaskScript script, String name) {
            script.takes(Duration.ofMillis(random.nextInt(60_000)));
            if (name.hashCode() % 2 == 0) {
                script.session("session " + name.hashCode() % 3);
            }
            if (name.hashCode() % 3 == 0) {
                script.exports();
            }
            switch (random.nextInt(14)) {
                case 0 -> script.create(new NoCapacity(error(ErrorCategory.SERVICE_UNAVAILABLE, "full"), null));
                case 1 ->
                    script.create(new NoCapacity(
                            error(ErrorCategory.SERVICE_UNAVAILABLE, "full"), Duration.ofSeconds(random.nextInt(9))));
                case 2 -> script.create(new Deferred(error(ErrorCategory.RATE_LIMITED, "busy"), null));
                case 3, 4 -> script.createLost();
                case 5 -> script.create(new Unknown(error(ErrorCategory.SERVICE_UNAVAILABLE, "reset")));
                case 6 -> script.createNeverAnswered();
                case 7 -> script.performLost();
                case 8 -> script.performFails();
                case 9 -> script.performHangs();
                case 10 -> script.failsWith(paidFailure("gave up"));
                case 11 ->
                    script.prepareFails(error(ErrorCategory.SERVICE_UNAVAILABLE, "away")
                            .withRetryable(true)
                            .toException());
                case 12 ->
                    script.subscribeFails(error(ErrorCategory.SERVICE_UNAVAILABLE, "no socket")
                            .toException());
                default -> script.poll(trouble(Trouble.Kind.values()[random.nextInt(4)], null));
            }
        }

        private void breakService() {
            f.service.down(true);
            f.advance(Duration.ofSeconds(random.nextInt(90)));
            f.service.down(false);
        }

        private void breakRecovery() {
            switch (random.nextInt(4)) {
                case 0 ->
                    f.service.everyRecovery(
                            new RecoveryOutcome.Later(error(ErrorCategory.SERVICE_UNAVAILABLE, "later"), null));
                case 1 ->
                    f.service.everyRecoveryBy(
                            () -> CompletableFuture.failedFuture(new IllegalArgumentException("garbage")));
                case 2 -> {
                    unclear = true;
                    f.service.everyRecovery(
                            new RecoveryOutcome.Unclear(error(ErrorCategory.UNCERTAIN_SUBMISSION, "can't tell")));
                }
                default -> f.service.everyRecovery(null);
            }
        }

        private void push() {
            for (TaskPush push : f.service.subscriptionsOpen()) {
                if (random.nextBoolean()) {
                    push.hint();
                } else {
                    push.ended();
                }
            }
        }

        private void cancel() {
            if (!exchanges.isEmpty()) {
                Exchange some = exchanges.get(random.nextInt(exchanges.size()));
                if (random.nextBoolean()) {
                    f.service.ledger().forEach(t -> t.script().cancel(new CancelOutcome.Requested()));
                }
                f.engine().cancel(f.account(), some.recordId(), CallOptions.DEFAULT, Duration.ofMinutes(10));
            }
        }

        private void crash() {
            f.crash();
            living.clear();
        }

        private void settle() {
            for (Exchange e : List.copyOf(living)) {
                if (e.isOver()) {
                    living.remove(e);
                    if (!e.hasFailed() && e.outcome().owned()) {
                        f.engine().settle(e.task().recordId(), e.recordId(), random.nextInt(4) > 0);
                    }
                }
            }
            f.run();
        }

        private void assertIdentity() {
            List<TaskRecord> records = f.journal.all();
            assertThat(living).as("seed %d: every wait ends", seed).isEmpty();
            assertThat(records.stream()
                            .filter(r -> !r.status().isTerminal() && r.status() != TaskStatus.UNCERTAIN)
                            .map(r -> r.recordId() + " " + r.status() + " of " + r.owner()))
                    .as("seed %d: nothing stays half done", seed)
                    .isEmpty();

            Map<String, Long> journalled = records.stream()
                    .filter(r -> r.taskId() != null)
                    .collect(groupingBy(TaskRecord::taskId, counting()));
            assertThat(journalled.values())
                    .as("seed %d: a task has one record", seed)
                    .allMatch(n -> n == 1);

            Set<String> uncertain = records.stream()
                    .filter(r -> r.status() == TaskStatus.UNCERTAIN)
                    .map(r -> r.fingerprint().substring("fingerprint of ".length()))
                    .collect(toSet());
            List<ServiceTask> unaccounted = f.service.ledger().stream()
                    .filter(t -> !journalled.containsKey(t.taskId()))
                    .filter(t -> !uncertain.contains(t.script().name()))
                    .toList();
            assertThat(unaccounted)
                    .as("seed %d: charged, but neither known nor uncertain", seed)
                    .isEmpty();

            Map<String, Long> charges = f.service.ledger().stream()
                    .collect(groupingBy(t -> t.script().name(), counting()));
            assertThat(charges.values())
                    .as("seed %d: charged twice: %s", seed, charges)
                    .allMatch(n -> n == 1);

            assertThat(f.service.effects().values())
                    .as("seed %d: a step taken twice: %s", seed, f.service.effects())
                    .allMatch(n -> n == 1);
            if (!unclear) {
                assertThat(f.service.overlaps())
                        .as("seed %d: two tasks in one session", seed)
                        .isEmpty();
            }
            assertThat(f.service.subscriptionsOpen().size())
                    .as("seed %d: only what died with its process stays subscribed", seed)
                    .isLessThanOrEqualTo(f.service.subscriptionsOpened() - f.service.subscriptionsClosed());
        }
    }
}
