/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.Operation;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A renewal does not wait behind what else the journal has to do, however much that is. */
class RenewalTest {
    private static final int WRITES = 30_000;
    private static final TaskOwner ME = new TaskOwner("1-100", "one");

    @TempDir
    Path folder;

    private static TaskRecord fresh(int number) {
        return TaskRecord.reservation("r" + number)
                .provider("p")
                .account("p/a")
                .operation(Operation.GENERATE)
                .key("key " + number)
                .fingerprint("f")
                .owner(ME)
                .createdAt(Instant.EPOCH)
                .build();
    }

    @Test
    void leasesAreRenewedWhileThirtyThousandWritesWait() throws Exception {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:file:" + folder.resolve("db"));
        source.setUser("sa");
        ExecutorService calls = Executors.newSingleThreadExecutor();
        ExecutorService renewals = Executors.newSingleThreadExecutor();
        try (JdbcTaskRepository repository = new JdbcTaskRepository(source)) {
            repository.open(ME);
            Journal journal = new Journal(repository, new JournalExecutors(calls, renewals));
            List<CompletableFuture<TaskRecord>> written = new ArrayList<>();
            for (int i = 0; i < WRITES; i++) {
                written.add(journal.reserve(fresh(i)).toCompletableFuture());
            }
            CompletableFuture<?> last = written.get(WRITES - 1);
            int renewed = 0;
            while (renewed < 3 && !last.isDone()) {
                journal.renew(ME).toCompletableFuture().get(Journal.LEASE.toSeconds(), TimeUnit.SECONDS);
                renewed++;
            }
            assertThat(renewed).as("renewals before the last write").isEqualTo(3);
            CompletableFuture.allOf(written.toArray(CompletableFuture[]::new))
                    .get(Duration.ofMinutes(2).toSeconds(), TimeUnit.SECONDS);
        } finally {
            calls.shutdownNow();
            renewals.shutdownNow();
        }
    }
}
