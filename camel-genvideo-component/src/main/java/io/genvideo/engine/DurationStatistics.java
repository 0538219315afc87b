/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static io.genvideo.engine.Durations.max;
import static io.genvideo.engine.Durations.min;
import static io.genvideo.engine.Durations.part;
import static io.genvideo.engine.Durations.times;

import io.genvideo.engine.PollSchedule.Expectation;
import io.genvideo.spi.ExpectedTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long the last tasks of each model took; better than what a catalogue announces. One task that ended early is enough to poll
 * others earlier; only several are enough to poll them later.
 */
final class DurationStatistics {
    private static final int KEPT_PER_MODEL = 50;
    private static final int NEEDED = 3;
    private static final int MODELS = 1000;

    private final Map<String, Model> models = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Model> eldest) {
            return size() > MODELS;
        }
    };

    /** @param model with its account and operation */
    void add(String model, Duration duration) {
        model(model).add(duration);
    }

    /** @return what is known of the model at any time from now on */
    Expectation refine(String model, ExpectedTime announced) {
        return new Refined(model(model), announced);
    }

    private Model model(String name) {
        return models.computeIfAbsent(name, n -> new Model());
    }

    private static final class Model {
        private final ArrayDeque<Duration> last = new ArrayDeque<>();
        private Duration least = Duration.ZERO;
        private Duration most = Duration.ZERO;

        void add(Duration duration) {
            last.addLast(duration);
            if (last.size() > KEPT_PER_MODEL) {
                last.removeFirst();
            }
            least = part(times(Collections.min(last), 9), 10);
            most = part(times(Collections.max(last), 11), 10);
        }
    }

    private record Refined(Model model, ExpectedTime announced) implements Expectation {

        @Override
        public boolean measured() {
            return model.last.size() >= NEEDED;
        }

        @Override
        public ExpectedTime time() {
            if (model.last.isEmpty()) {
                return announced;
            }
            if (measured()) {
                return new ExpectedTime(model.least, model.most);
            }
            return new ExpectedTime(min(announced.least(), model.least), max(announced.most(), model.most));
        }
    }
}
