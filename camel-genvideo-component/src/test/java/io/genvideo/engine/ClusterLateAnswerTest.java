/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.ScriptedProvider.error;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ClusterFixture.Node;
import io.genvideo.engine.ScriptedProvider.ServiceTask;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.repository.jdbc.PostgresServer;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.RecoveryOutcome.Later;
import io.genvideo.spi.RecoveryOutcome.Unclear;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmitOutcome.Accepted;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * A create call is answered after the lease of its record has run out and another node has taken the record over. Whatever the
 * other node has made of it: the request is sent once, its task has one record, and it is delivered once
 * (docs/design.md section 4.11).
 */
class ClusterLateAnswerTest {
    private static final RecoveryOutcome UNCLEAR =
            new Unclear(error(ErrorCategory.UNCERTAIN_SUBMISSION, "the service can't tell"));
    private static final RecoveryOutcome LATER =
            new Later(error(ErrorCategory.SERVICE_UNAVAILABLE, "the service is down"), null);
    private static final String OVERTAKEN = "was written by another engine";
    private static final int CHAPTERS = 30;
    /** Each statement is a round trip to the server. */
    private static final int CHAPTERS_ON_POSTGRESQL = 6;
    /** In this short story late answers resolve uncertain records. */
    private static final long EVENTFUL = 0;

    // ---------------------------------------------------------------- sequences

    @Test
    void anAnswerToAFrozenOwnerResolvesTheRecordThatAnotherNodeMadeUncertain() throws SQLException {
        resolvesTheUncertainRecord(null, node -> node.freeze(ofMinutes(2)));
    }

    @Test
    void theSameHoldsOnPostgreSql() throws SQLException {
        resolvesTheUncertainRecord(PostgresServer.shared().newSchema(), node -> node.freeze(ofMinutes(2)));
    }

    @Test
    void anAnswerToAnOwnerWithoutTheDatabaseResolvesTheRecordThatAnotherNodeMadeUncertain() throws SQLException {
        resolvesTheUncertainRecord(null, node -> node.cutOff(true));
    }

    private interface Fault {
        void on(Node owner);
    }

    private static void resolvesTheUncertainRecord(DataSource server, Fault fault) throws SQLException {
        try (Cluster c = new Cluster(server, 1)) {
            c.f.service.everyRecovery(UNCLEAR);
            c.submit("cat", ofSeconds(20));
            c.f.advance(ofSeconds(1));
            fault.on(c.owner);
            c.f.advance(ofSeconds(95));
            assertThat(c.record("cat").status()).isEqualTo(TaskStatus.UNCERTAIN);
            assertThat(c.record("cat").owner()).isNotEqualTo(c.owner.owner.id());

            c.f.advance(ofMinutes(1));
            c.owner.cutOff(false);
            c.f.advance(ofMinutes(5));

            assertThat(c.owner.warnings).anyMatch(w -> w.contains(OVERTAKEN));
            assertThat(c.record("cat").status()).isEqualTo(TaskStatus.SUCCEEDED);
            c.assertEachTaskIsDeliveredOnce();
            assertThat(c.f.service.creates()).isEqualTo(1);
        }
    }

    @Test
    void anAnswerToAFrozenOwnerChangesNothingIfAnotherNodeHasFoundTheTask() throws SQLException {
        try (Cluster c = new Cluster(null, 1)) {
            c.submitCharged("cat", ofSeconds(20));
            c.f.advance(ofSeconds(1));
            c.owner.freeze(ofMinutes(2));
            c.f.advance(ofSeconds(95));
            TaskRecord found = c.record("cat");
            assertThat(found.taskId()).isEqualTo("task-1");
            assertThat(found.owner()).isNotEqualTo(c.owner.owner.id());
            c.f.advance(ofMinutes(5));

            assertThat(c.record("cat").status()).isEqualTo(TaskStatus.SUCCEEDED);
            c.assertEachTaskIsDeliveredOnce();
            assertThat(c.f.service.creates()).isEqualTo(1);
        }
    }

    @Test
    void aKilledOwnerLeavesAnUncertainRecordThatIsNotSentAgain() throws SQLException {
        try (Cluster c = new Cluster(null, 1)) {
            c.f.service.everyRecovery(UNCLEAR);
            c.submit("cat", ofSeconds(20));
            c.f.advance(ofSeconds(1));
            c.owner.kill();
            c.f.advance(ofMinutes(5));
            assertThat(c.other.submit("cat", 8, 100, ofMinutes(5)).isOver()).isFalse();
            c.f.advance(ofMinutes(6));

            assertThat(c.record("cat").status()).isEqualTo(TaskStatus.UNCERTAIN);
            assertThat(c.f.service.creates()).isEqualTo(1);
        }
    }

