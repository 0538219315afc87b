/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * The options of a crash run.
 *
 * @param provider that the pictures are sent to
 * @param pictures how many are dropped
 * @param kills how often the route's process is killed
 * @param removals how many pictures are deleted from the inbox, while the process is down, after they were paid; their
 *     videos are delivered by the route for late results, after five minutes
 * @param seed of all random decisions; the same seed makes the same decisions, their effects differ from run to run
 * @param folder of all files of the run; they stay there after the run
 * @param longestRun of the process between two kills
 * @param timeout after the last kill, until every picture is accounted for
 */
record CrashSettings(
        TestedProvider provider,
        int pictures,
        int kills,
        int removals,
        long seed,
        Path folder,
        Duration longestRun,
        Duration timeout) {

    CrashSettings {
        if (pictures < 1 || kills < 0 || removals < 0 || removals > pictures) {
            throw new IllegalArgumentException(
                    "crash.pictures=" + pictures + ", crash.kills=" + kills + ", crash.removals=" + removals
                            + ": allowed are at least 1 picture, 0 kills, and 0 to " + pictures + " removals");
        }
    }

    /** From the system properties {@code crash.pictures}, {@code crash.kills} and so on. */
    static CrashSettings fromProperties(TestedProvider provider) {
        String seed = System.getProperty("crash.seed", "");
        return new CrashSettings(
                provider,
                Integer.getInteger("crash.pictures", 200),
                Integer.getInteger("crash.kills", 20),
                Integer.getInteger("crash.removals", 4),
                seed.isBlank() ? new Random().nextInt(1_000_000) : Long.parseLong(seed.trim()),
                Path.of(System.getProperty("crash.folder", "target/crash"))
                        .toAbsolutePath()
                        .normalize(),
                Duration.ofSeconds(20),
                Duration.ofSeconds(Integer.getInteger("crash.timeout", 900)));
    }

    /** The same run in a folder of its own below this one. */
    CrashSettings in(String name) {
        return new CrashSettings(provider, pictures, kills, removals, seed, folder.resolve(name), longestRun, timeout);
    }
}
