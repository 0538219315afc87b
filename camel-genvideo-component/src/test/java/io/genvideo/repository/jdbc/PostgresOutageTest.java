/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskWrite;
import io.genvideo.spi.WriteResult;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the journal when its PostgreSQL server is restarted, hangs, or loses the answer of a commit. */
class PostgresOutageTest {
    private static final TaskOwner ME = new TaskOwner("1-100", "one");
    private static final Duration LEASE = Duration.ofHours(1);

    private static TaskRecord fresh(String id) {
        return TaskRecord.reservation(id)
                .provider("p")
                .account("p/a")
                .operation(Operation.GENERATE)
                .key("key of " + id)
                .fingerprint("f")
                .owner(ME)
                .createdAt(Instant.EPOCH)
                .build();
    }

    private static TaskRecord announced(TaskRecord reserved) {
        return reserved.toBuilder()
                .status(TaskStatus.SUBMITTING)
                .delivery(DeliveryState.OWNED)
                .build();
    }

    private static JdbcTaskRepository opened(DataSource source) {
        JdbcTaskRepository journal = new JdbcTaskRepository(source);
        journal.open(ME);
        return journal;
    }

    @Test
    void everyConfirmedWriteIsThereAfterTheServerWasStoppedAndStarted(@TempDir Path files) throws Exception {
        PostgresServer before = PostgresServer.over(files, 0);
        int port = before.port();
        try (JdbcTaskRepository journal = opened(before.newSchema())) {
            List<String> confirmed = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                confirmed.add(journal.reserve(fresh("r" + i), LEASE).recordId());
            }
            journal.renew(ME, LEASE);
            before.close();
            assertThatThrownBy(() -> journal.find("r0")).isInstanceOf(JdbcRepositoryException.class);
            try (PostgresServer after = PostgresServer.over(files, port)) {
                assertThat(after.port()).isEqualTo(port);
                assertThat(catchThrowable(() -> journal.renew(ME, LEASE)))
                        .as("the second connection has not noticed yet")
                        .isInstanceOf(JdbcRepositoryException.class);
                journal.renew(ME, LEASE);
                assertThat(journal.findAll(confirmed)).hasSize(20);
                journal.update(announced(journal.find("r0").orElseThrow()), LEASE);
            }
        }
    }

    @Test
    void aServerThatHangsFailsTheCallAfterItsTimeAndIsUsedAgainWhenItResponds() throws Exception {
        try (StallingProxy proxy = new StallingProxy(PostgresServer.shared().port());
                JdbcTaskRepository journal = behind(proxy, Duration.ofMillis(300))) {
            TaskRecord reserved = journal.reserve(fresh("r"), LEASE);
            proxy.stall();
            assertThatThrownBy(() -> journal.update(announced(reserved), LEASE))
                    .isInstanceOf(JdbcRepositoryException.class);
            assertThatThrownBy(() -> journal.find("r"))
                    .isInstanceOf(JdbcRepositoryException.class)
                    .hasMessageContaining("no connection within 300 ms");
            proxy.resume();
            assertThat(journal.find("r").map(TaskRecord::version).orElseThrow()).isBetween(0L, 1L);
        }
    }

    @Test
    void closeBreaksOffTheCallsOfBothConnectionsAfterOneWaitOfTwoSeconds() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (StallingProxy proxy = new StallingProxy(PostgresServer.shared().port());
                JdbcTaskRepository journal = behind(proxy, Duration.ofMinutes(10))) {
            proxy.stall(2);
            Future<?> read = pool.submit((Callable<?>) () -> journal.find("r"));
            Future<?> renewal = pool.submit(() -> journal.renew(ME, LEASE));
            proxy.awaitStalled();
            long begun = System.nanoTime();
            journal.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
            for (Future<?> hanging : List.of(read, renewal)) {
                assertThatThrownBy(() -> hanging.get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(JdbcRepositoryException.class);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static JdbcTaskRepository behind(StallingProxy proxy, Duration callTimeout) throws SQLException {
        DataSource schema = PostgresServer.shared().newSchema();
        String name;
        try (Connection connection = schema.getConnection()) {
            name = connection.getSchema();
        }
        JdbcTaskRepository journal = new JdbcTaskRepository(PostgresServer.source(proxy.port(), name, ""));
        journal.open(ME);
        journal.setCallTimeout(callTimeout);
        journal.close();
        journal.renew(ME, LEASE);
        journal.find("warm");
        return journal;
    }

    /** All writes of the group have failed for whoever made them, and are found when they are read. */
    @Test
    void aGroupWhoseCommitWasNotAnsweredIsReadBack() throws Exception {
        AtomicInteger answersToLose = new AtomicInteger();
        try (JdbcTaskRepository journal = opened(losing(PostgresServer.shared().newSchema(), answersToLose))) {
            List<TaskRecord> reserved = IntStream.range(0, 10)
                    .mapToObj(i -> journal.reserve(fresh("r" + i), LEASE))
                    .toList();
            List<TaskWrite> writes = reserved.stream()
                    .map(r -> TaskWrite.update(announced(r), LEASE))
                    .toList();
            answersToLose.set(1);
            assertThat(journal.writeAll(writes))
                    .extracting(WriteResult::failure)
                    .allMatch(JdbcRepositoryException.class::isInstance);
            assertThat(journal.writeAll(writes))
                    .extracting(WriteResult::failure)
                    .allMatch(StaleRecordException.class::isInstance);
            assertThat(journal.findAll(
                            reserved.stream().map(TaskRecord::recordId).toList()))
                    .containsExactlyInAnyOrderElementsOf(
                            writes.stream().map(TaskWrite::record).toList());
        }
    }

    @Test
    void aPoolThatRunsDryFailsTheCallAndIsUsedAgainWhenItHasAConnection() throws Exception {
        AtomicInteger free = new AtomicInteger(1);
        try (JdbcTaskRepository journal = opened(pool(PostgresServer.shared().newSchema(), free))) {
            TaskRecord reserved = journal.reserve(fresh("r"), LEASE);
            assertThatThrownBy(() -> journal.renew(ME, LEASE))
                    .isInstanceOf(JdbcRepositoryException.class)
                    .hasMessageContaining("timed out after 30000ms");
            journal.update(announced(reserved), LEASE);
            free.incrementAndGet();
            journal.renew(ME, LEASE);
        }
    }

    private static DataSource pool(DataSource real, AtomicInteger free) {
        return source(() -> {
            if (free.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
                throw new SQLTransientConnectionException(
                        "Connection is not available, request timed out after 30000ms");
            }
            return real.getConnection();
        });
    }

    private static DataSource losing(DataSource real, AtomicInteger answersToLose) {
        return source(() -> losing(real.getConnection(), answersToLose));
    }

    private static DataSource source(Callable<Connection> connections) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> connections.call());
    }

    private static Connection losing(Connection real, AtomicInteger answersToLose) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        if (method.getName().equals("commit")
                                && answersToLose.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                            throw new SQLException("An I/O error occurred while sending to the backend.", "08006");
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
