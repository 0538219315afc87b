/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.spi.TaskWrite;
import io.genvideo.spi.WriteResult;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Writes groups so that one write which the database refuses, or for which it would wait too long, does not fail the others. */
final class GroupWriter {
    private static final int RACES = 10;

    private final Database database;

    GroupWriter(Database database) {
        this.database = database;
    }

    /** @return the results, in the order of the writes */
    List<WriteResult> write(List<TaskWrite> writes) {
        GroupWrite group = new GroupWrite(writes);
        for (int race = 1; ; race++) {
            try {
                database.transact(session -> {
                    group.apply(session);
                    return true;
                });
            } catch (JdbcRepositoryException e) {
                return failed(writes, e);
            }
            if (!group.isRaced() || race == RACES) {
                return group.results(WriteResult.failed(new IllegalStateException(
                        "the key of a new record was taken and freed again " + RACES + " times")));
            }
        }
    }

    /** The transaction has failed, and with it all writes. */
    private List<WriteResult> failed(List<TaskWrite> writes, JdbcRepositoryException failure) {
        if (writes.size() > 1 && failure.isAboutValues()) {
            // one of them can't be stored, and has undone the others
            return writes.stream()
                    .flatMap(write -> write(List.of(write)).stream())
                    .toList();
        }
        return writes.size() > 1 && failure.isLocked() ? besideLocks(writes, failure) : all(writes, failure);
    }

    private static List<WriteResult> all(List<TaskWrite> writes, JdbcRepositoryException failure) {
        return writes.stream().map(write -> WriteResult.failed(failure)).toList();
    }

    /** Somebody else has locked a row: the others are found without waiting for it once more. */
    private List<WriteResult> besideLocks(List<TaskWrite> writes, JdbcRepositoryException locked) {
        Set<TaskWrite> free;
        try {
            free = database.call(session -> GroupWrite.free(session, writes));
        } catch (JdbcRepositoryException e) {
            return all(writes, e);
        }
        if (free.isEmpty() || free.size() == writes.size()) {
            return all(writes, locked);
        }
        Iterator<WriteResult> written =
                write(writes.stream().filter(free::contains).toList()).iterator();
        return writes.stream()
                .map(write -> free.contains(write) ? written.next() : WriteResult.failed(locked))
                .toList();
    }
}
