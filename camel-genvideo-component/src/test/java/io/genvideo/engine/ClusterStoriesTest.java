/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ClusterFixture.Node;
import io.genvideo.repository.jdbc.PostgresServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random stories of nodes that join, leave, are killed, frozen or cut off from the database while they work on more tasks than
 * the account may have at once. Whatever happens, the service never has more of them than allowed, charges none twice, and
 * every exchange of a node that lives gets its result. {@link Stories} tells how to run more of them.
 */
class ClusterStoriesTest {
    private static final int CHAPTERS = 40;
    private static final int MOST_NODES = 4;

    static LongStream seeds() {
        return Stories.seeds(5);
    }

    /** A node is back just when another one has taken up its tasks, and takes its part again before that one has told so. */
    @Test
    void theSameHoldsIfANodeIsBackWhileItsTasksAreTakenUp() throws SQLException {
        tell(1046, null);
    }

    static LongStream fewSeeds() {
        return Stories.seeds(2);
    }

    @ParameterizedTest
    @MethodSource("fewSeeds")
    void theSameHoldsIfEndpointsHaveDifferentLimits(long seed) throws SQLException {
        try (ClusterFixture f = new ClusterFixture(null, seed)) {
            new Story(f, seed, true).tell();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theServiceNeverHasMoreTasksThanAllowed(long seed) throws SQLException {
        tell(seed, null);
    }

    @ParameterizedTest
    @ValueSource(longs = 201)
    void theSameHoldsOnPostgreSql(long seed) throws SQLException {
        tell(seed, PostgresServer.shared().newSchema());
    }

    private static void tell(long seed, DataSource server) throws SQLException {
        try (ClusterFixture f = new ClusterFixture(server, seed)) {
            new Story(f, seed, false).tell();
        }
    }

    private static final class Story {
        private final ClusterFixture f;
        private final long seed;
        private final Random random;
        private final int allowed;
        private final boolean mixed;
        private final List<Node> nodes = new ArrayList<>();
        private final Map<Exchange, Node> exchanges = new HashMap<>();

        /** @param mixed whether some endpoints allow less than others */
        Story(ClusterFixture f, long seed, boolean mixed) {
            this.f = f;
            this.seed = seed;
            this.random = new Random(seed);
            this.allowed = 1 + random.nextInt(10);
            this.mixed = mixed;
            // so that what a killed node has sent is found again, and counts
            f.service.stateful();
            nodes.add(f.join());
        }

        void tell() {
            for (int chapter = 0; chapter < CHAPTERS; chapter++) {
                Node node = nodes.get(random.nextInt(nodes.size()));
                switch (random.nextInt(9)) {
                    case 0 -> join();
                    case 1 -> end(node, Node::kill);
                    case 2 -> end(node, Node::leave);
                    case 3 -> node.freeze(ofSeconds(random.nextInt(120)));
                    case 4 -> node.cutOff(true);
                    case 5 -> nodes.forEach(n -> n.cutOff(false));
                    default -> submit(node);
                }
                f.advance(ofMillis((long) Math.pow(10, 1 + 3.5 * random.nextDouble())));
            }
            nodes.forEach(n -> n.cutOff(false));
            f.advance(ofMinutes(40));
            assertPromises();
        }

        private void join() {
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

        private void submit(Node node) {
            int tasks = 1 + random.nextInt(6);
            int most = mixed ? 1 + random.nextInt(allowed) : allowed;
            for (int i = 0; i < tasks; i++) {
                exchanges.put(node.submit(ofMillis(random.nextInt(60_000)), most), node);
            }
        }

        private void assertPromises() {
            assertThat(f.mostAtWork()).as("seed %d: at work at once", seed).isLessThanOrEqualTo(allowed);
            Map<String, Long> charges = f.service.ledger().stream()
                    .collect(groupingBy(t -> t.script().name(), counting()));
            assertThat(charges.values()).as("seed %d: %s", seed, charges).allMatch(n -> n == 1);
            exchanges.forEach((exchange, node) -> {
                if (node.isAlive()) {
                    assertThat(exchange.isOver())
                            .as("seed %d: %s, allowed %d: %s", seed, exchange.recordId(), allowed, node.warnings)
                            .isTrue();
                }
            });
        }
    }
}
