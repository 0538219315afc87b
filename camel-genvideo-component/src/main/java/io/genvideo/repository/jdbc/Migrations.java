/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Brings the tables to the version that this code knows. Scripts are only added, never changed. */
final class Migrations {
    private static final List<String> SCRIPTS = List.of("V1__tasks.sql", "V2__cluster.sql");

    /** How many of the scripts a process must know to use the tables: those after them only add what it need not know. */
    private static final int READABLE_BY = 1;

    private static final String LATEST =
            "SELECT VERSION%s FROM GENVIDEO_SCHEMA ORDER BY VERSION DESC FETCH FIRST 1 ROWS ONLY";

    private static final int TRIES = 10;

    private Migrations() {}

    /** @throws IllegalStateException if a newer version of this code has changed the tables */
    static void apply(Database database) {
        for (int tried = 1; database.call(Migrations::version) < SCRIPTS.size(); tried++) {
            try {
                database.transact(session -> {
                    migrate(session);
                    return true;
                });
            } catch (JdbcRepositoryException e) {
                // H2 has no lock for this, and it fails in several ways when another process does the same: look again
                if (tried == TRIES || e.isUnavailable()) {
                    throw e;
                }
            }
        }
    }

    private static int version(Session session) throws SQLException {
        return has(session, "TABLES", "") ? newest(session) : 0;
    }

    private static boolean has(Session session, String what, String condition) throws SQLException {
        return session.query(
                                "SELECT COUNT(*) FROM INFORMATION_SCHEMA." + what
                                        + " WHERE TABLE_SCHEMA = CURRENT_SCHEMA AND UPPER(TABLE_NAME) = 'GENVIDEO_SCHEMA'"
                                        + condition,
                                row -> row.getLong(1),
                                List.of())
                        .get(0)
                > 0;
    }

    /** @throws IllegalStateException if a newer version has changed what this one needs */
    private static int newest(Session session) throws SQLException {
        String readableBy =
                has(session, "COLUMNS", " AND UPPER(COLUMN_NAME) = 'READABLE_BY'") ? "READABLE_BY" : "VERSION";
        List<int[]> latest = session.query(
                LATEST.formatted(", COALESCE(" + readableBy + ", VERSION)"),
                row -> new int[] {row.getInt(1), row.getInt(2)},
                List.of());
        if (latest.isEmpty()) {
            return 0;
        }
        int newest = latest.get(0)[0];
        if (newest > SCRIPTS.size() && latest.get(0)[1] > SCRIPTS.size()) {
            throw new IllegalStateException("the tables of the journal have version " + newest
                    + ", this camel-genvideo knows " + SCRIPTS.size()
                    + ": use the newer camel-genvideo that has changed them, or another database");
        }
        return newest;
    }

    private static void migrate(Session session) throws SQLException {
        if (!session.dialect().migrationLock().isEmpty()) {
            session.execute(session.dialect().migrationLock());
        }
        session.execute("CREATE TABLE IF NOT EXISTS GENVIDEO_SCHEMA ("
                + "VERSION INTEGER NOT NULL PRIMARY KEY, APPLIED_AT TIMESTAMP(6) WITH TIME ZONE NOT NULL)");
        int present = newest(session);
        if (present == 0) {
            session.dialect().protect(session);
        }
        for (int version = present + 1; version <= SCRIPTS.size(); version++) {
            for (String statement : statements(SCRIPTS.get(version - 1))) {
                session.execute(statement);
            }
            session.update("INSERT INTO GENVIDEO_SCHEMA (VERSION, APPLIED_AT) VALUES (?, CURRENT_TIMESTAMP)", version);
        }
        session.update(
                "UPDATE GENVIDEO_SCHEMA SET READABLE_BY = ? WHERE VERSION = ? AND READABLE_BY IS NULL",
                READABLE_BY,
                SCRIPTS.size());
    }

    private static List<String> statements(String script) {
        try (InputStream in = Objects.requireNonNull(Migrations.class.getResourceAsStream(script), script)) {
            String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("--[^\n]*", "");
            return Stream.of(sql.split(";", -1))
                    .map(String::strip)
                    .filter(statement -> !statement.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(script, e);
        }
    }
}