    // ---------------------------------------------------------------- stories

    /** With too few answers that come after another node has written the record, the stories show nothing. */
    @Test
    void everyChargeHasOneRecordAndOneDeliveryHoweverLateItsAnswerComes() throws SQLException {
        long[] seeds = Stories.seeds(8).toArray();
        Told told = tell(seeds, CHAPTERS, null, () -> null);
        assertThat(told.overtaken).as("writes after a takeover").isGreaterThan(2 * seeds.length);
        assertThat(told.resolved)
                .as("uncertain records that their late answers have resolved")
                .isGreaterThan(seeds.length);
    }

    @Test
    void everyChargeHasOneRecordAndOneDeliveryOnPostgreSqlToo() throws SQLException {
        long[] seeds = LongStream.concat(LongStream.of(EVENTFUL), Stories.seeds(1))
                .distinct()
                .toArray();
        Told told = tell(seeds, CHAPTERS_ON_POSTGRESQL, UNCLEAR, PostgresServer.shared()::newSchema);
        assertThat(told.overtaken).as("writes after a takeover").isPositive();
        assertThat(told.resolved)
                .as("uncertain records that their late answers have resolved")
                .isPositive();
    }

    /** What happened in some stories. */
    private record Told(int overtaken, long resolved) {}

    /** @param recovery what a recovery finds at first; {@code null} for what the service has */
    private static Told tell(long[] seeds, int chapters, RecoveryOutcome recovery, Supplier<DataSource> server)
            throws SQLException {
        int overtaken = 0;
        long resolved = 0;
        for (long seed : seeds) {
            try (Cluster c = new Cluster(server.get(), seed)) {
                c.f.service.everyRecovery(recovery);
                c.tell(new Random(seed), chapters);
                overtaken += c.overtaken();
                resolved += c.resolved();
            }
        }
        return new Told(overtaken, resolved);
    }

    /** Two nodes, and what their routes do: exchanges use their results, and consumers take the others. */
    private static final class Cluster implements AutoCloseable {
        private final ClusterFixture f;
        private final long seed;
        private final List<Node> alive = new ArrayList<>();
        private final List<Node> all = new ArrayList<>();
        private final Node owner;
        private final Node other;
        private final Map<Exchange, Node> waiting = new HashMap<>();
        private final List<String> delivered = new ArrayList<>();
        private int names;
        /** Of the requests whose records were uncertain while their nodes could still receive the answers. */
        private final Set<String> uncertain = new HashSet<>();
        /** Which node has sent each request. */
        private final Map<String, Node> senders = new HashMap<>();
        /** Nobody cuts this one off. */
        private final JdbcTaskRepository journal;

        Cluster(DataSource server, long seed) {
            this.f = new ClusterFixture(server, seed);
            this.seed = seed;
            journal = new JdbcTaskRepository(f.database.source());
            journal.open(new TaskOwner("reader", "test"));
            f.service.stateful();
            owner = join();
            other = join();
            f.advance(ofSeconds(15));
        }

        private Node join() {
            Node node = f.join();
            alive.add(node);
            all.add(node);
            return node;
        }

        /** Charged when it is answered. */
        void submit(String name, Duration answeredAfter) {
            f.service.on(name).createAfter(answeredAfter);
            send(owner, name);
        }

        /** Charged at once: the service can find the task before it answers. */
        void submitCharged(String name, Duration answeredAfter) {
            charge(name, answeredAfter);
            send(owner, name);
        }

        private void charge(String name, Duration answeredAfter) {
            TaskScript script = f.service.on(name);
            script.create(() -> {
                ServiceTask task = f.service.charge(script);
                CompletableFuture<SubmitOutcome> answer = new CompletableFuture<>();
                f.service.after(
                        answeredAfter,
                        () -> answer.complete(new Accepted(task.taskId(), TaskStatus.QUEUED, null, null)));
                return answer;
            });
        }

        private void send(Node node, String name) {
            waiting.put(node.submit(name, 8, 100, ofMinutes(30)), node);
            senders.put(name, node);
        }

