/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** How much is measured; each size runs the same code. */
enum Size {
    /** Seconds: proves that the benchmarks run. */
    SMOKE(1, 200, 500, 1000, 200, 1, 1, 1_000, 200, 300, 3, 1 << 20, 200, 200, 1, 50, 1),
    /** About three minutes: a first impression. */
    SMALL(1, 2000, 5_000, 8_000, 500, 10, 6, 100_000, 5_000, 5_000, 500, 100 << 20, 5_000, 5_000, 24, 1_000, 10),
    /** What {@code benchmarks/README.md} shows: up to 40 minutes. */
    FULL(
            2, 10_000, 30_000, 60_000, 5000, 45, 10, 1_000_000, 50_000, 50_000, 1_000, 1 << 30, 100_000, 1_000_000, 24,
            10_000, 40);

    final int repeats;
    final int inFlight;
    final int takesFromMillis;
    final int takesToMillis;
    final int pollMillis;
    final int warmSeconds;
    final int windowSeconds;
    final int instantTasks;
    final int journalLives;
    final int manyInFlight;
    final int simulatedTasks;
    final int downloadBytes;
    final int records;
    final int finishedRecords;
    final int simulatedHours;
    final int clusterInFlight;
    final int clusterSeconds;

    Size(
            int repeats,
            int inFlight,
            int takesFromMillis,
            int takesToMillis,
            int pollMillis,
            int warmSeconds,
            int windowSeconds,
            int instantTasks,
            int journalLives,
            int manyInFlight,
            int simulatedTasks,
            int downloadBytes,
            int records,
            int finishedRecords,
            int simulatedHours,
            int clusterInFlight,
            int clusterSeconds) {
        this.repeats = repeats;
        this.inFlight = inFlight;
        this.takesFromMillis = takesFromMillis;
        this.takesToMillis = takesToMillis;
        this.pollMillis = pollMillis;
        this.warmSeconds = warmSeconds;
        this.windowSeconds = windowSeconds;
        this.instantTasks = instantTasks;
        this.journalLives = journalLives;
        this.manyInFlight = manyInFlight;
        this.simulatedTasks = simulatedTasks;
        this.downloadBytes = downloadBytes;
        this.records = records;
        this.finishedRecords = finishedRecords;
        this.simulatedHours = simulatedHours;
        this.clusterInFlight = clusterInFlight;
        this.clusterSeconds = clusterSeconds;
    }

    static Size of(String name) {
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "size=" + name + " is not allowed; allowed: "
                            + Arrays.toString(values()).toLowerCase(Locale.ROOT),
                    e);
        }
    }
}
