/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Reads twice a second from the journal who owns each open task: how long the tasks of a process that is gone waited until they
 * were taken over. Only time counts in which the database responds and another process could take them: one that is undisturbed
 * and whose lease lives.
 */
final class TakeoverMonitor implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(500);
    private static final String OWNERS = "SELECT DISTINCT OWNER FROM GENVIDEO_TASK"
            + " WHERE STATUS IN ('SUBMITTING', 'QUEUED', 'RUNNING') AND OWNER IS NOT NULL";

    private static final String LIVING = "SELECT OWNER FROM GENVIDEO_OWNER WHERE LEASE_UNTIL > CURRENT_TIMESTAMP";

    /** A process that is gone, by the beginning of its owners' ids. */
    private static final class Loss {
        private final String process;
        private Duration waited = Duration.ZERO;
        private boolean hadTasks;

        private Loss(String process) {
            this.process = process;
        }
    }

    private final ClusterDatabase database;
    private final Duration most;
    private final Set<String> disturbed = new HashSet<>();
    private final List<Loss> losses = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private final Thread thread = new Thread(this::watch, "takeovers");

    /** @param most a process that comes back later than that has been replaced too late */
    TakeoverMonitor(ClusterDatabase database, Duration most) {
        this.database = database;
        this.most = most;
        thread.setDaemon(true);
        thread.start();
    }

    /** A process was killed, frozen or cut off. */
    synchronized void lost(long pid) {
        losses.add(new Loss(pid + "-"));
        disturbed.add(pid + "-");
    }

    /** A process that was frozen or cut off goes on: what it still owns needs no other owner. */
    synchronized void isBack(long pid) {
        disturbed.remove(pid + "-");
        for (Iterator<Loss> all = losses.iterator(); all.hasNext(); ) {
            Loss loss = all.next();
            if (loss.process.equals(pid + "-")) {
                if (loss.hadTasks && loss.waited.compareTo(most) > 0) {
                    waits.add(loss.waited);
                }
                all.remove();
            }
        }
    }

    /** How long the tasks of each process that was lost waited until the last one was taken over or had ended. */
    synchronized List<Duration> waits() {
        return List.copyOf(waits);
    }

    private void watch() {
        long last = System.nanoTime();
        boolean responded = false;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                List<String> owners = database.query(OWNERS, row -> row.getString(1));
                List<String> living = database.query(LIVING, row -> row.getString(1));
                long now = System.nanoTime();
                observe(owners, living, responded ? Duration.ofNanos(now - last) : Duration.ZERO);
                last = now;
                responded = true;
            } catch (SQLException away) {
                responded = false;
            }
            Waits.pause(STEP);
        }
    }

    private synchronized void observe(List<String> owners, List<String> living, Duration elapsed) {
        boolean somebodyCould =
                living.stream().anyMatch(owner -> disturbed.stream().noneMatch(owner::startsWith));
        for (Iterator<Loss> all = losses.iterator(); all.hasNext(); ) {
            Loss loss = all.next();
            boolean waiting = owners.stream().anyMatch(owner -> owner.startsWith(loss.process));
            loss.waited = somebodyCould ? loss.waited.plus(elapsed) : loss.waited;
            loss.hadTasks |= waiting;
            if (!waiting) {
                if (loss.hadTasks) {
                    waits.add(loss.waited);
                }
                all.remove();
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
