/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Ledger;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** When the route's process dies, and how. Drawn by lot. */
final class Deaths {
    private final RouteProcess route;
    private final Ledger ledger;
    private final Arrivals arrivals;
    private final Random lots;
    private final long longestLife;
    private int sigkills;
    private int sigterms;

    Deaths(RouteProcess route, Ledger ledger, Arrivals arrivals, Random lots, Duration longestLife) {
        this.route = route;
        this.ledger = ledger;
        this.arrivals = arrivals;
        this.lots = lots;
        this.longestLife = longestLife.toMillis();
    }

    /** Any time; or at the start; or just when a create was charged, and its answer is on its way; or a video arrives. */
    void awaitMoment() {
        long life = 500 + lots.nextLong(longestLife);
        int pause = lots.nextInt(40);
        switch (lots.nextInt(4)) {
            case 0 -> pass(500 + lots.nextLong(3_000));
            case 1 -> {
                pass(life / 2);
                int before = ledger.creates();
                awaitChange(() -> ledger.creates() > before);
                pass(pause);
            }
            case 2 -> {
                pass(life / 2);
                int before = arrivals.videos();
                awaitChange(() -> arrivals.videos() > before);
                pass(pause);
            }
            default -> pass(life);
        }
    }

    private static void pass(long millis) {
        Patience.pass(Duration.ofMillis(millis));
    }

    private void awaitChange(BooleanSupplier so) {
        Patience.until(so, Duration.ofMillis(1), Duration.ofMillis(longestLife));
    }

    /** @return how it died, in words */
    String strike() {
        route.requireAlive();
        switch (lots.nextInt(6)) {
            case 0 -> {
                route.terminate();
                sigterms++;
                return "stopped with TERM";
            }
            case 1 -> {
                route.interruptStop(Duration.ofMillis(lots.nextInt(1_500)));
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
