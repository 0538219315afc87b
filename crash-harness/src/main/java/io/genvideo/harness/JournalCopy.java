/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/** Reads a copy of the journal's file, so that reading it changes nothing that the route finds after its restart. */
final class JournalCopy {
    private static final String EXTENSION = ".mv.db";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    /** @param folder of the file drop */
    JournalCopy(Path folder) {
        file = folder.resolve("journal").resolve("genvideo" + EXTENSION);
    }

    /** All records. Call it only while the route's process is down. */
    List<JournalEntry> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            Path folder = Files.createTempDirectory("genvideo-journal");
            try {
                return read(Files.copy(file, folder.resolve("genvideo" + EXTENSION)));
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Also the trace file, which H2 writes when it can't compact the copy. */
    private static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path each : files) {
                Files.delete(each);
            }
        }
        Files.delete(folder);
    }

    private static List<JournalEntry> read(Path copy) {
        JdbcDataSource database = new JdbcDataSource();
        String name = copy.toString();
        database.setURL("jdbc:h2:file:" + name.substring(0, name.length() - EXTENSION.length()));
        database.setUser("genvideo");
        String select = "SELECT RECORD_ID, STATUS, DELIVERY, TASK_ID, REFERENCE FROM GENVIDEO_TASK ORDER BY CREATED_AT";
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(select)) {
            List<JournalEntry> entries = new ArrayList<>();
            while (rows.next()) {
                entries.add(new JournalEntry(
                        rows.getString("RECORD_ID"),
                        TaskStatus.valueOf(rows.getString("STATUS")),
                        DeliveryState.valueOf(rows.getString("DELIVERY")),
                        rows.getString("TASK_ID"),
                        text(rows.getString("REFERENCE"))));
            }
            return entries;
        } catch (SQLException | JsonProcessingException e) {
            throw new IllegalStateException("the copy of the journal can't be read", e);
        }
    }

    /** A reference is stored as JSON; that of the file drop is the name of a file. */
    private static @Nullable String text(@Nullable String reference) throws JsonProcessingException {
        return reference == null ? null : JSON.readTree(reference).asText();
    }
}
