/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.spi.ExpectedTime;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it takes to decide when a task is polled next. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class PollScheduleBenchmark {
    private final PollSchedule schedule = new PollSchedule(null, Duration.ofSeconds(8));
    private final DurationStatistics statistics = new DurationStatistics();
    private final PollSchedule.Expectation expected;
    private final Duration age = Duration.ofSeconds(100);

    public PollScheduleBenchmark() {
        for (int i = 0; i < 50; i++) {
            statistics.add("model", Duration.ofSeconds(300 + i));
        }
        expected = statistics.refine("model", new ExpectedTime(Duration.ofSeconds(60), Duration.ofSeconds(90)));
    }

    @Benchmark
    public Duration schedule() {
        return schedule.next(age, expected);
    }
}
