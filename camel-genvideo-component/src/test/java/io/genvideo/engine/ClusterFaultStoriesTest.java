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

import io.genvideo.engine.ClusterFixture.Node;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random stories of nodes over a database that loses the confirmations of writes, makes transactions give way and has its clock
 * set, while messages with the same key come to several nodes, endpoints have different limits, and webhooks arrive in bursts.
 * Whatever happens, no key is charged twice, no charge is forgotten, every exchange of a living node ends, and nothing stays open.
 * {@link Stories} tells how to run more of them.
 */
class ClusterFaultStoriesTest {
    private static final int CHAPTERS = 30;
    private static final int MOST_NODES = 5;

    static LongStream seeds() {
        return Stories.seeds(2);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyChargeIsAccountedForOnceAndNothingStaysOpen(long seed) throws SQLException {
        try (ClusterFixture f = new ClusterFixture(null, seed)) {
            new Story(f, seed).tell();
        }
    }

    private static final class Story {
        private final ClusterFixture f;
        private final long seed;
        private final Random random;
        private final List<Node> nodes = new ArrayList<>();
        private final Map<Exchange, Node> exchanges = new LinkedHashMap<>();
        private final Set<Exchange> settled = new HashSet<>();

        Story(ClusterFixture f, long seed) {
            this.f = f;
            this.seed = seed;
            this.random = new Random(seed);
            if (random.nextBoolean()) {
                f.service.stateful();
            }
            nodes.add(f.join());
        }

        void tell() throws SQLException {
            for (int chapter = 0; chapter < CHAPTERS; chapter++) {
                Node node = nodes.get(random.nextInt(nodes.size()));
                switch (random.nextInt(15)) {
                    case 0 -> join();
                    case 1 -> end(node, Node::kill);
                    case 2 -> end(node, Node::leave);
                    case 3 -> node.freeze(ofSeconds(random.nextInt(120)));
                    case 4 -> node.cutOff(true);
                    case 5 -> f.database.failWrites(random.nextDouble() / 2);
                    case 6 -> f.database.makeGiveWay(random.nextDouble() / 3);
                    case 7 -> calm();
                    case 8 -> setClock();
                    case 9 -> hint(node);
                    default -> submit(node);
                }
                f.advance(ofMillis((long) Math.pow(10, 1 + 3.5 * random.nextDouble())));
                settle();
            }
            calm();
            f.advance(ofHours(1));
            settle();
            f.advance(ofMinutes(10));
            assertPromises();
        }

        private void calm() {
            f.database.failWrites(0);
            f.database.makeGiveWay(0);
            nodes.forEach(n -> n.cutOff(false));
        }

        private void setClock() {
            int bound = random.nextBoolean() ? 10 : 600;
            f.database.setClock(ofMinutes(random.nextInt(bound) - bound / 2));
        }

        private void join() {
            calm();
            if (nodes.size() < MOST_NODES) {
                nodes.add(f.join(ofMinutes(random.nextInt(600) - 300)));
            }
        }

        /** One stays. */
        private void end(Node node, Consumer<Node> how) {
            if (nodes.size() > 1) {
                how.accept(node);
                nodes.remove(node);
            }
        }

        private void hint(Node node) {
            f.service.ledger().forEach(t -> node.engine.hint(ScriptedProvider.NAME, t.taskId()));
            for (int i = 0; i < 200; i++) {
                node.engine.hint(ScriptedProvider.NAME, "nobody's " + i);
            }
        }

        private void submit(Node node) {
            int limit = 1 + random.nextInt(10);
            for (int tasks = 1 + random.nextInt(4); tasks > 0; tasks--) {
                String name = "key" + random.nextInt(12);
                TaskScript script = f.service.on(name).takes(ofMillis(random.nextInt(60_000)));
                if (random.nextInt(8) == 0) {
                    script.createLost();
                }
                exchanges.put(
                        node.submit(
                                "record " + exchanges.size(),
                                name,
                                limit,
                                100,
                                ofSeconds(1 + random.nextInt(random.nextBoolean() ? 20 : 1000))),
                        node);
            }
        }

        private void settle() {
            exchanges.forEach((e, node) -> {
                if (node.isAlive()
                        && e.isOver()
                        && !e.hasFailed()
                        && e.outcome().owned()
                        && settled.add(e)) {
                    node.engine.settle(e.task().recordId(), e.recordId(), random.nextInt(4) > 0);
                }
            });
        }

        private void assertPromises() throws SQLException {
            Map<String, Long> charges = f.service.ledger().stream()
                    .collect(groupingBy(t -> t.script().name(), counting()));
            assertThat(charges.values())
                    .as("seed %d: charged twice: %s", seed, charges)
                    .allMatch(n -> n == 1);
            exchanges.forEach((exchange, node) -> {
                if (node.isAlive()) {
                    assertThat(exchange.isOver())
                            .as("seed %d: %s waits: %s", seed, exchange.recordId(), node.warnings)
                            .isTrue();
                }
            });
            List<TaskRecord> records = f.records();
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
                    .as("seed %d: still open: %s", seed, nodes.get(0).warnings)
                    .isEmpty();
            assertThat(records.stream().filter(r -> r.delivery() == DeliveryState.OWNED))
                    .as("seed %d: owned, and nobody has it", seed)
                    .isEmpty();
        }
    }
}
