/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How many calls to the service have not ended. Virtual time does not pass while there are any. */
final class CallsUnderWay {
    private static final long MOST_SECONDS = 30;

    private int calls;

    /** The same call, which counts as ended when everything that hangs on the returned stage has run. */
    <T> CompletableFuture<T> observe(CompletableFuture<T> call) {
        begin();
        CompletableFuture<T> observed = new CompletableFuture<>();
        call.whenComplete((value, failure) -> {
            try {
                if (failure == null) {
                    observed.complete(value);
                } else {
                    observed.completeExceptionally(failure);
                }
            } finally {
                end();
            }
        });
        return observed;
    }

    synchronized void begin() {
        calls++;
    }

    synchronized void end() {
        calls--;
        notifyAll();
    }

    /** @throws AssertionError if a call does not end in a time in which each has timed out */
    synchronized void await() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (calls > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError(calls + " calls have not ended after " + MOST_SECONDS + " s");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }
}
