/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.spi.UnreadableRecordException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows that this version does not understand: each is named once in the log. */
final class UnreadableRows {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcTaskRepository.class);
    /** A table full of them must not fill the log and the memory. */
    private static final int NAMED = 1_000;

    private final Set<String> named = ConcurrentHashMap.newKeySet();

    void add(String recordId, UnreadableRecordException reason) {
        if (named.size() < NAMED && named.add(recordId)) {
            LOG.warn("A record of the journal is passed over: {}", reason.getMessage());
        }
    }
}
