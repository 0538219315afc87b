/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.Operation;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal can be written while its process stops on SIGTERM, if H2 is told not to close itself. */
class JdbcShutdownTest {
    @TempDir
    Path folder;

    /** Stops as a component does: it writes in a shutdown hook, after all other hooks have begun. */
    static final class Stopping {
        private static final int WRITES = 100;

        private Stopping() {}

        public static void main(String[] arguments) throws InterruptedException {
            JdbcDataSource source = new JdbcDataSource();
            source.setURL(arguments[0]);
            source.setUser("sa");
            TaskOwner owner = TaskOwner.inThisProcess("stopping");
            JdbcTaskRepository journal = new JdbcTaskRepository(source);
            journal.open(owner);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                for (int i = 0; i < WRITES; i++) {
                    journal.reserve(record("r" + i, owner), Duration.ofHours(1));
                }
                journal.close();
                System.out.println("written");
            }));
            System.out.println("ready");
            Thread.currentThread().join();
        }

        private static TaskRecord record(String id, TaskOwner owner) {
            return TaskRecord.reservation(id)
                    .provider("p")
                    .account("p/a")
                    .operation(Operation.GENERATE)
                    .owner(owner)
                    .createdAt(Instant.EPOCH)
                    .build();
        }
    }

    @Test
    void whatIsWrittenDuringAStopIsThereAndNothingIsReported() throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("db") + ";DB_CLOSE_ON_EXIT=FALSE";
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), "-Xmx64m", Stopping.class.getName(), url)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("ready");
            process.toHandle().destroy();
            assertThat(out.lines().toList()).isEqualTo(List.of("written"));
        } finally {
            process.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        }
    }
}
