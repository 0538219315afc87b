/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL server for tests, as durable as one in production. */
public final class PostgresServer implements AutoCloseable {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final EmbeddedPostgres server;

    private static final class Shared {
        private static final PostgresServer SERVER = new PostgresServer(builder());

        private Shared() {}
    }

    private PostgresServer(EmbeddedPostgres.Builder builder) {
        try {
            server = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on");
    }

    /** One for all tests of this process; it ends with it. */
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    /** One of the test's own, over files that may be there already. */
    public static PostgresServer over(Path files, int port) {
        return new PostgresServer(
                builder().setDataDirectory(files).setCleanDataDirectory(false).setPort(port));
    }

    public int port() {
        return server.getPort();
    }

    /** A place without tables. */
    public DataSource newSchema() {
        return newSchema("");
    }

    /** @param settings more settings for the URL, each with {@code &} before it */
    DataSource newSchema(String settings) {
        String name = "s" + SCHEMAS.incrementAndGet();
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            connection.createStatement().execute("CREATE SCHEMA " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return source(port(), name, settings);
    }

    public static DataSource source(int port, String schema, String settings) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL("jdbc:postgresql://localhost:" + port + "/postgres?currentSchema=" + schema + settings);
        source.setUser("postgres");
        return source;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
