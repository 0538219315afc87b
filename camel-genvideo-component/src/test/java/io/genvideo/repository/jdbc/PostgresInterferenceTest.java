/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskWrite;
import io.genvideo.spi.WriteResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the journal does when somebody else works in its database, or the server limits or refuses its statements. */
@Timeout(60)
class PostgresInterferenceTest {
    private static final TaskOwner ME = new TaskOwner("1-100", "one");
    private static final Duration LEASE = Duration.ofHours(1);
    /** Like the journal's own limit, only shorter. */
    private static final String IMPATIENT = "lock_timeout=200";

    private static final String SECRET = "FZa9Qsecret";
    private static final String PRIVATE = "customer Miller";

    private final DataSource database = PostgresServer.shared().newSchema();

    private static JdbcTaskRepository opened(DataSource source) {
        JdbcTaskRepository journal = new JdbcTaskRepository(source);
        journal.open(ME);
        return journal;
    }

    /** @param option of the server, for the connections of the journal */
    private JdbcTaskRepository opened(String option) throws SQLException {
        return opened(limited(option));
    }

    private DataSource limited(String option) throws SQLException {
        return PostgresServer.source(PostgresServer.shared().port(), schema(), "&options=-c%20" + option);
    }

    private static TaskRecord fresh(String id) {
        return fresh(id, ME);
    }

    private static TaskRecord fresh(String id, TaskOwner owner) {
        return TaskRecord.reservation(id)
                .provider("p")
                .account("p/a")
                .operation(Operation.GENERATE)
                .key("key of " + id)
                .fingerprint("f")
                .owner(owner)
                .reference(PRIVATE)
                .createdAt(Instant.EPOCH)
                .build();
    }

    private static TaskRecord announced(TaskRecord reserved) {
        return reserved.toBuilder()
                .status(TaskStatus.SUBMITTING)
                .delivery(DeliveryState.OWNED)
                .build();
    }

    private static TaskRecord succeeded(TaskRecord reserved) {
        Media media = new Media(
                URI.create("https://cdn.example/a.mp4?Expires=1&Signature=" + SECRET),
                MediaKind.VIDEO,
                null,
                null,
                null,
                null,
                null,
                null);
        return reserved.toBuilder()
                .status(TaskStatus.SUBMITTING)
                .status(TaskStatus.SUCCEEDED)
                .taskId("t")
                .media(List.of(media))
                .raw(Map.of("note", PRIVATE))
                .build();
    }

    private Connection inTransaction(String sql) throws SQLException {
        Connection other = database.getConnection();
        other.setAutoCommit(false);
        other.createStatement().execute(sql);
        return other;
    }

