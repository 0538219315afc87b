/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.engine.PollSchedule.Expectation;
import io.genvideo.spi.ExpectedTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long the last tasks of each model took; better than what a catalogue announces. */
final class DurationStatistics {
    private static final int KEPT_PER_MODEL = 20;
    private static final int NEEDED = 3;
    private static final int MODELS = 1000;

    private final Map<String, ArrayDeque<Duration>> taken = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ArrayDeque<Duration>> eldest) {
            return size() > MODELS;
        }
    };

    /** @param model with its account and operation */
    void add(String model, Duration duration) {
        ArrayDeque<Duration> last = taken.computeIfAbsent(model, m -> new ArrayDeque<>());
        last.addLast(duration);
        if (last.size() > KEPT_PER_MODEL) {
            last.removeFirst();
        }
    }

    Expectation refine(String model, ExpectedTime announced) {
        ArrayDeque<Duration> last = taken.get(model);
        if (last == null || last.size() < NEEDED) {
            return new Expectation(announced, false);
        }
        Duration least = Collections.min(last).multipliedBy(9).dividedBy(10);
        Duration most = Collections.max(last).multipliedBy(11).dividedBy(10);
        return new Expectation(new ExpectedTime(least, most), true);
    }
}
