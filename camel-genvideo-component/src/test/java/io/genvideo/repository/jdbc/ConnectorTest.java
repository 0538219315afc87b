/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** A DataSource that does not return holds nobody up for longer than the time for a call. */
class ConnectorTest {
    private final CountDownLatch responding = new CountDownLatch(1);
    private final List<Connection> opened = new CopyOnWriteArrayList<>();

    /** Its connections are opened once the server responds. */
    private Connector connector() {
        JdbcDataSource real = new JdbcDataSource();
        real.setURL("jdbc:h2:mem:");
        DataSource hanging = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    responding.await();
                    Connection connection = real.getConnection();
                    opened.add(connection);
                    return connection;
                });
        return new Connector(hanging, new UnreadableRows());
    }

    @Test
    void aServerThatHangsForLongDoesNotCollectThreads() throws SQLException {
        Connector connector = connector();
        connector.timeout(Duration.ofMillis(5));
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(connector::connect)
                    .isInstanceOf(JdbcRepositoryException.class)
                    .hasMessageContaining("no connection within 5 ms");
        }
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(connector::connect)
                    .isInstanceOf(JdbcRepositoryException.class)
                    .hasMessageContaining("4 connections are being opened already");
        }
        responding.countDown();
        await().untilAsserted(() -> {
            assertThat(opened).hasSize(4);
            for (Connection late : opened) {
                assertThat(late.isClosed()).isTrue();
            }
        });
        connector.timeout(Duration.ofMinutes(1));
        try (Connection usable = connector.connect().connection()) {
            assertThat(usable.isClosed()).isFalse();
        }
    }

    @Test
    void aFailureIsThatOfTheDataSource() {
        Connector connector = new Connector(new JdbcDataSource(), new UnreadableRows());
        assertThatThrownBy(connector::connect).isInstanceOf(RuntimeException.class);
    }

    /** Some pools check the address only when a connection is wanted, and quote it. */
    @Test
    void aFailureOfTheDataSourceDoesNotQuoteItsAddress() {
        DataSource pool = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    throw new IllegalArgumentException("no driver for jdbc:postgresq://db/genvideo?password=FZa9Q");
                });
        assertThatThrownBy(new Connector(pool, new UnreadableRows())::connect)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("DataSource of the journal")
                .hasStackTraceContaining("no driver for")
                .satisfies(e -> {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain("FZa9Q");
                });
    }
}
