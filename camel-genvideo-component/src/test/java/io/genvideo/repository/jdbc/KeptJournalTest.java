/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Opens journals that earlier versions have written. Each is kept as {@code journal-v<number of the last migration>.sql}, made by
 * {@link #main} when the tables of that version were released; none is ever changed.
 */
class KeptJournalTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00.123456Z");
    private static final TaskOwner BEFORE = new TaskOwner("1-100", "gone");
    private static final TaskOwner NOW = new TaskOwner("2-200", "now");
    private static final Duration LEASE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private static TaskRecord.Builder record(String id, TaskStatus status, DeliveryState delivery) {
        TaskRecord.Builder next = TaskRecord.reservation(id)
                .provider("ima")
                .account("ima/default")
                .operation(Operation.TEXT_TO_VIDEO)
                .key("key of " + id)
                .fingerprint("sha256:0f")
                .model("wan/2.6 視頻")
                .owner(BEFORE)
                .reference(Map.of("file", "cat 猫.png", "turn", 5L))
                .createdAt(START)
                .build()
                .toBuilder()
                .delivery(delivery);
        if (status == TaskStatus.RESERVED) {
            return next;
        }
        next.status(TaskStatus.SUBMITTING)
                .creates(1)
                .submittingAt(START.plusSeconds(1))
                .providerState("state 1");
        if (status == TaskStatus.SUBMITTING || status == TaskStatus.UNCERTAIN) {
            return next.status(status);
        }
        return next.status(TaskStatus.RUNNING)
                .status(status)
                .taskId("task of " + id)
                .acceptedAt(START.plusSeconds(2))
                .raw(Map.of("status", "done ✓", "n", 1, "list", List.of(1, "two", 3.5)));
    }

    private static TaskRecord.Builder ended(String id, TaskStatus status, DeliveryState delivery) {
        return record(id, status, delivery)
                .deliveries(1)
                .finishedAt(START.plusSeconds(60))
                .credits(new BigDecimal("12.50"))
                .media(List.of(new Media(
                        URI.create("https://media.example/a%20b.mp4?x=1#t"),
                        MediaKind.VIDEO,
                        "video/mp4",
                        null,
                        5.04,
                        1280,
                        720,
                        123_456_789L)));
    }

    private static List<TaskRecord> records() {
        GenerationError error = GenerationError.of(ErrorCategory.GENERATION_FAILED, "ima", "it gave up: \"why\"")
                .withPaid(Paid.YES)
                .at("failed", "task of failed");
        return List.of(
                record("reserved", TaskStatus.RESERVED, DeliveryState.OWNED).build(),
                record("submitting", TaskStatus.SUBMITTING, DeliveryState.OWNED).build(),
                record("uncertain", TaskStatus.UNCERTAIN, DeliveryState.AVAILABLE)
                        .build(),
                record("running", TaskStatus.RUNNING, DeliveryState.OWNED).build(),
                record("parked", TaskStatus.RUNNING, DeliveryState.PARKED).build(),
                ended("owned", TaskStatus.SUCCEEDED, DeliveryState.OWNED).build(),
                ended("available", TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE)
                        .availableAt(START.plusSeconds(90))
                        .build(),
                ended("failed", TaskStatus.FAILED, DeliveryState.AVAILABLE)
                        .media(List.of())
                        .error(error)
                        .build(),
                ended("delivered", TaskStatus.SUCCEEDED, DeliveryState.DELIVERED)
                        .raw(null)
                        .providerState(null)
                        .build());
    }

    /** Writes the journal of this version. */
    public static void main(String[] arguments) throws SQLException {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:kept;DB_CLOSE_DELAY=-1");
        source.setUser("sa");
        JdbcTaskRepository journal = new JdbcTaskRepository(source);
        journal.open(BEFORE);
        for (TaskRecord record : records()) {
            journal.reserve(record, Duration.ZERO);
        }
        journal.close();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SCRIPT NOPASSWORDS NOSETTINGS TO '" + arguments[0]
                    + "' TABLE GENVIDEO_TASK, GENVIDEO_OWNER, GENVIDEO_SCHEMA, GENVIDEO_HINT, GENVIDEO_CLUSTER");
        }
    }

    private JdbcTaskRepository opened(int version) throws SQLException {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:file:" + folder.resolve("db"));
        source.setUser("sa");
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("RUNSCRIPT FROM 'classpath:/io/genvideo/repository/jdbc/journal-v" + version + ".sql'");
        }
        JdbcTaskRepository journal = new JdbcTaskRepository(source);
        journal.open(NOW);
        return journal;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyRecordIsRead(int version) throws SQLException {
        try (JdbcTaskRepository journal = opened(version)) {
            assertThat(journal.findAll(
                            records().stream().map(TaskRecord::recordId).toList()))
                    .containsExactlyInAnyOrderElementsOf(records());
            assertThat(journal.findByTaskId("ima/default", "task of running")).isPresent();
            assertThat(journal.reserve(
                            TaskRecord.reservation("again")
                                    .provider("ima")
                                    .account("ima/default")
                                    .operation(Operation.TEXT_TO_VIDEO)
                                    .key("key of delivered")
                                    .owner(NOW)
                                    .createdAt(START)
                                    .build(),
                            LEASE))
                    .extracting(TaskRecord::recordId)
                    .isEqualTo("delivered");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatAnEarlierProcessLeftIsTakenUp(int version) throws SQLException {
        try (JdbcTaskRepository journal = opened(version)) {
            assertThat(journal.tally())
                    .extracting(TaskCount::records)
                    .hasSize(8)
                    .containsOnly(1L);
            assertThat(journal.claimLapsed(NOW, Set.of("ima/default"), LEASE, 10))
                    .extracting(TaskRecord::recordId)
                    .containsExactlyInAnyOrder("reserved", "submitting", "running", "owned");
            FinishedTasks wanted =
                    new FinishedTasks("ima", null, Set.of(TaskStatus.values()), START.plus(Duration.ofDays(1)));
            assertThat(journal.claimFinished(wanted, NOW, LEASE, 10))
                    .extracting(TaskRecord::recordId)
                    .containsExactly("uncertain", "available", "failed");
            Instant later = START.plus(Duration.ofDays(8));
            assertThat(journal.purge(later, START, 10)).isEqualTo(1);
            assertThat(journal.find("delivered").orElseThrow().media()).isEmpty();
        }
    }
}
