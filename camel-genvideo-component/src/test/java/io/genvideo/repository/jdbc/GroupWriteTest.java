/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.StaleRecordException;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskWrite;
import io.genvideo.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writes of several tasks share a transaction, and each has its own result. */
class GroupWriteTest {
    private static final TaskOwner ME = new TaskOwner("1-100", "one");
    private static final Duration LEASE = Duration.ofHours(1);

    enum Product {
        H2,
        POSTGRESQL;

        private JdbcTaskRepository empty() {
            JdbcDataSource h2 = new JdbcDataSource();
            h2.setURL("jdbc:h2:mem:");
            DataSource source = this == H2 ? h2 : PostgresServer.shared().newSchema();
            JdbcTaskRepository journal = new JdbcTaskRepository(source);
            journal.open(ME);
            return journal;
        }
    }

    private static TaskRecord fresh(String id, String key, Object reference) {
        return TaskRecord.reservation(id)
                .provider("p")
                .account("p/a")
                .operation(Operation.GENERATE)
                .key(key)
                .fingerprint("f")
                .owner(ME)
                .reference(reference)
                .createdAt(Instant.EPOCH)
                .build();
    }

    private static TaskRecord fresh(String id) {
        return fresh(id, "key of " + id, null);
    }

    private static TaskWrite reserve(TaskRecord record) {
        return TaskWrite.reserve(record, LEASE);
    }

    private static TaskRecord running(TaskRecord reserved, String taskId) {
        return reserved.toBuilder()
                .status(TaskStatus.SUBMITTING)
                .status(TaskStatus.RUNNING)
                .delivery(DeliveryState.OWNED)
                .taskId(taskId)
                .build();
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void aRecordThatTheDatabaseRefusesFailsAlone(Product product) {
        try (JdbcTaskRepository journal = product.empty()) {
            TaskRecord second = journal.reserve(fresh("second"), LEASE);
            TaskRecord refused = TaskRecord.reservation("first")
                    .provider("p")
                    .account("p/a")
                    .operation(Operation.GENERATE)
                    .fingerprint(null)
                    .owner(ME)
                    .createdAt(Instant.EPOCH)
                    .build();
            List<WriteResult> results = journal.writeAll(
                    List.of(reserve(refused), TaskWrite.update(running(second, "t"), LEASE), reserve(fresh("third"))));
            assertThat(results.get(0).failure()).isInstanceOf(JdbcRepositoryException.class);
            assertThat(results.get(1).orThrow()).isEqualTo(running(second, "t"));
            assertThat(results.get(2).orThrow()).isEqualTo(fresh("third"));
            assertThat(journal.find("first")).isEmpty();
            assertThat(journal.find("second")).contains(running(second, "t"));
            assertThat(journal.find("third")).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void aRecordThatCannotBeWrittenAsARowFailsAlone(Product product) {
        try (JdbcTaskRepository journal = product.empty()) {
            List<WriteResult> results =
                    journal.writeAll(List.of(reserve(fresh("odd", "k", new Object())), reserve(fresh("even"))));
            assertThat(results.get(0).failure()).isInstanceOf(IllegalArgumentException.class);
            assertThat(results.get(1).orThrow()).isEqualTo(fresh("even"));
            assertThat(journal.find("odd")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void aTakenKeyGivesItsHolderAndAnOldVersionIsStale(Product product) {
        try (JdbcTaskRepository journal = product.empty()) {
            TaskRecord holder = journal.reserve(fresh("holder", "k", null), LEASE);
            TaskRecord moved = running(holder, "t");
            List<WriteResult> results = journal.writeAll(List.of(
                    reserve(fresh("late", "k", null)),
                    reserve(fresh("a", "same", null)),
                    TaskWrite.update(moved.atVersion(7), LEASE),
                    reserve(fresh("b", "same", null)),
                    reserve(fresh("new", null, "reference"))));
            assertThat(results.get(0).orThrow()).isEqualTo(holder);
            assertThat(results.get(1).orThrow().recordId()).isEqualTo("a");
            assertThat(results.get(2).failure()).isInstanceOf(StaleRecordException.class);
            assertThat(results.get(3).orThrow().recordId()).isEqualTo("a");
            assertThat(results.get(4).orThrow().recordId()).isEqualTo("new");
            assertThat(journal.findAll(Stream.of("late", "a", "b", "new").toList()))
                    .extracting(TaskRecord::recordId)
                    .containsExactlyInAnyOrder("a", "new");
            assertThat(journal.find("holder")).contains(holder);
        }
    }
}
