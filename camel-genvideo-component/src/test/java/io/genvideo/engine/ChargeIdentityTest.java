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
import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.SubmitOutcome.Deferred;
import io.genvideo.spi.SubmitOutcome.Refused;
import io.genvideo.spi.SubmitOutcome.Stale;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The promise of the project on random stories (docs/design.md section 4): charged creates = delivered + failed + open
 * + uncertain, each once, and nothing charged twice. A seed that fails tells its story again.
 */
class ChargeIdentityTest {
    private static final int STORIES_PER_BLOCK = 50;

    static LongStream blocks() {
        return Stories.blocks(8, STORIES_PER_BLOCK);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void everyChargeIsAccountedForOnce(long first) {
        for (long seed = first; seed < first + STORIES_PER_BLOCK; seed++) {
            new Story(seed).tell();
        }
    }

    private static final class Story {
        private final long seed;
        private final Random random;
        private final EngineFixture f;
        private @Nullable TaskEngine neighbour;
        private final List<Exchange> exchanges = new ArrayList<>();
        private final Set<Exchange> settled = new HashSet<>();
        /** Were waiting in a process that died. */
        private final Set<Exchange> died = new HashSet<>();

        private final Set<Exchange> remoteWaiters = new HashSet<>();

        Story(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.f = new EngineFixture(EngineSettings.DEFAULT, seed).forgetCalls();
        }

        void tell() {
            f.start();
            // in every second story a second machine works on the same journal
            neighbour = random.nextBoolean() ? f.neighbour() : null;
            for (int chapter = 0; chapter < 40; chapter++) {
                switch (random.nextInt(10)) {
                    case 0 -> f.journal.failWrites(r -> random.nextInt(3) == 0, 1 + random.nextInt(3));
                    case 1 -> holdJournalForAWhile();
                    case 2 -> breakService();
                    case 3 -> restart();
                    default -> send();
                }
                f.advance(Duration.ofMillis((long) Math.pow(10, 1 + 4 * random.nextDouble())));
                settle();
            }
            f.journal.heal();
            f.service.down(false);
            f.advance(Duration.ofHours(3));
            settle();
            f.advance(Duration.ofMinutes(1));
            assertIdentity();
        }

        private void send() {
            boolean keyed = random.nextInt(4) > 0;
            String name = keyed ? "key" + random.nextInt(5) : "solo" + exchanges.size();
            script(f.service.on(name));
            EngineFixture.Request request = f.submit(name)
                    .key(keyed ? name : null)
                    .timeout(Duration.ofSeconds(1 + random.nextInt(random.nextBoolean() ? 20 : 1000)))
                    .maxInFlight(1 + random.nextInt(4))
                    .pollInterval(random.nextBoolean() ? Duration.ofMillis(500) : null);
            TaskEngine other = neighbour;
            if (other != null && random.nextBoolean()) {
                Exchange there = request.queueAt(other);
                exchanges.add(there);
                remoteWaiters.add(there);
            } else {
                exchanges.add(request.queue());
            }
        }

        private void script(TaskScript script) {
            script.takes(Duration.ofMillis(random.nextInt(60_000)));
            switch (random.nextInt(12)) {
                case 0 -> script.create(new Refused(error(ErrorCategory.CONTENT_REJECTED, "no")));
                case 1 -> script.create(new Deferred(error(ErrorCategory.RATE_LIMITED, "busy"), null));
                case 2 ->
                    script.create(new Deferred(
                            error(ErrorCategory.SERVICE_UNAVAILABLE, "full"), Duration.ofSeconds(random.nextInt(30))));
                case 3 -> script.create(new Stale(error(ErrorCategory.INVALID_REQUEST, "old")));
                case 4 -> script.createLost();
                case 5 -> script.createThrows(new IllegalArgumentException("garbage"));
                case 6 -> script.failsWith(paidFailure("gave up"));
                case 7 ->
                    script.poll(trouble(
                            Trouble.Kind.values()[random.nextInt(4)],
                            random.nextBoolean() ? Duration.ofSeconds(5) : null));
                case 8 ->
                    script.planFails(error(ErrorCategory.SERVICE_UNAVAILABLE, "away")
                            .withRetryable(true)
                            .toException());
                default -> script.createAccepted();
            }
        }

        private void holdJournalForAWhile() {
            f.journal.hold();
            f.advance(Duration.ofMillis(random.nextInt(3000)));
            f.journal.release();
        }

        private void breakService() {
            f.service.down(true);
            f.advance(Duration.ofSeconds(random.nextInt(90)));
            f.service.down(false);
        }

        private void restart() {
            if (random.nextBoolean()) {
                var stopped = f.engine().stop().toCompletableFuture();
                f.loop.runUntil(stopped::isDone, Duration.ofMinutes(2));
                f.engine().release();
                f.run();
            }
            f.crash();
            exchanges.stream().filter(e -> !remoteWaiters.contains(e)).forEach(settled::add);
            exchanges.stream()
                    .filter(e -> !e.isOver() && !remoteWaiters.contains(e))
                    .forEach(died::add);
        }

        private void settle() {
            for (Exchange e : exchanges) {
                if (e.isOver() && !e.hasFailed() && e.outcome().owned() && settled.add(e)) {
                    f.engine().settle(e.task().recordId(), e.recordId(), random.nextInt(4) > 0);
                }
            }
            f.run();
        }

        private void assertIdentity() {
            List<TaskRecord> records = f.journal.all();
            assertThat(exchanges).as("seed %d: every wait ends", seed).allMatch(e -> e.isOver() || died.contains(e));

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

            assertThat(records)
                    .as("seed %d: nothing is left half sent without being said", seed)
                    .noneMatch(r -> r.status() == TaskStatus.RESERVED && r.taskId() != null);
            Set<String> owners = exchanges.stream()
                    .filter(e -> e.isOver() && !e.hasFailed() && e.outcome().owned())
                    .map(e -> e.task().recordId())
                    .collect(toSet());
            assertThat(records.stream()
                            .filter(r -> r.status() == TaskStatus.SUCCEEDED && r.delivery() == DeliveryState.OWNED)
                            .map(TaskRecord::recordId))
                    .as("seed %d: what is owned has an owner", seed)
                    .isSubsetOf(owners);
        }
    }
}
