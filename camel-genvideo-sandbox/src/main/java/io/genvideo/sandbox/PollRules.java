/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes polls that a careful client would not send: sooner after the last one than the service's own clients, or long after
 * the end was seen. No service documents a limit, so that they are answered. Thread-safe.
 */
public final class PollRules {
    private final Ledger ledger;
    private final Duration floor;
    private final Map<String, Instant> lastPolls = new ConcurrentHashMap<>();

    /** @param floor the shortest time between two polls of a task at the real service; scaled as tasks are */
    public PollRules(Ledger ledger, SandboxConfig config, Duration floor) {
        this.ledger = ledger;
        double scale = config.taskDuration() == null ? Math.min(1, config.timeScale()) : 0;
        // a tenth less, for timers are not exact
        this.floor = Duration.ofMillis(Math.round(floor.toMillis() * scale * 0.9));
    }

    /** Forgets all polls. */
    public void clear() {
        lastPolls.clear();
    }

    /** Books one poll of a task that has not ended, on a route of its own. */
    public void polled(String service, String route, String taskId, Instant now) {
        ledger.polled(service, taskId, now, false);
        if (floor.isZero()) {
            return;
        }
        Instant before = lastPolls.put(taskId, now);
        if (before != null && Duration.between(before, now).compareTo(floor) < 0) {
            ledger.note(service, route, "polled sooner than the service's own clients do");
        }
    }

    /**
     * Books one poll of a task that exists.
     *
     * @param ended whether earlier polls have shown its end
     */
    public void polled(String service, String taskId, Instant now, boolean ended) {
        if (ended) {
            ledger.polled(service, taskId, now, true);
            lastPolls.remove(taskId);
            ledger.note(service, "detail", "polled after the end of the task was shown");
            return;
        }
        polled(service, "detail", taskId, now);
    }
}
