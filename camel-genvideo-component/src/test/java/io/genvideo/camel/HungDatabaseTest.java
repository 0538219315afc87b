/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.engine.EngineSettings;
import io.genvideo.model.GenerationTimeoutException;
import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.model.WaitReleasedException;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.repository.jdbc.PostgresServer;
import io.genvideo.repository.jdbc.StallingProxy;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A PostgreSQL server whose connections are open and never respond: exchanges end in time, the stop too, and nothing is paid. */
@Timeout(90)
class HungDatabaseTest {
    private final ImaContext ima = new ImaContext();
    private final StallingProxy database = proxy();

    private static StallingProxy proxy() {
        try {
            return new StallingProxy(PostgresServer.shared().port());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A call that hangs may take longer than any deadline of the test. */
    private JdbcTaskRepository journal(Duration callTimeout) throws SQLException {
        DataSource schema = PostgresServer.shared().newSchema();
        try (Connection connection = schema.getConnection()) {
            JdbcTaskRepository journal = new JdbcTaskRepository(
                    PostgresServer.source(database.port(), connection.getSchema(), "&socketTimeout=60"));
            journal.setCallTimeout(callTimeout);
            return journal;
        }
    }

    @BeforeEach
    void shortenTheStop() {
        EngineSettings normal = EngineSettings.DEFAULT;
        ima.component()
                .setEngineDefaults(new EngineSettings(
                        normal.watchFor(),
                        normal.recoverFor(),
                        normal.unavailableBudget(),
                        Duration.ofSeconds(1),
                        normal.retention(),
                        normal.keyRetention()));
    }

    private void start(Duration callTimeout) throws Exception {
        ima.component().setTaskRepository(journal(callTimeout));
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("genvideo:ima/tasks?initialDelay=0&delay=20")
                        .routeId("late")
                        .to("mock:late");
            }
        });
        ima.start();
    }

    @AfterEach
    void close() throws IOException {
        database.resume();
        ima.close();
        database.close();
    }

    @Test
    void endsAnExchangeAtItsTimeoutWhileACallHangs() throws Exception {
        start(Duration.ofSeconds(45));
        database.stall();

        CompletableFuture<Exchange> sent = ima.sendLater("genvideo:ima/text_to_video?timeout=1000", "a lake", Map.of());

        assertThat(sent.get(10, TimeUnit.SECONDS).getException()).isInstanceOf(GenerationTimeoutException.class);
        ima.assertCharged(0);
    }

    @Test
    void stopsInTimeWhileCallsHang() throws Exception {
        start(Duration.ofSeconds(45));
        CompletableFuture<Exchange> running =
                ima.sendLater("genvideo:ima/text_to_video?timeout=5m", "slowly [[take: 10m]]", Map.of());
        await().until(() -> ima.tasks().stream().anyMatch(t -> t.polls() > 0));
        database.stall();
        CompletableFuture<Exchange> fresh = ima.sendLater("genvideo:ima/text_to_video?timeout=5m", "a sea", Map.of());
        database.awaitStalled();

        long begun = System.nanoTime();
        ima.camel().stop();

        // 8 s of the component: leases, threads, connections; nothing of the 10 s that Camel gives its routes
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(12));
        assertThat(running.get(1, TimeUnit.SECONDS).getException()).isInstanceOf(WaitReleasedException.class);
        assertThat(fresh.get(1, TimeUnit.SECONDS).getException()).isInstanceOf(WaitReleasedException.class);
        ima.assertCharged(1);
    }

    /** One sentence when it begins and one when it ends, however many polls fail in between. */
    @Test
    void reportsAnOutageOnceForEachConsumer() throws Exception {
        try (LogRecorder log = new LogRecorder(Level.INFO, GenvideoTasksConsumer.class.getName())) {
            start(Duration.ofMillis(100));
            database.stall();
            await().until(() -> !log.linesWith("fails and is repeated").isEmpty());
            GenvideoTasksConsumer consumer =
                    (GenvideoTasksConsumer) ima.camel().getRoute("late").getConsumer();
            await().until(() -> consumer.getErrorCounter() > 3);
            database.resume();
            await().until(() -> !log.linesWith("works again").isEmpty());

            assertThat(log.lines()).hasSize(2).noneMatch(line -> line.contains("\n"));
            assertThat(log.linesWith("WARN"))
                    .singleElement()
                    .asString()
                    .contains("genvideo://ima/tasks", "the journal could not be read");
        }
    }

    @Test
    void usesTheDatabaseAgainWhenItResponds() throws Exception {
        start(Duration.ofMillis(200));
        database.stall();
        Exchange failed = ima.send("genvideo:ima/text_to_video", "a lake", Map.of());
        assertThat(failed.getException()).isInstanceOf(ServiceUnavailableException.class);
        database.resume();

        await().until(() ->
                ima.send("genvideo:ima/text_to_video", "a lake", Map.of()).getException() == null);
        ima.assertCharged(1);
    }
}
