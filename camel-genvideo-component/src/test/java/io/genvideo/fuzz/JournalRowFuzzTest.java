/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.UnreadableRecordException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/**
 * Rows that another version, or a person, has written: none keeps the others from being claimed, counted and delivered
 * (docs/design.md section 4.11).
 */
class JournalRowFuzzTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final TaskOwner THIS = new TaskOwner("1-100", "this");
    private static final TaskOwner NEXT = new TaskOwner("1-100", "next");
    private static final List<String> WORDS = List.of(
            "url",
            "kind",
            "mimeType",
            "cover",
            "duration",
            "width",
            "height",
            "size",
            "VIDEO",
            "IMAGE",
            "HOLOGRAM",
            "category",
            "message",
            "provider",
            "providerCode",
            "httpStatus",
            "handle",
            "recordId",
            "retryable",
            "paid",
            "alternatives",
            "GENERATION_FAILED",
            "YES",
            "MAYBE",
            "Long",
            "BigDecimal",
            "5",
            "a");
    private static final Map<String, String> COLUMNS = Map.of(
            "MEDIA",
            "[{\"url\":\"https://cdn.example.com/a.mp4\",\"kind\":\"VIDEO\",\"mimeType\":\"video/mp4\",\"duration\":5.0,\"width\":1280}]",
            "ERROR",
            "{\"category\":\"GENERATION_FAILED\",\"message\":\"m\",\"provider\":\"p\",\"providerCode\":\"c\",\"httpStatus\":200,"
                    + "\"handle\":\"t\",\"recordId\":\"r\",\"retryable\":false,\"paid\":\"UNKNOWN\",\"alternatives\":[\"b\"]}",
            "REFERENCE",
            "{\"name\":\"photo.jpg\",\"n\":{\"Long\":\"5\"},\"price\":{\"BigDecimal\":\"1.50\"},\"ok\":true,\"none\":null}",
            "RAW",
            "{\"code\":0,\"data\":{\"id\":\"task_abc123\",\"medias\":[{\"status\":\"success\",\"width\":1280}]}}");
    private static final List<String> NAMES = List.of("OPERATION", "STATUS", "DELIVERY", "CREDITS");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void row() throws InterruptedException, SQLException {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:rows");
        source.setUser("sa");
        try (Connection connection = source.getConnection();
                JdbcTaskRepository journal = new JdbcTaskRepository(source)) {
            journal.open(THIS);
            Fuzz.run("journal-row", 6, (random, notes) -> {
                clear(connection);
                succeeded(journal, "good", THIS);
                succeeded(journal, "odd", THIS);
                if (!change(connection, random, notes)) {
                    return;
                }
                read(journal);
            });
        }
    }

    private static void clear(Connection connection) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM GENVIDEO_TASK")) {
            delete.executeUpdate();
        }
    }

    private static void succeeded(JdbcTaskRepository journal, String id, TaskOwner owner) {
        TaskRecord reserved = journal.reserve(
                TaskRecord.reservation(id)
                        .provider("p")
                        .account("p/a")
                        .operation(Operation.TEXT_TO_VIDEO)
                        .fingerprint("f")
                        .owner(owner)
                        .createdAt(Instant.EPOCH)
                        .build(),
                LEASE);
        TaskRecord.Builder next = reserved.toBuilder()
                .status(TaskStatus.SUBMITTING)
                .status(TaskStatus.RUNNING)
                .taskId("t-" + id);
        journal.update(
                next.status(TaskStatus.SUCCEEDED)
                        .delivery(DeliveryState.AVAILABLE)
                        .finishedAt(Instant.EPOCH)
                        .build(),
                LEASE);
    }

    /** @return whether the database has taken it */
    private static boolean change(Connection connection, Random random, Fuzz.Notes notes) throws SQLException {
        int columns = 1 + random.nextInt(2);
        boolean taken = false;
        for (int i = 0; i < columns; i++) {
            boolean isJson = random.nextInt(4) > 0;
            String column = isJson
                    ? List.copyOf(COLUMNS.keySet()).get(random.nextInt(COLUMNS.size()))
                    : NAMES.get(random.nextInt(NAMES.size()));
            String sample = isJson ? COLUMNS.get(column) : "{\"a\":\"" + TaskStatus.QUEUED + "\",\"b\":5}";
            String value = new String(new JsonMutator(random, WORDS, WORDS).mutate(sample), StandardCharsets.UTF_8);
            notes.add(column + " = " + value);
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE GENVIDEO_TASK SET " + column + " = ? WHERE RECORD_ID = 'odd'")) {
                update.setString(1, value);
                update.executeUpdate();
                taken = true;
            } catch (SQLException e) {
                notes.add("refused by the database");
            }
        }
        return taken;
    }

    private static void read(JdbcTaskRepository journal) throws IOException {
        assertThat(journal.findAll(List.of("good", "odd")))
                .extracting(TaskRecord::recordId)
                .contains("good");
        assertThat(journal.tally()).as("counts").isNotEmpty();
        journal.findOwned(THIS);
        journal.claimLapsed(NEXT, Set.of("p/a"), LEASE, 10);
        try {
            journal.find("odd").ifPresent(JournalRowFuzzTest::use);
        } catch (UnreadableRecordException e) {
            assertThat(e.getMessage()).contains("odd").hasSizeLessThan(500);
        }
        FinishedTasks all = new FinishedTasks("p", null, EnumSet.allOf(TaskStatus.class), Instant.now());
        assertThat(journal.claimFinished(all, THIS, LEASE, 10))
                .extracting(TaskRecord::recordId)
                .contains("good");
    }

    /** What was read can be shown to a route. */
    private static void use(TaskRecord record) {
        assertThat(record.toString()).isNotEmpty();
        try {
            assertThat(MAPPER.writeValueAsString(record.raw() == null ? Map.of() : record.raw()))
                    .isNotEmpty();
        } catch (IOException e) {
            throw new AssertionError("the raw response cannot be written", e);
        }
    }
}
