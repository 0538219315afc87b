/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import static io.genvideo.benchmarks.Table.format;

import io.genvideo.benchmarks.Table.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Rows of single steps, by JMH: what one takes and allocates. */
final class MicroRows {
    private static final List<String> BENCHMARKS =
            List.of("io.genvideo.provider.ima.WireBenchmark", "io.genvideo.engine.PollScheduleBenchmark");

    private final Size size;
    private final Path folder;
    private final Table table;

    MicroRows(Size size, Path folder, Table table) {
        this.size = size;
        this.folder = folder;
        this.table = table;
    }

    void all() throws IOException {
        boolean smoke = size == Size.SMOKE;
        OptionsBuilder options = new OptionsBuilder();
        BENCHMARKS.forEach(options::include);
        options.forks(smoke ? 0 : 1)
                .warmupIterations(smoke ? 0 : 3)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(smoke ? 1 : 5)
                .measurementTime(TimeValue.milliseconds(smoke ? 1 : 500))
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .output(folder.resolve("jmh.log").toString());
        Collection<RunResult> results;
        try {
            results = new Runner(options.build()).run();
        } catch (RunnerException e) {
            throw new IOException("JMH has failed: see " + folder.resolve("jmh.log"), e);
        }
        for (RunResult result : results) {
            String name = result.getPrimaryResult().getLabel();
            Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            table.add(new Line(
                    "step: " + name,
                    "",
                    format(
                            "%,.0f ns, %,.0f bytes",
                            result.getPrimaryResult().getScore(),
                            allocated == null ? Double.NaN : allocated.getScore()),
                    "",
                    "-",
                    ""));
        }
    }
}
