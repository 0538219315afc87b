/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.Operation;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed loses nothing that the journal has said to be written. */
class JdbcLostCommitTest {
    private static final int WRITES = 50;
    private static final Duration LEASE = Duration.ofHours(1);

    @TempDir
    Path folder;

    /** The process that will be killed: says the name of each record after the call has returned. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            TaskOwner owner = TaskOwner.inThisProcess("writer");
            JdbcTaskRepository journal = new JdbcTaskRepository(source(arguments[0]));
            journal.open(owner);
            for (int i = 0; ; i++) {
                journal.reserve(record("r" + i, owner), LEASE);
                System.out.println("r" + i);
            }
        }
    }

    private static TaskRecord record(String id, TaskOwner owner) {
        return TaskRecord.reservation(id)
                .provider("p")
                .account("p/a")
                .operation(Operation.GENERATE)
                .key("key of " + id)
                .fingerprint("f")
                .owner(owner)
                .createdAt(Instant.EPOCH)
                .build();
    }

    private static JdbcDataSource source(String url) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url);
        source.setUser("sa");
        return source;
    }

    @RepeatedTest(3)
    void whatWasWrittenBeforeAKillIsThere() throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("db");
        List<String> written = writeAndKill(url);
        assertThat(written).hasSizeGreaterThanOrEqualTo(WRITES);
        try (JdbcTaskRepository journal = new JdbcTaskRepository(source(url))) {
            journal.open(TaskOwner.inThisProcess("reader"));
            assertThat(journal.findAll(written))
                    .extracting(TaskRecord::recordId)
                    .containsExactlyInAnyOrderElementsOf(written);
        }
    }

    private static List<String> writeAndKill(String url) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process writer = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), "-Xmx64m", Writer.class.getName(), url)
                .redirectError(ProcessBuilder.Redirect.to(new File("target", "killed-writer.log")))
                .start();
        List<String> written = new ArrayList<>();
        try (BufferedReader out = writer.inputReader(StandardCharsets.UTF_8)) {
            while (written.size() < WRITES) {
                String id = out.readLine();
                if (id == null) {
                    break;
                }
                written.add(id);
            }
            // unlike the process itself, its handle leaves what it had said before it died
            writer.toHandle().destroyForcibly();
            String last = out.readLine();
            while (last != null) {
                written.add(last);
                last = out.readLine();
            }
        } finally {
            writer.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        }
        return written;
    }
}
