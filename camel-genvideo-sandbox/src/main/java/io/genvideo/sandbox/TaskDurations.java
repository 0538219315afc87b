/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.time.Duration;
import java.util.Random;

/** How long a task takes: as its prompt says, else as the sandbox is set, else about as long as at the real service. */
public final class TaskDurations {
    private static final double SPREAD = 0.2;

    private final SandboxConfig config;
    private final Random random;

    public TaskDurations(SandboxConfig config) {
        this.config = config;
        this.random = new Random(config.seed());
    }

    /** @param atService what the real service needs on average */
    public Duration next(Directives directives, Duration atService) {
        double factor;
        synchronized (random) {
            factor = 1 - SPREAD + 2 * SPREAD * random.nextDouble();
        }
        Duration own = directives.take();
        if (own != null) {
            return own;
        }
        Duration fixed = config.taskDuration();
        return fixed != null
                ? fixed
                : Duration.ofMillis(Math.round(atService.toMillis() * factor * config.timeScale()));
    }
}
