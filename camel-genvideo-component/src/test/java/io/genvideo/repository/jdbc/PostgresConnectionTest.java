/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.genvideo.camel.LogRecorder;
import io.genvideo.spi.TaskOwner;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the journal needs of a PostgreSQL connection, from a driver or a pool, and a server that is away at the start. */
@Timeout(60)
class PostgresConnectionTest {
    private static final TaskOwner ME = new TaskOwner("1-100", "one");
    private static final Duration LEASE = Duration.ofHours(1);

    private final LogRecorder log = new LogRecorder(Level.INFO, JdbcTaskRepository.class.getName());

    @AfterEach
    void stopRecording() {
        log.close();
    }

    private static HikariDataSource pool(String urlSettings, String socketTimeout) throws SQLException {
        DataSource schema = PostgresServer.shared().newSchema();
        HikariConfig config = new HikariConfig();
        try (var connection = schema.getConnection()) {
            config.setJdbcUrl(
                    "jdbc:postgresql://localhost:" + PostgresServer.shared().port() + "/postgres?currentSchema="
                            + connection.getSchema() + urlSettings);
        }
        config.setUsername("postgres");
        config.setMaximumPoolSize(3);
        if (!socketTimeout.isEmpty()) {
            config.addDataSourceProperty("socketTimeout", socketTimeout);
        }
        return new HikariDataSource(config);
    }

    @Test
    void warnsOfADriverWithoutSocketTimeout() {
        try (JdbcTaskRepository journal =
                new JdbcTaskRepository(PostgresServer.shared().newSchema())) {
            journal.open(ME);
        }
        assertThat(log.linesWith("socketTimeout"))
                .singleElement()
                .asString()
                .startsWith("WARN")
                .contains("socketTimeout=30&connectTimeout=10");
    }

    @Test
    void acceptsADriverWithSocketTimeout() {
        try (JdbcTaskRepository journal =
                new JdbcTaskRepository(PostgresServer.shared().newSchema("&socketTimeout=30"))) {
            journal.open(ME);
        }
        assertThat(log.lines()).isEmpty();
    }

    /** A pool may give the time-out to its driver in the URL or as a property, and may hand out wrapped connections. */
    @ParameterizedTest
    @ValueSource(strings = {"&socketTimeout=30", ""})
    void findsTheSocketTimeoutOfAPool(String urlSettings) throws SQLException {
        try (HikariDataSource pool = pool(urlSettings, urlSettings.isEmpty() ? "30" : "");
                JdbcTaskRepository journal = new JdbcTaskRepository(pool)) {
            journal.open(ME);
            journal.renew(ME, LEASE);
        }
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void warnsOfAPoolWithoutSocketTimeout() throws SQLException {
        try (HikariDataSource pool = pool("", "");
                JdbcTaskRepository journal = new JdbcTaskRepository(pool)) {
            journal.open(ME);
        }
        assertThat(log.linesWith("WARN")).singleElement().asString().contains("socketTimeout");
    }

    @Test
    void failsInASentenceWhenItsPoolWasClosedFirst() throws SQLException {
        HikariDataSource pool = pool("&socketTimeout=30", "");
        JdbcTaskRepository journal = new JdbcTaskRepository(pool);
        journal.open(ME);
        journal.renew(ME, LEASE);
        pool.close();

        for (int call = 0; call < 2; call++) {
            assertThatThrownBy(() -> journal.find("r")).isExactlyInstanceOf(JdbcRepositoryException.class);
            assertThatThrownBy(() -> journal.release(ME)).isExactlyInstanceOf(JdbcRepositoryException.class);
        }
        assertThatCode(journal::close).doesNotThrowAnyException();
    }

    @Test
    void startFailsAtOnceIfTheServerIsAway() throws Exception {
        try (JdbcTaskRepository journal = new JdbcTaskRepository(PostgresServer.source(freePort(), "public", ""))) {
            assertThatThrownBy(() -> journal.open(ME))
                    .isInstanceOf(JdbcRepositoryException.class)
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void startWaitsForAServerThatIsAway(@TempDir Path files) throws Exception {
        int port = freePort();
        try (JdbcTaskRepository journal =
                new JdbcTaskRepository(PostgresServer.source(port, "public", "&socketTimeout=30"))) {
            journal.setStartTimeout(Duration.ofMinutes(1));
            CompletableFuture<Void> started = CompletableFuture.runAsync(() -> journal.open(ME));
            assertThatThrownBy(() -> started.get(700, TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);

            try (PostgresServer late = PostgresServer.over(files, port)) {
                started.get(30, TimeUnit.SECONDS);
                assertThat(late.port()).isEqualTo(port);
                assertThat(journal.find("r")).isEmpty();
                journal.close();
            }
        }
        assertThat(log.lines()).hasSize(2);
        assertThat(log.linesWith("WARN")).singleElement().asString().contains("waits up to 60 s");
        assertThat(log.linesWith("INFO")).singleElement().asString().contains("responds after");
    }

    @Test
    void startEndsAfterItsTimeout() throws Exception {
        try (JdbcTaskRepository journal = new JdbcTaskRepository(PostgresServer.source(freePort(), "public", ""))) {
            journal.setStartTimeout(Duration.ofMillis(600));
            assertThatThrownBy(() -> journal.open(ME)).isInstanceOf(JdbcRepositoryException.class);
        }
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void startDoesNotWaitForAPasswordOrARight() {
        try (JdbcTaskRepository journal = new JdbcTaskRepository(
                PostgresServer.source(PostgresServer.shared().port(), "no_such_schema", ""))) {
            journal.setStartTimeout(Duration.ofMinutes(1));
            long begun = System.nanoTime();
            assertThatThrownBy(() -> journal.open(ME)).isInstanceOf(JdbcRepositoryException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void refusesAStartTimeoutOutOfBounds() {
        try (JdbcTaskRepository journal = new JdbcTaskRepository(PostgresServer.source(1, "public", ""))) {
            assertThatThrownBy(() -> journal.setStartTimeout(Duration.ofMillis(-1)))
                    .hasMessageContaining("from 0 to 1 hour");
            assertThatThrownBy(() -> journal.setStartTimeout(Duration.ofHours(2)))
                    .hasMessageContaining("from 0 to 1 hour");
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
