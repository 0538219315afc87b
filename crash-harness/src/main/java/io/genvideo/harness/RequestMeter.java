/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Counts the requests that reach the service in each second. */
final class RequestMeter implements AutoCloseable {
    private final Ledger ledger;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "meter");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Long> perSecond = new ArrayList<>();
    private long before;

    RequestMeter(Ledger ledger) {
        this.ledger = ledger;
        this.before = total();
        timer.scheduleAtFixedRate(this::sample, 1, 1, TimeUnit.SECONDS);
    }

    private synchronized void sample() {
        long now = total();
        perSecond.add(now - before);
        before = now;
    }

    private long total() {
        return ledger.requests().values().stream().mapToLong(Long::longValue).sum();
    }

    /** The requests in each second since the start. */
    synchronized List<Long> perSecond() {
        return List.copyOf(perSecond);
    }

    /** The highest count of one second, without those before {@code detection}. */
    long maximumAfter(Duration detection) {
        return perSecond().stream()
                .skip(detection.toSeconds())
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
