/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;

/**
 * The engine's own limits.
 *
 * @param watchFor how long an accepted task is polled before it is parked
 * @param recoverFor how long a provider may take to find out what became of a create call whose answer was lost
 * @param unavailableBudget how long a task that has not been sent keeps trying when the service cannot be reached
 * @param stopGrace how long a stop waits for the answers of create calls that are under way
 * @param retention how long results that were delivered are kept
 * @param keyRetention how long a key that was used answers for its task
 */
public record EngineSettings(
        Duration watchFor,
        Duration recoverFor,
        Duration unavailableBudget,
        Duration stopGrace,
        Duration retention,
        Duration keyRetention) {
    public static final EngineSettings DEFAULT = new EngineSettings(
            Duration.ofDays(7),
            Duration.ofMinutes(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(35),
            Duration.ofDays(7),
            Duration.ofDays(90));
}
