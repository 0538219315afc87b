/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskRepository;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.spi.Registry;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/**
 * The journal that a benchmark runs on: {@code memory}, {@code h2} in a file, a {@code postgresql} of its own, or one that counts
 * its statements, {@code postgresql-counted}.
 */
final class Journals implements AutoCloseable {
    static final String COUNTED = "postgresql-counted";

    private final @Nullable DataSource source;
    private final @Nullable AutoCloseable server;
    private final @Nullable DatabaseMeter meter;

    private Journals(@Nullable DataSource source, @Nullable AutoCloseable server, @Nullable DatabaseMeter meter) {
        this.source = source;
        this.server = server;
        this.meter = meter;
    }

    static Journals open(String kind, Path folder) throws IOException, SQLException {
        return switch (kind) {
            case "memory" -> new Journals(null, null, null);
            case "h2" -> {
                JdbcDataSource h2 = new JdbcDataSource();
                h2.setUrl("jdbc:h2:file:" + folder.resolve("genvideo").toAbsolutePath() + ";DB_CLOSE_ON_EXIT=FALSE");
                h2.setUser("genvideo");
                JdbcConnectionPool pool = JdbcConnectionPool.create(h2);
                yield new Journals(pool, pool::dispose, null);
            }
            case "postgresql" -> {
                EmbeddedPostgres postgres = postgresql().start();
                yield new Journals(postgres.getPostgresDatabase(), postgres, null);
            }
            case COUNTED -> {
                EmbeddedPostgres postgres = postgresql()
                        .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                        .start();
                DataSource source = postgres.getPostgresDatabase();
                yield new Journals(source, postgres, DatabaseMeter.open(source));
            }
            default ->
                throw new IllegalArgumentException(
                        "journal=" + kind + " is not allowed; allowed: memory, h2, postgresql, " + COUNTED);
        };
    }

    private static EmbeddedPostgres.Builder postgresql() {
        return EmbeddedPostgres.builder().setServerConfig("fsync", "on").setServerConfig("synchronous_commit", "on");
    }

    /** What the database has done so far; nothing if it is not counted. */
    DatabaseMeter.Usage usage() throws SQLException {
        return meter == null ? DatabaseMeter.Usage.NONE : meter.now();
    }

    /** The component of that context uses the journal; without a database, the one in memory that it makes itself. */
    void bind(Registry registry) {
        if (source != null) {
            registry.bind("journal", repository());
        }
    }

    /** Another view of the same records. */
    TaskRepository repository() {
        return source == null ? new MemoryTaskRepository(InstantSource.system()) : new JdbcTaskRepository(source);
    }

    /** @return the size of all files in a folder, in bytes */
    static long bytesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(Journals::size).sum();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            // a database may delete a file while its folder is read
            return 0;
        }
    }

    @Override
    public void close() throws Exception {
        if (meter != null) {
            meter.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
