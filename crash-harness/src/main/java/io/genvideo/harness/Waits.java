/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Bounded waits. */
final class Waits {
    private Waits() {}

    /** Checks a condition every {@code step} until it holds; {@code false} if it does not within {@code timeout}. */
    static boolean until(BooleanSupplier condition, Duration step, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(step.toNanos());
        }
        return true;
    }

    static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        until(() -> System.nanoTime() - end >= 0, Duration.ofMillis(5), time.plusSeconds(1));
    }

    /** Whether the process ends within the timeout. */
    static boolean ends(Process process, Duration timeout) {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
