/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.conformance.VirtualLoop;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.repository.jdbc.PostgresServer;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random stories of two engines over one real JDBC journal: kills, pauses longer than a lease, writes whose answers are lost,
 * and clocks that jump by hours, those of the engines and that of the database. Afterwards the identity of docs/design.md
 * section 4 holds, and nothing is left open. In every second story the writes of one instant share a transaction, so that one
 * lost answer is that of many. {@link Stories} tells how to run more of them.
 */
class JdbcStoriesTest {
    private static final int CHAPTERS = 30;

    static LongStream seeds() {
        return Stories.seeds(8);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyChargeIsAccountedForOnceAndNothingStaysOpen(long seed) throws SQLException {
        tell(new Story(seed, null));
    }

    @ParameterizedTest
    @ValueSource(longs = {101, 102, 103})
    void theSameHoldsOnPostgreSql(long seed) throws SQLException {
        tell(new Story(seed, PostgresServer.shared().newSchema()));
    }

    private static void tell(Story story) throws SQLException {
        try {
            story.tell();
        } finally {
            story.database.drop();
        }
    }

    private static final class Story {
        private final long seed;
        private final DataSource server;
        private final Random random;
        private final EngineFixture f;
        private final TaskEngine neighbour;
        private UnreliableDatabase database;
        private final List<Exchange> here = new ArrayList<>();
        private final List<Exchange> there = new ArrayList<>();
        private final Set<Exchange> settled = new HashSet<>();
        /** Their process was killed. */
        private final Set<Exchange> killed = new HashSet<>();

        /** @param server {@code null} for a database in memory */
        Story(long seed, DataSource server) {
            this.seed = seed;
            this.server = server;
            this.random = new Random(seed);
            this.f = new EngineFixture(this::journal, EngineSettings.DEFAULT, seed).forgetCalls();
            if (random.nextBoolean()) {
                f.service.stateful();
            }
            if (seed % 2 == 1) {
                f.journal.runOn(f.loop::execute);
            }
            f.start();
            this.neighbour = f.neighbour();
        }

        private JournalSpy journal(InstantSource clock) {
            database = server == null
                    ? UnreliableDatabase.inMemory("story" + seed, this::now, random)
                    : UnreliableDatabase.over(server, this::now, random);
            JdbcTaskRepository repository = new JdbcTaskRepository(database.source());
            repository.open(new TaskOwner("process", "engine"));
            return new JournalSpy(repository, true);
        }

        /** Of the database's machine: nobody sets it together with that of the engines. */
        private Instant now() {
            return f == null ? VirtualLoop.START : VirtualLoop.START.plus(f.loop.elapsed());
        }

        void tell() {
            for (int chapter = 0; chapter < CHAPTERS; chapter++) {
                switch (random.nextInt(10)) {
                    case 0 -> database.failWrites(random.nextDouble() / 2);
                    case 1 -> database.failWrites(0);
                    case 2 -> kill();
                    case 3 -> f.pause(ofSeconds(random.nextInt(random.nextBoolean() ? 90 : 900)));
                    case 4 ->
                        database.setClock(
                                random.nextBoolean()
                                        ? ofSeconds(random.nextInt(600) - 300)
                                        : ofMinutes(random.nextInt(600) - 300));
                    case 5 -> f.loop.setClock(ofMinutes(random.nextInt(600) - 300));
                    default -> send();
                }
                f.advance(ofMillis((long) Math.pow(10, 1 + 4 * random.nextDouble())));
                settle();
            }
            database.failWrites(0);
            f.advance(ofHours(1));
            settle();
            f.advance(ofMinutes(10));
            assertIdentity();
        }

        private void send() {
            boolean keyed = random.nextInt(4) > 0;
            String name = keyed ? "key" + random.nextInt(5) : "solo" + (here.size() + there.size());
            TaskScript script = f.service.on(name).takes(ofMillis(random.nextInt(120_000)));
            if (random.nextInt(8) == 0) {
                script.createLost();
            }
            EngineFixture.Request request = f.submit(name)
                    .key(keyed ? name : null)
                    .timeout(ofSeconds(1 + random.nextInt(random.nextBoolean() ? 20 : 1000)))
                    .maxInFlight(1 + random.nextInt(4));
            if (random.nextBoolean()) {
                here.add(request.queue());
            } else {
                there.add(request.queueAt(neighbour));
            }
        }

        private void kill() {
            here.stream().filter(e -> !e.isOver()).forEach(killed::add);
            settled.addAll(here);
            f.crash();
        }

        private void settle() {
            settle(here, f.engine());
            settle(there, neighbour);
            f.run();
        }

        private void settle(List<Exchange> exchanges, TaskEngine engine) {
            for (Exchange e : exchanges) {
                if (e.isOver() && !e.hasFailed() && e.outcome().owned() && settled.add(e)) {
                    engine.settle(e.task().recordId(), e.recordId(), random.nextInt(4) > 0);
                }
            }
        }

        private void assertIdentity() {
            List<TaskRecord> records = f.journal.all();
            List<Exchange> all = new ArrayList<>(here);
            all.addAll(there);
            assertThat(all).as("seed %d: every wait ends", seed).allMatch(e -> e.isOver() || killed.contains(e));

            Map<String, Long> charges = f.service.ledger().stream()
                    .collect(groupingBy(t -> t.script().name(), counting()));
            assertThat(charges.values())
                    .as("seed %d: charged twice: %s", seed, charges)
                    .allMatch(n -> n == 1);

            Set<String> journalled =
                    records.stream().map(r -> String.valueOf(r.taskId())).collect(toSet());
            Set<String> uncertain = records.stream()
                    .filter(r -> r.status() == TaskStatus.UNCERTAIN)
                    .map(r -> r.fingerprint().substring("fingerprint of ".length()))
                    .collect(toSet());
            assertThat(f.service.ledger().stream()
                            .filter(t -> !journalled.contains(t.taskId()))
                            .filter(t -> !uncertain.contains(t.script().name())))
                    .as("seed %d: charged, but neither known nor uncertain", seed)
                    .isEmpty();

            assertThat(records.stream().filter(r -> !r.status().isTerminal() && r.status() != TaskStatus.UNCERTAIN))
                    .as("seed %d: still open: %s", seed, f.warnings)
                    .isEmpty();
            assertThat(records.stream().filter(r -> r.delivery() == DeliveryState.OWNED))
                    .as("seed %d: owned, and nobody has it", seed)
                    .isEmpty();
        }
    }
}
