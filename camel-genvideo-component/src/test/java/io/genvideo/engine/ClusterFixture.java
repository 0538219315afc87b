/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.conformance.MortalLoop;
import io.genvideo.conformance.VirtualLoop;
import io.genvideo.engine.ScriptedProvider.Kind;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * Several engines over one database in virtual time, each with a process, a clock and a connection of its own: it can be
 * killed, frozen or cut off. Watches what the service sees: how many tasks are at work at once, and every poll.
 */
final class ClusterFixture implements AutoCloseable {
    /** Short, because nodes talk all the time. */
    static final Duration RETENTION = Duration.ofHours(3);

    private static final EngineSettings SETTINGS = new EngineSettings(
            EngineSettings.DEFAULT.watchFor(),
            EngineSettings.DEFAULT.recoverFor(),
            EngineSettings.DEFAULT.unavailableBudget(),
            EngineSettings.DEFAULT.stopGrace(),
            RETENTION,
            EngineSettings.DEFAULT.keyRetention());

    final VirtualLoop loop = new VirtualLoop();
    final ScriptedProvider service = new ScriptedProvider(loop);
    final UnreliableDatabase database;
    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private int names;
    private int mostAtWork;

    /** @param server {@code null} for H2 in memory */
    ClusterFixture(DataSource server, long seed) {
        random = new Random(seed);
        database = server == null
                ? UnreliableDatabase.inMemory("cluster" + System.nanoTime(), this::databaseTime, random)
                : UnreliableDatabase.over(server, this::databaseTime, random);
        service.listener(call -> {
            if (call.kind() == Kind.SUBMIT) {
                // this one is not in the ledger yet
                mostAtWork = Math.max(mostAtWork, atWork() + 1);
            }
        });
    }

    private Instant databaseTime() {
        return VirtualLoop.START.plus(loop.elapsed());
    }

    /** Tasks that the service has and that have not ended. */
    int atWork() {
        Instant now = databaseTime();
        return (int)
                service.ledger().stream().filter(t -> t.doneAt().isAfter(now)).count();
    }

    /** How many tasks were ever at work at once. */
    int mostAtWork() {
        return mostAtWork;
    }

    Node join() {
        return join(Duration.ZERO);
    }

    /** @param clockAhead how far the clock of the node's machine is ahead of the database's */
    Node join(Duration clockAhead) {
        Node node = new Node(clockAhead);
        nodes.add(node);
        node.start();
        return node;
    }