    private static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.createStatement().execute(sql);
        }
    }

    // ---------------------------------------------------------------- locks

    @Test
    void aRowThatSomebodyElseHasLockedFailsAlone() throws SQLException {
        try (JdbcTaskRepository journal = opened(IMPATIENT)) {
            List<TaskWrite> writes = new ArrayList<>();
            for (String id : List.of("free", "locked", "free too")) {
                writes.add(TaskWrite.update(announced(journal.reserve(fresh(id), LEASE)), LEASE));
            }
            writes.add(TaskWrite.reserve(fresh("new"), LEASE));
            try (Connection other =
                    inTransaction("SELECT * FROM GENVIDEO_TASK WHERE RECORD_ID = 'locked' FOR UPDATE")) {
                List<WriteResult> results = journal.writeAll(writes);
                assertThat(results.get(0).orThrow().recordId()).isEqualTo("free");
                assertThat(results.get(1).failure()).isInstanceOf(JdbcRepositoryException.class);
                assertThat(results.get(2).orThrow().recordId()).isEqualTo("free too");
                assertThat(results.get(3).orThrow().recordId()).isEqualTo("new");
                other.rollback();
            }
            assertThat(journal.writeAll(writes.subList(1, 2)).get(0).failure()).isNull();
        }
    }

    @Test
    void aKeyThatSomebodyElseIsWritingFailsAlone() throws SQLException {
        try (JdbcTaskRepository journal = opened(IMPATIENT)) {
            TaskRecord known = journal.reserve(fresh("known"), LEASE);
            try (Connection other = inTransaction(
                    "INSERT INTO GENVIDEO_TASK (RECORD_ID, VERSION, PROVIDER, ACCOUNT,"
                            + " OPERATION, IDEMPOTENCY_KEY, FINGERPRINT, STATUS, DELIVERY, ATTEMPT, CREATES, DELIVERIES, CREATED_AT)"
                            + " VALUES ('other', 0, 'p', 'p/a', 'GENERATE', 'key of new', 'f', 'RESERVED', 'OWNED', 1, 0, 0, now())")) {
                List<WriteResult> results = journal.writeAll(
                        List.of(TaskWrite.reserve(fresh("new"), LEASE), TaskWrite.update(announced(known), LEASE)));
                assertThat(results.get(0).failure()).isInstanceOf(JdbcRepositoryException.class);
                assertThat(results.get(1).orThrow()).isEqualTo(announced(known));
                other.rollback();
            }
        }
    }

    @Test
    void aLockedRowDoesNotHoldUpAClaimOfOthers() throws SQLException {
        try (JdbcTaskRepository journal = opened(IMPATIENT)) {
            TaskOwner gone = new TaskOwner("2-200", "gone");
            for (String id : List.of("free", "locked")) {
                journal.reserve(fresh(id, gone), Duration.ZERO);
            }
            journal.renew(ME, LEASE);
            try (Connection other =
                    inTransaction("SELECT * FROM GENVIDEO_TASK WHERE RECORD_ID = 'locked' FOR UPDATE")) {
                assertThat(journal.claimLapsed(ME, Set.of(), LEASE, 10))
                        .extracting(TaskRecord::recordId)
                        .containsExactly("free");
                other.rollback();
            }
        }
    }

    @Test
    void theLimitOfTheServerForStatementsFailsOneWriteOnly() throws SQLException {
        try (JdbcTaskRepository journal = opened("statement_timeout=200")) {
            TaskRecord locked = journal.reserve(fresh("locked"), LEASE);
            TaskRecord free = journal.reserve(fresh("free"), LEASE);
            try (Connection other =
                    inTransaction("SELECT * FROM GENVIDEO_TASK WHERE RECORD_ID = 'locked' FOR UPDATE")) {
                List<WriteResult> results = journal.writeAll(
                        List.of(TaskWrite.update(announced(locked), LEASE), TaskWrite.update(announced(free), LEASE)));
                assertThat(results.get(0).failure()).hasMessageContaining("57014");
                assertThat(results.get(1).orThrow()).isEqualTo(announced(free));
                other.rollback();
            }
        }
    }

    /** The server itself lets the journal wait for ever, and the application's own statements too. */
    @Test
    void aConnectionGoesBackToItsPoolAsItWas() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database);
        config.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            try (JdbcTaskRepository journal = opened(pool)) {
                journal.renew(ME, LEASE);
            }
            try (Connection one = pool.getConnection();
                    Connection two = pool.getConnection()) {
                assertThat(lockTimeout(one)).isEqualTo("0");
                assertThat(lockTimeout(two)).isEqualTo("0");
            }
        }
    }

    @Test
    void aPoolThatRestoresNothingGetsItsConnectionsBackAsTheyWere() throws SQLException {
        List<Connection> connections = new ArrayList<>();
        try (JdbcTaskRepository journal = opened(lending(recording(database, connections)))) {
            journal.renew(ME, LEASE);
        }
        assertThat(connections).hasSize(2);
        for (Connection connection : connections) {
            try (connection) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(77_000);
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(lockTimeout(connection)).isEqualTo("0");
            }
        }
    }

    /** Its connections have settings of their own and stay open when they are closed. */
    private static DataSource lending(DataSource real) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    Connection connection = real.getConnection();
                    connection.setNetworkTimeout(Runnable::run, 77_000);
                    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                    return Proxy.newProxyInstance(
                            Connection.class.getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (lent, call, values) ->
                                    call.getName().equals("close") ? null : call.invoke(connection, values));
                });
    }

    @Test
    void aLockTimeoutOfTheConnectionStays() throws SQLException {
        List<Connection> connections = new ArrayList<>();
        try (JdbcTaskRepository journal = opened(recording(limited("lock_timeout=1234"), connections))) {
            journal.renew(ME, LEASE);
            assertThat(connections).hasSize(2);
            for (Connection connection : connections) {
                assertThat(lockTimeout(connection)).isEqualTo("1234ms");
            }
        }
    }

    /** A lease lasts 30 s, and is renewed every 10 s. */
    @Test
    void aCallThatHangsOrIsBlockedFailsWhileTheLeaseCanStillBeRenewed() throws SQLException {
        List<Connection> connections = new ArrayList<>();
        try (JdbcTaskRepository journal = new JdbcTaskRepository(recording(database, connections))) {
            journal.open(ME);
            journal.renew(ME, LEASE);
            assertThat(connections.get(0).getNetworkTimeout()).isEqualTo(30_000);
            assertThat(connections.get(1).getNetworkTimeout()).isLessThan(10_000);
            assertThat(lockTimeout(connections.get(0))).isEqualTo("2s");
            assertThat(lockTimeout(connections.get(1))).isEqualTo("2s");
        }
    }

    // ---------------------------------------------------------------- what is logged

    /** Messages of the journal's failures are logged, and routes get them. */
    @Test
    void aFailureQuotesNothingOfWhatWasToBeWritten() throws SQLException {
        try (JdbcTaskRepository journal = opened(IMPATIENT)) {
            TaskRecord record = journal.reserve(fresh("r"), LEASE);
            execute(database, "ALTER TABLE GENVIDEO_TASK ADD CONSTRAINT NO_MEDIA CHECK (MEDIA IS NULL)");
            assertQuotesNothing(
                    journal.writeAll(List.of(TaskWrite.update(succeeded(record), LEASE)))
                            .get(0)
                            .failure(),
                    "NO_MEDIA");
            execute(database, "ALTER TABLE GENVIDEO_TASK DROP CONSTRAINT NO_MEDIA");
            try (Connection other = inTransaction("LOCK TABLE GENVIDEO_TASK IN EXCLUSIVE MODE")) {
                List<WriteResult> results = journal.writeAll(
                        List.of(TaskWrite.update(succeeded(record), LEASE), TaskWrite.reserve(fresh("second"), LEASE)));
                for (WriteResult result : results) {
                    assertQuotesNothing(result.failure(), "lock timeout");
                }
                other.rollback();
            }
        }
    }

    private static void assertQuotesNothing(RuntimeException failure, String reason) {
        assertThat(failure).isInstanceOf(JdbcRepositoryException.class);
        assertThat(failure.getMessage()).hasSizeLessThan(500).containsIgnoringCase(reason);
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString())
                .contains("Database.runLocked")
                .contains("Caused by")
                .doesNotContain(SECRET, PRIVATE, "cdn.example", "key of");
    }

    // ---------------------------------------------------------------- helpers

    private String schema() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return connection.getSchema();
        }
    }

    private static String lockTimeout(Connection connection) throws SQLException {
        try (ResultSet row = connection.createStatement().executeQuery("SHOW lock_timeout")) {
            row.next();
            return row.getString(1);
        }
    }

    private static DataSource recording(DataSource real, List<Connection> connections) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    Connection connection = real.getConnection();
                    connections.add(connection);
                    return connection;
                });
    }
}
