/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Ledger;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Ends the route's process at random moments and in random ways. */
final class ProcessKiller {
    private final RouteProcess route;
    private final Ledger ledger;
    private final DropFolders folders;
    private final Random random;
    private final long longestRun;
    private int sigkills;
    private int sigterms;

    /** @param longestRun of the process between two kills */
    ProcessKiller(RouteProcess route, Ledger ledger, DropFolders folders, Random random, Duration longestRun) {
        this.route = route;
        this.ledger = ledger;
        this.folders = folders;
        this.random = random;
        this.longestRun = longestRun.toMillis();
    }

    /** Waits for any time, for the start, for a charge whose response is on its way, or for the arrival of a video. */
    void awaitMoment() {
        long run = 500 + random.nextLong(longestRun);
        int pause = random.nextInt(40);
        switch (random.nextInt(4)) {
            case 0 -> pause(500 + random.nextLong(3_000));
            case 1 -> {
                pause(run / 2);
                int before = ledger.creates();
                await(() -> ledger.creates() > before);
                pause(pause);
            }
            case 2 -> {
                pause(run / 2);
                int before = folders.videos();
                await(() -> folders.videos() > before);
                pause(pause);
            }
            default -> pause(run);
        }
    }

    private static void pause(long millis) {
        Waits.pause(Duration.ofMillis(millis));
    }

    private void await(BooleanSupplier condition) {
        Waits.until(condition, Duration.ofMillis(1), Duration.ofMillis(longestRun));
    }

    /** @return how the process was ended, for the report */
    String kill() {
        route.requireAlive();
        switch (random.nextInt(6)) {
            case 0 -> {
                route.terminate();
                sigterms++;
                return "stopped with TERM";
            }
            case 1 -> {
                route.interruptStop(Duration.ofMillis(random.nextInt(1_500)));
                sigkills++;
                return "killed with -9 while it stopped";
            }
            default -> {
                route.kill();
                sigkills++;
                return "killed with -9";
            }
        }
    }

    @Override
    public String toString() {
        return (sigkills + sigterms) + " kills (" + sigkills + " with -9, " + sigterms + " with TERM)";
    }
}