        void tell(Random random, int chapters) {
            for (int chapter = 0; chapter < chapters; chapter++) {
                Node node = alive.get(random.nextInt(alive.size()));
                switch (random.nextInt(10)) {
                    case 0 -> killAndReplace(node);
                    case 1 -> node.cutOff(true);
                    case 2 -> alive.forEach(n -> n.cutOff(false));
                    case 3 -> f.service.everyRecovery(random.nextInt(3) == 0 ? LATER : UNCLEAR);
                    case 4 -> f.service.everyRecovery(null);
                    case 5, 6 -> sendSlow(node, random);
                    default -> {
                        sendSlow(node, random);
                        f.advance(ofSeconds(1));
                        // longer than the lease of a record whose create call is under way
                        node.freeze(ofSeconds(70 + random.nextInt(120)));
                    }
                }
                f.advance(ofMillis((long) Math.pow(10, 2 + 3 * random.nextDouble())));
                deliver();
            }
            alive.forEach(n -> n.cutOff(false));
            f.service.everyRecovery(null);
            f.advance(ofMinutes(20));
            assertEachTaskIsDeliveredOnce();
        }

        private void sendSlow(Node node, Random random) {
            int requests = 1 + random.nextInt(3);
            for (int i = 0; i < requests; i++) {
                String name = "film" + ++names;
                charge(name, ofSeconds(5 + random.nextInt(random.nextBoolean() ? 25 : 200)));
                f.service.on(name).takes(ofSeconds(random.nextInt(60)));
                send(node, name);
            }
        }

        /** Its answers come to nobody. */
        private void killAndReplace(Node node) {
            node.kill();
            alive.remove(node);
            join();
        }

        /** What each node can use now is used, before anything happens to the node. */
        private void deliver() {
            waiting.entrySet().removeIf(e -> e.getKey().isOver() && use(e.getKey(), e.getValue()));
            f.advance(ofMillis(200));
            senders.keySet().stream()
                    .filter(name -> senders.get(name).isAlive())
                    .filter(name -> find(name)
                            .filter(r -> r.status() == TaskStatus.UNCERTAIN)
                            .isPresent())
                    .forEach(uncertain::add);
        }

        private boolean use(Exchange exchange, Node node) {
            if (node.isAlive() && !exchange.hasFailed() && exchange.outcome().owned()) {
                GenerationTask task = exchange.task();
                node.engine
                        .settle(task.recordId(), exchange.recordId(), true)
                        .thenRun(() -> delivered.add(task.handle()));
            }
            return true;
        }

        private Optional<TaskRecord> find(String name) {
            return journal.find(
                    "record of " + name + " at " + senders.get(name).owner.process());
        }

        TaskRecord record(String name) {
            return find(name).orElseThrow();
        }

        /** A task whose answer came to a killed node may be uncertain instead. */
        void assertEachTaskIsDeliveredOnce() {
            deliver();
            Node consumer = alive.get(alive.size() - 1);
            for (List<GenerationTask> taken = consumer.take(); !taken.isEmpty(); taken = consumer.take()) {
                taken.forEach(t -> consumer.engine.acknowledge(t.recordId()).thenRun(() -> delivered.add(t.handle())));
                f.advance(ofSeconds(1));
            }
            List<String> known = new ArrayList<>();
            Set<String> charged = new HashSet<>();
            for (ServiceTask task : f.service.ledger()) {
                String name = task.script().name();
                assertThat(charged.add(name))
                        .as("seed %d: %s is charged once", seed, name)
                        .isTrue();
                TaskRecord record = find(name).orElse(null);
                boolean lost =
                        !senders.get(name).isAlive() && record != null && record.status() == TaskStatus.UNCERTAIN;
                if (!lost) {
                    known.add(task.taskId());
                    assertThat(record)
                            .as("seed %d: %s is journalled", seed, name)
                            .isNotNull();
                    assertThat(record.taskId()).as("seed %d: %s", seed, record).isEqualTo(task.taskId());
                    assertThat(record.delivery())
                            .as("seed %d: %s", seed, record)
                            .isEqualTo(DeliveryState.DELIVERED);
                }
            }
            assertThat(delivered).as("seed %d: delivered", seed).containsExactlyInAnyOrderElementsOf(known);
        }

        @Override
        public void close() throws SQLException {
            journal.close();
            f.close();
        }

        /** Of the requests that were uncertain, those that a late answer has resolved. */
        long resolved() {
            return uncertain.stream()
                    .filter(name -> record(name).status() == TaskStatus.SUCCEEDED)
                    .count();
        }

        /** Writes that came after another node had written the record. */
        int overtaken() {
            return (int) all.stream()
                    .flatMap(n -> n.warnings.stream())
                    .filter(w -> w.contains(OVERTAKEN))
                    .count();
        }
    }
}
