/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a database that can't be reached yet, for a limited time. */
final class StartPatience {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcTaskRepository.class);
    private static final Duration NEXT_TRY = Duration.ofMillis(500);

    private final Duration most;

    StartPatience(Duration most) {
        this.most = most;
    }

    /**
     * Does the work, again and again while the database can't be reached.
     *
     * @throws JdbcRepositoryException the last failure after that time, another failure, or any if the thread is interrupted
     */
    void until(Runnable work) {
        long begun = System.nanoTime();
        for (boolean waited = false; ; waited = true) {
            try {
                work.run();
                if (waited) {
                    LOG.info(
                            "The database of the journal responds after {} s",
                            since(begun).toSeconds());
                }
                return;
            } catch (JdbcRepositoryException e) {
                boolean over = since(begun).compareTo(most) >= 0;
                if (!e.isUnavailable() || over || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (!waited) {
                    LOG.warn(
                            "The start waits up to {} s for the database of the journal: {}",
                            most.toSeconds(),
                            e.getMessage());
                }
                LockSupport.parkNanos(NEXT_TRY.toNanos());
            }
        }
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
