/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** H2 2.x: in memory, a file that one process has open, or a server. */
final class H2Dialect implements Dialect {
    private static final Pattern IN_MEMORY = Pattern.compile("jdbc:h2:(mem|memFS|memLZ|nioMemFS|nioMemLZ):.*");
    /** One letter before a colon is a drive, more are a server or one of H2's special file systems. */
    private static final Pattern PLAIN_FILE = Pattern.compile("jdbc:h2:(file:)?(?![A-Za-z]\\w+:).+");

    private static final Logger LOG = LoggerFactory.getLogger(JdbcTaskRepository.class);
    private static final String SYNC = "CHECKPOINT SYNC";
    private static final int TRIES = 10;
    /** The SQL state of a lock that was not to be had in time. */
    private static final String LOCKED = "HYT00";
    /** The SQL state of a statement that only an administrator may execute. */
    private static final String NOT_ADMINISTRATOR = "90040";

    private final String url;

    /** @param url as H2 gives it: without settings, and so without a password */
    H2Dialect(String url) {
        this.url = url;
    }

    @Override
    public String later(String millis) {
        return "DATEADD(MILLISECOND, " + millis + ", CURRENT_TIMESTAMP)";
    }

    /** In H2 a row that fails leaves its transaction alone. */
    @Override
    public String skipTaken() {
        return "";
    }

    /** By default a commit reaches the file half a second later, and the disk when the system likes. */
    @Override
    public String afterCommit() {
        return isDurable() ? SYNC : "";
    }

    /** H2 would lock every row that fits, not only those that are wanted. An update that names the version is enough. */
    @Override
    public String skipLocked() {
        return "";
    }

    /** DDL commits in H2, and a lock ends with it; the statements can be repeated instead. */
    @Override
    public String migrationLock() {
        return "";
    }

    /**
     * Each commit of the journal is followed by {@value #SYNC}, so that room in the file may be used again at once. Without
     * that the file grows by what was written in the last 45 seconds.
     */
    @Override
    public void prepare(Connection connection, Duration callTimeout) throws SQLException {
        if (!isDurable()) {
            return;
        }
        SQLException refused = executed(connection, SYNC);
        if (refused == null) {
            refused = executed(connection, "SET RETENTION_TIME 0");
        }
        if (refused != null && !NOT_ADMINISTRATOR.equals(refused.getSQLState())) {
            // for example a full disk, which another user would not help
            throw refused;
        }
        if (refused != null) {
            throw new IllegalStateException(
                    "H2 does not bring commits to the disk at once, a crash would lose the last ones of the journal:"
                            + " give JdbcTaskRepository a DataSource whose user is an administrator of the database"
                            + " (it may then execute " + SYNC + ")",
                    new JdbcRepositoryException(refused));
        }
    }

    /** Another session may be changing the tables; H2 has waited for it already. */
    private static @Nullable SQLException executed(Connection connection, String sql) {
        SQLException refused = null;
        for (int tried = 0; tried < TRIES; tried++) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return null;
            } catch (SQLException e) {
                refused = e;
                if (!LOCKED.equals(e.getSQLState())) {
                    return e;
                }
            }
        }
        return refused;
    }

    /** H2 creates its file with the rights of the process's umask, by which everybody may read it on most systems. */
    @Override
    public void protect(Session session) throws SQLException {
        if (PLAIN_FILE.matcher(url).matches()) {
            ownerOnly(Path.of(path(session) + ".mv.db"));
        }
    }

    private static void ownerOnly(Path file) {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null) {
                view.setPermissions(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            }
        } catch (IOException e) {
            LOG.warn("The access to the journal's file {} can't be restricted to its owner: {}", file, e.toString());
        }
    }

    private static String path(Session session) throws SQLException {
        return session.query("CALL DATABASE_PATH()", row -> row.getString(1), List.of())
                .get(0);
    }

    @Override
    public void warn(Session session) throws SQLException {
        List<String> closes = session.query(
                "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'DB_CLOSE_ON_EXIT'",
                row -> row.getString(1),
                List.of());
        if (PLAIN_FILE.matcher(url).matches() && closes.contains("TRUE")) {
            LOG.warn("H2 closes the journal's database under the running component when the process is told to stop"
                    + " (SIGTERM): its last writes fail. Add ;DB_CLOSE_ON_EXIT=FALSE to the JDBC URL.");
        }
    }

    @Override
    public boolean isDurable() {
        return !IN_MEMORY.matcher(url).matches();
    }

    /**
     * A file that H2 locks for one process. With {@code AUTO_SERVER} others come in through it, and its lock is a file of its
     * own; and this process may run a server for them.
     */
    @Override
    public boolean isExclusive(Session session) throws SQLException {
        if (!PLAIN_FILE.matcher(url).matches()) {
            return false;
        }
        List<Long> remote = session.query(
                "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE CLIENT_ADDR IS NOT NULL",
                row -> row.getLong(1),
                List.of());
        return Files.notExists(Path.of(path(session) + ".lock.db")) && remote.get(0) == 0;
    }
}
