/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.model.TaskStatus;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.spi.TaskRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import org.h2.jdbcx.JdbcDataSource;

/** Reads a copy of the journal's file, so that looking changes nothing in what the route finds when it comes back. */
final class JournalCopy {
    private static final String EXTENSION = ".mv.db";

    private final Path file;

    /** @param folder of the file drop */
    JournalCopy(Path folder) {
        file = folder.resolve("journal").resolve("genvideo" + EXTENSION);
    }

    /** All records; only while the route's process is down. */
    List<JournalEntry> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            Path copy = Files.createTempDirectory("genvideo-journal").resolve("genvideo" + EXTENSION);
            try {
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                return read(copy);
            } finally {
                Files.deleteIfExists(copy);
                Files.deleteIfExists(copy.getParent());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JournalEntry> read(Path copy) {
        JdbcDataSource database = new JdbcDataSource();
        String name = copy.toString();
        database.setURL("jdbc:h2:file:" + name.substring(0, name.length() - EXTENSION.length()));
        database.setUser("genvideo");
        try (TaskRepository journal = new JdbcTaskRepository(database)) {
            return journal.findByStatus(Set.of(TaskStatus.values()), Integer.MAX_VALUE).stream()
                    .map(r -> new JournalEntry(
                            r.recordId(),
                            r.status(),
                            r.delivery(),
                            r.taskId(),
                            r.reference() == null ? null : r.reference().toString()))
                    .toList();
        }
    }
}
