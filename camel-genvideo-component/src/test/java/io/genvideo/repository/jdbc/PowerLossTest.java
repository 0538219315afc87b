/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskWrite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the power fails, the file of the journal opens again and has every write that was confirmed. */
class PowerLossTest {
    private static final TaskOwner ME = new TaskOwner("1-100", "one");
    private static final Duration LEASE = Duration.ofHours(1);
    private static final int GROUPS = 150;
    private static final int ROWS = 10;
    private static final int FAILURES = 25;

    @TempDir
    Path folder;

    private final Random random = new Random(5);
    private final Map<String, Long> confirmed = new ConcurrentHashMap<>();
    /** What was confirmed when the power failed, by the file that is left. */
    private final Map<Path, Map<String, Long>> failures = new HashMap<>();

    @AfterEach
    void uninstall() {
        LossyDisk.uninstall();
    }

    /** Called by H2 before it writes to the file. */
    private synchronized void perhapsFail() {
        if (failures.size() < FAILURES && !confirmed.isEmpty() && random.nextInt(8) == 0) {
            Path image = folder.resolve("failed" + failures.size() + ".mv.db");
            Map<String, Long> before = Map.copyOf(confirmed);
            try {
                LossyDisk.failPower(random, image);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            failures.put(image, before);
        }
    }

    private static JdbcTaskRepository journal(String url) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url);
        source.setUser("sa");
        return new JdbcTaskRepository(source);
    }

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

    private void write(JdbcTaskRepository journal, List<TaskWrite> group) {
        journal.writeAll(group)
                .forEach(result -> confirmed.put(
                        result.orThrow().recordId(), result.orThrow().version()));
    }

    @Test
    void everyConfirmedWriteIsThereAfterTheNextStart() {
        LossyDisk.install(this::perhapsFail);
        try (JdbcTaskRepository journal =
                journal("jdbc:h2:" + LossyDisk.SCHEME + ":" + folder.resolve("db") + ";DB_CLOSE_ON_EXIT=FALSE")) {
            journal.open(ME);
            for (int group = 0; group < GROUPS; group++) {
                List<TaskRecord> records = new ArrayList<>();
                for (int row = 0; row < ROWS; row++) {
                    records.add(fresh(random.nextLong() + "-" + group + "-" + row));
                }
                write(
                        journal,
                        records.stream().map(r -> TaskWrite.reserve(r, LEASE)).toList());
                write(
                        journal,
                        records.stream()
                                .map(r -> TaskWrite.update(
                                        r.toBuilder()
                                                .status(TaskStatus.SUBMITTING)
                                                .providerState("state ".repeat(100))
                                                .build(),
                                        LEASE))
                                .toList());
            }
        }
        assertThat(failures).hasSize(FAILURES);
        failures.forEach(PowerLossTest::assertComplete);
    }

    private static void assertComplete(Path image, Map<String, Long> written) {
        String file = image.toString().replace(".mv.db", "");
        try (JdbcTaskRepository after = journal("jdbc:h2:file:" + file)) {
            after.open(ME);
            List<TaskRecord> found = after.findAll(written.keySet());
            assertThat(found).as("records of %s", image).hasSize(written.size());
            assertThat(found).allMatch(r -> r.version() >= written.get(r.recordId()));
        }
    }
}
