/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The PostgreSQL server that all nodes share, and what can happen to it. Its files and its port outlast a restart. */
final class ClusterDatabase implements AutoCloseable {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);
    private static final int SECONDS_TO_RESPOND = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path files;
    private final int port;
    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private EmbeddedPostgres server;

    ClusterDatabase(Path files) {
        this.files = files;
        server = start(0);
        port = server.getPort();
        source.setUrl(url(port));
        source.setUser("postgres");
        source.setConnectTimeout(SECONDS_TO_RESPOND);
        source.setSocketTimeout(SECONDS_TO_RESPOND);
    }

    private EmbeddedPostgres start(int onPort) {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(files)
                    .setCleanDataDirectory(false)
                    .setServerConfig("synchronous_commit", "on")
                    .setPort(onPort)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL can't be started", e);
        }
    }

    int port() {
        return port;
    }

    static String url(int port) {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    /** As an administrator does it: connections are broken off, what was committed is written to the files. */
    void restart() {
        stop();
        server = start(port);
    }

    /** As after a failure of the power: the server ends at once, and recovers from its log when it is started. */
    void crash() {
        Process postmaster = server.getProcess();
        Signals.send("QUIT", Stream.of(postmaster.toHandle()));
        if (!Waits.ends(postmaster, ENDS_WITHIN)) {
            throw new IllegalStateException("PostgreSQL does not end after SIGQUIT");
        }
        stop();
        server = start(port);
    }

    private void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL can't be stopped", e);
        }
    }

    /** Its connections stay open, and nothing responds any more. */
    void hang() {
        ProcessHandle postmaster = server.getProcess().toHandle();
        Signals.send("STOP", Stream.concat(Stream.of(postmaster), postmaster.descendants()));
    }

    void resume() {
        ProcessHandle postmaster = server.getProcess().toHandle();
        Signals.send("CONT", Stream.concat(postmaster.descendants(), Stream.of(postmaster)));
    }

    /** A row of the harness's own queries. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    <T> List<T> query(String sql, Row<T> row) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(row.read(rows));
            }
            return found;
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** All records of the journal. */
    List<JournalEntry> journal() {
        try {
            return query(
                    "SELECT RECORD_ID, STATUS, DELIVERY, TASK_ID, REFERENCE FROM GENVIDEO_TASK ORDER BY CREATED_AT",
                    row -> new JournalEntry(
                            row.getString(1),
                            TaskStatus.valueOf(row.getString(2)),
                            DeliveryState.valueOf(row.getString(3)),
                            row.getString(4),
                            text(row.getString(5))));
        } catch (SQLException e) {
            throw new IllegalStateException("the journal can't be read", e);
        }
    }

    private static @Nullable String text(@Nullable String reference) {
        try {
            return reference == null ? null : JSON.readTree(reference).asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a reference of the journal is no JSON", e);
        }
    }

    @Override
    public void close() {
        resume();
        stop();
    }
}
