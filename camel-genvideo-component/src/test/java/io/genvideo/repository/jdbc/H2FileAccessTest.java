/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.spi.TaskOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The journal has file names, task ids and result URLs: other users of the machine must not read its file. */
@DisabledOnOs(OS.WINDOWS)
class H2FileAccessTest {
    @TempDir
    Path folder;

    private Path openAndClose() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:file:" + folder.resolve("journal"));
        database.setUser("sa");
        try (JdbcTaskRepository repository = new JdbcTaskRepository(database)) {
            repository.open(new TaskOwner("process", "engine"));
        }
        return folder.resolve("journal.mv.db");
    }

    @Test
    void newFileIsReadableByItsOwnerOnly() throws IOException {
        assertThat(Files.getPosixFilePermissions(openAndClose())).containsExactlyInAnyOrder(OWNER_READ, OWNER_WRITE);
    }

    @Test
    void accessThatAnAdministratorGrantedStays() throws IOException {
        Path file = openAndClose();
        EnumSet<PosixFilePermission> granted = EnumSet.of(OWNER_READ, OWNER_WRITE, GROUP_READ);
        Files.setPosixFilePermissions(file, granted);

        assertThat(Files.getPosixFilePermissions(openAndClose())).isEqualTo(granted);
    }
}
