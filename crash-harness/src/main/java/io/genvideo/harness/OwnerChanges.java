/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every change of a task's owner, noted by a trigger in the database that the nodes share: who reads the table now and then
 * would miss that a task was taken over and ended in between.
 */
final class OwnerChanges {
    private static final List<String> TRIGGER = List.of(
            "CREATE TABLE HARNESS_OWNER_CHANGE (ID BIGSERIAL PRIMARY KEY, RECORD_ID VARCHAR NOT NULL, TASK_ID VARCHAR,"
                    + " OPEN BOOLEAN NOT NULL, OLD_OWNER VARCHAR, NEW_OWNER VARCHAR)",
            "CREATE FUNCTION HARNESS_NOTE_OWNER() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN"
                    + " INSERT INTO HARNESS_OWNER_CHANGE (RECORD_ID, TASK_ID, OPEN, OLD_OWNER, NEW_OWNER) VALUES"
                    + " (NEW.RECORD_ID, NEW.TASK_ID, OLD.STATUS IN ('QUEUED', 'RUNNING'), OLD.OWNER, NEW.OWNER);"
                    + " RETURN NULL; END $$",
            "CREATE TRIGGER HARNESS_OWNER AFTER UPDATE ON GENVIDEO_TASK FOR EACH ROW"
                    + " WHEN (OLD.OWNER IS DISTINCT FROM NEW.OWNER) EXECUTE FUNCTION HARNESS_NOTE_OWNER()");

    private static final String CHANGES =
            "SELECT RECORD_ID, TASK_ID, OPEN, NULLIF(OLD_OWNER, ''), NULLIF(NEW_OWNER, '') FROM HARNESS_OWNER_CHANGE ORDER BY ID";

    /**
     * One change.
     *
     * @param isOpen whether the task had to be polled
     * @param from {@code null} if nobody owned it
     * @param to {@code null} if nobody owns it
     */
    record Change(
            String recordId,
            @Nullable String taskId,
            boolean isOpen,
            @Nullable String from,
            @Nullable String to) {}

    private final ClusterDatabase database;

    /** @param database in which a node has made the tables of the journal */
    OwnerChanges(ClusterDatabase database) {
        this.database = database;
        try {
            for (String statement : TRIGGER) {
                database.execute(statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("changes of owners can't be noted", e);
        }
    }

    /** How often each task, by its id, got another owner while it had to be polled. */
    Map<String, Integer> takeovers() {
        try {
            return takeovers(database.query(
                    CHANGES,
                    row -> new Change(
                            row.getString(1),
                            row.getString(2),
                            row.getBoolean(3),
                            row.getString(4),
                            row.getString(5))));
        } catch (SQLException e) {
            throw new IllegalStateException("changes of owners can't be read", e);
        }
    }

    /** An owner that gives a task back and takes it again has not changed. */
    static Map<String, Integer> takeovers(List<Change> changes) {
        Map<String, String> owners = new HashMap<>();
        Map<String, Integer> takeovers = new HashMap<>();
        for (Change change : changes) {
            if (change.from() != null) {
                owners.put(change.recordId(), change.from());
            }
            if (change.to() == null) {
                continue;
            }
            String before = owners.put(change.recordId(), change.to());
            if (before != null && !before.equals(change.to()) && change.taskId() != null && change.isOpen()) {
                takeovers.merge(change.taskId(), 1, Integer::sum);
            }
        }
        return takeovers;
    }
}
