/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * How long and how hard.
 *
 * @param service where the pictures go
 * @param pictures how many are dropped
 * @param kills how often the route's process is killed
 * @param removals how many pictures are taken out of the inbox, while the process is down, after they were paid; their
 *     videos come by the late route, which offers them after five minutes
 * @param seed of everything that is drawn by lot: a run with the same seed makes the same decisions, at the same moments as
 *     far as the machine allows
 * @param folder where all of it lies, afterwards too
 * @param longestLife between two kills
 * @param patience how long, after the last kill, until everything is accounted for
 */
record CrashSettings(
        Service service,
        int pictures,
        int kills,
        int removals,
        long seed,
        Path folder,
        Duration longestLife,
        Duration patience) {

    CrashSettings {
        if (pictures < 1 || kills < 0 || removals < 0 || removals > pictures) {
            throw new IllegalArgumentException("at least one picture, and not more removals than pictures");
        }
    }

    /** From the system properties {@code crash.pictures}, {@code crash.kills} and so on. */
    static CrashSettings fromProperties() {
        String seed = System.getProperty("crash.seed", "");
        return new CrashSettings(
                Service.of(System.getProperty("crash.service", "ima")),
                Integer.getInteger("crash.pictures", 200),
                Integer.getInteger("crash.kills", 20),
                Integer.getInteger("crash.removals", 4),
                seed.isBlank() ? new Random().nextInt(1_000_000) : Long.parseLong(seed.trim()),
                Path.of(System.getProperty("crash.folder", "target/crash"))
                        .toAbsolutePath()
                        .normalize(),
                Duration.ofSeconds(20),
                Duration.ofSeconds(Integer.getInteger("crash.patience", 900)));
    }
}