    /** Everything in the journal. */
    List<TaskRecord> records() throws SQLException {
        List<String> ids = new ArrayList<>();
        try (Connection connection = database.source().getConnection();
                ResultSet rows = connection
                        .prepareStatement("SELECT RECORD_ID FROM GENVIDEO_TASK")
                        .executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        try (JdbcTaskRepository reader = new JdbcTaskRepository(database.source())) {
            return reader.findAll(ids);
        }
    }

    void advance(Duration time) {
        loop.advance(time);
    }

    @Override
    public void close() throws SQLException {
        nodes.forEach(node -> node.repository.close());
        database.drop();
    }

    /** A process with an engine. */
    final class Node {
        private final MortalLoop process;
        private final JdbcTaskRepository repository;
        final TaskOwner owner = new TaskOwner("process-" + nodes.size(), "engine");
        final TaskEngine engine;
        final List<String> warnings = new ArrayList<>();
        int statements;
        private boolean cutOff;
        private boolean alive = true;

        private Node(Duration clockAhead) {
            process = new MortalLoop(new Skewed(loop, clockAhead));
            repository = new JdbcTaskRepository(breakable(database.source()));
            Executor thread = work -> process.schedule(Duration.ofMillis(random.nextInt(5)), work);
            engine = new TaskEngine(
                    process,
                    repository,
                    owner,
                    JournalExecutors.single(thread),
                    SETTINGS,
                    new TaskObserver() {
                        @Override
                        public void warning(String text) {
                            warnings.add(text);
                        }
                    },
                    new Random(random.nextLong()),
                    Runnable::run);
        }

        private void start() {
            repository.open(owner);
            engine.start();
            engine.use(account());
        }

        /** What this node may use of a limit of requests per second. */
        Requests requests(double limit) {
            Requests requests = new Requests(limit);
            EngineAccount plain = account();
            engine.shareRequests(new EngineAccount(plain.name(), plain.descriptor(), plain.provider(), requests));
            return requests;
        }

        final class Requests implements RequestRate {
            private final double limit;
            private double part;
            private Duration until = Duration.ZERO;

            private Requests(double limit) {
                this.limit = limit;
            }

            @Override
            public double limit() {
                return limit;
            }

            @Override
            public void share(double perSecond, Duration validFor) {
                part = perSecond;
                until = loop.elapsed().plus(validFor);
            }

            /** Whatever its process does: a rate ends by itself. */
            double perSecond() {
                return loop.elapsed().compareTo(until) < 0 ? part : 0;
            }
        }

        EngineAccount account() {
            return service.account("default");
        }

        /** A task of its own, which takes that long. */
        Exchange submit(Duration takes, int maxInFlight) {
            return submit("task" + ++names, takes, maxInFlight, Duration.ofMinutes(30));
        }

        Exchange submit(String name, Duration takes, int maxInFlight, Duration timeout) {
            service.on(name).takes(takes);
            return submit(name, maxInFlight, 100, timeout);
        }

        Exchange submit(String name, int maxInFlight, int maxStreams, Duration timeout) {
            return submit("record of " + name + " at " + owner.process(), name, maxInFlight, maxStreams, timeout);
        }

        /** @param recordId unique */
        Exchange submit(String recordId, String name, int maxInFlight, int maxStreams, Duration timeout) {
            Submission submission = Submission.builder(
                            recordId,
                            account(),
                            GenerationRequest.builder()
                                    .operation(Operation.TEXT_TO_VIDEO)
                                    .prompt(name)
                                    .build(),
                            "fingerprint of " + name)
                    .key(name)
                    .timeout(timeout)
                    .maxInFlight(maxInFlight)
                    .maxStreams(maxStreams)
                    .callOptions(CallOptions.timeout(Duration.ofSeconds(30)))
                    .build();
            return new Exchange(recordId, engine.submit(submission));
        }

        /** As it is in the journal. */
        TaskRecord record(String name) {
            return repository
                    .find("record of " + name + " at " + owner.process())
                    .orElseThrow();
        }

        /** What a {@code tasks} consumer of this node gets. */
        List<GenerationTask> take() {
            List<GenerationTask> taken = new ArrayList<>();
            engine.take(ScriptedProvider.NAME, null, Set.of(TaskStatus.SUCCEEDED), 10, 5)
                    .thenAccept(taken::addAll);
            advance(Duration.ofMillis(100));
            return taken;
        }

        /** Another process, which renews its lease and does not know what nodes share. */
        void runAsTheVersionBefore(String name, int tasks) {
            TaskOwner older = new TaskOwner(name, "engine");
            repository.renew(older, Duration.ofDays(1));
            for (int i = 0; i < tasks; i++) {
                TaskRecord reserved = repository.reserve(
                        TaskRecord.reservation(name + i)
                                .provider(ScriptedProvider.NAME)
                                .account(account().name())
                                .operation(Operation.TEXT_TO_VIDEO)
                                .fingerprint("f")
                                .owner(older)
                                .createdAt(databaseTime())
                                .build(),
                        Duration.ofDays(1));
                repository.update(
                        reserved.toBuilder()
                                .status(TaskStatus.SUBMITTING)
                                .status(TaskStatus.RUNNING)
                                .taskId("task of " + name + i)
                                .build(),
                        Duration.ofDays(1));
            }
        }

        boolean isAlive() {
            return alive;
        }

        /** The process ends at once. */
        void kill() {
            alive = false;
            process.die();
        }

        /** The process stands still, while the world's time goes on. */
        void freeze(Duration time) {
            process.pause(time);
        }

        /** The database can't be reached from here, or can be again. */
        void cutOff(boolean value) {
            cutOff = value;
        }

        /** As at SIGTERM. */
        void leave() {
            alive = false;
            engine.stop().thenRun(engine::release);
        }

        private DataSource breakable(DataSource real) {
            return proxy(DataSource.class, real);
        }

        private <T> T proxy(Class<T> type, T real) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (p, method, args) -> {
                if (cutOff && !method.getName().equals("close")) {
                    throw new SQLException("connection reset", "08006");
                }
                if (method.getName().equals("prepareStatement")) {
                    statements++;
                }
                try {
                    Object result = method.invoke(real, args);
                    return result instanceof Connection connection ? proxy(Connection.class, connection) : result;
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }));
        }
    }

    /** A machine whose clock is wrong. */
    private record Skewed(VirtualLoop world, Duration ahead) implements EventLoop {
        @Override
        public Instant now() {
            return world.now().plus(ahead);
        }

        @Override
        public Duration elapsed() {
            return world.elapsed();
        }

        @Override
        public void execute(Runnable step) {
            world.execute(step);
        }

        @Override
        public Timer schedule(Duration delay, Runnable step) {
            return world.schedule(delay, step);
        }
    }
}
