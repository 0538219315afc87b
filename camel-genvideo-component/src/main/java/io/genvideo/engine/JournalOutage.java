/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.time.Duration;

/**
 * Reports that calls of the journal fail: once when that begins, again every five minutes, and once when it is over. Every task
 * in flight repeats its own calls, so that a line for each would be thousands; those are {@linkplain TaskObserver#detail
 * details}.
 */
final class JournalOutage {
    private static final Duration REPORT_EVERY = Duration.ofMinutes(5);
    /** Longer than the distance at which calls are repeated: whatever failed has succeeded by then. */
    private static final Duration OVER_AFTER = Duration.ofSeconds(6);

    private final EngineContext engine;
    private int failures;
    private Duration failedAt = Duration.ZERO;
    private Duration reportedAt = Duration.ZERO;

    JournalOutage(EngineContext engine) {
        this.engine = engine;
    }

    /** @param call what the journal could not do, and what becomes of it */
    void failed(String call, Throwable failure) {
        failedAt = engine.loop.elapsed();
        failures++;
        if (failures == 1 || failedAt.minus(reportedAt).compareTo(REPORT_EVERY) >= 0) {
            reportedAt = failedAt;
            engine.observer.warning(
                    "calls of the journal fail (so far: " + failures + "; the others are logged on DEBUG);"
                            + " tasks go on at their services, and nothing is sent that is not journalled: " + call
                            + ": " + failure);
        } else {
            engine.observer.detail(call + ": " + failure);
        }
    }

    /** @param sentAt when a call was sent that has succeeded now */
    void succeeded(Duration sentAt) {
        if (failures > 0 && sentAt.minus(failedAt).compareTo(OVER_AFTER) > 0) {
            engine.observer.warning("the journal works again, calls that failed: " + failures);
            failures = 0;
        }
    }
}
