/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import static io.genvideo.benchmarks.Table.format;
import static io.genvideo.benchmarks.Table.met;
import static io.genvideo.benchmarks.Table.middle;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.benchmarks.Table.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Rows that put the same load on the ideal and on the component, one after the other. */
final class LoadRows {
    private static final int WARM_POLLS_PER_SECOND = 4000;
    /** Without the second compiler, which in a minute works more than it saves. */
    private static final String C1_ONLY = " -XX:TieredStopAtLevel=1";

    private final Processes processes;
    private final Size size;
    private final Path folder;
    private final Table table;
    private int runs;

    LoadRows(Processes processes, Size size, Path folder, Table table) {
        this.processes = processes;
        this.size = size;
        this.folder = folder;
        this.table = table;
    }

    /** Results of pairs of runs, and what belongs to both. */
    private record Pairs(List<JsonNode> ideal, List<JsonNode> component) {

        double median(List<JsonNode> of, ToDoubleFunction<JsonNode> figure) {
            return middle(of.stream().mapToDouble(figure).boxed().toList());
        }

        /** Of the component to the ideal that ran just before it. */
        double ratio(ToDoubleFunction<JsonNode> figure) {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < ideal.size(); i++) {
                ratios.add(figure.applyAsDouble(component.get(i)) / figure.applyAsDouble(ideal.get(i)));
            }
            return middle(ratios);
        }

        String noise() {
            double others = Math.max(max(ideal), max(component));
            return others > 0.1 ? format("others used up to %.0f %% of a processor", 100 * others) : "quiet";
        }

        private static double max(List<JsonNode> runs) {
            return runs.stream()
                    .mapToDouble(run -> run.path("othersCpuSeconds").asDouble()
                            / run.path("seconds").asDouble(1))
                    .max()
                    .orElse(0);
        }
    }

    private JsonNode run(String options, String client, List<String> load) throws IOException, InterruptedException {
        Path journal = Files.createDirectories(folder.resolve("run" + ++runs));
        List<String> args = new ArrayList<>(load);
        args.add("client=" + client);
        args.add("folder=" + journal);
        JsonNode result = processes.load(options, folder.resolve("processes.log"), args);
        if (result.path("failed").asInt() > 0) {
            throw new IOException(
                    result.path("failed").asInt() + " tasks have failed: see " + folder.resolve("processes.log"));
        }
        return result;
    }

    private Pairs pairs(int repeats, String options, List<String> ideal, List<String> component)
            throws IOException, InterruptedException {
        Pairs pairs = new Pairs(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < repeats; i++) {
            pairs.ideal.add(run(options, "ideal", ideal));
            pairs.component.add(run(options, "component", component));
        }
        return pairs;
    }

    private List<String> inFlight(int tasks) {
        return List.of(
                "tasks=" + tasks,
                "perSecond=" + Math.max(500, tasks / 5),
                "takesFromMillis=" + size.takesFromMillis,
                "takesToMillis=" + size.takesToMillis,
                "pollMillis=" + size.pollMillis);
    }

    void wholeProcess() throws IOException, InterruptedException {
        addWholeProcess(size.inFlight, size.repeats, "-Xmx256m");
        addC1Only(inFlight(size.inFlight));
    }

    void manyInFlight() throws IOException, InterruptedException {
        addWholeProcess(size.manyInFlight, 1, "-Xmx512m");
    }

    private void addWholeProcess(int tasks, int repeats, String heap) throws IOException, InterruptedException {
        Pairs pairs = pairs(repeats, heap, inFlight(tasks), inFlight(tasks));
        double ratio = pairs.ratio(run -> run.path("cpuSeconds").asDouble());
        double p99 = pairs.component.stream()
                .mapToDouble(run -> run.path("lagMillis").path("p99").asDouble())
                .max()
                .orElse(0);
        int threads = pairs.component.get(0).path("ownThreads").asInt();
        table.add(new Line(
                format("%,d in flight, polls every %.1f s, %s: CPU of the process", tasks, size.pollMillis / 1e3, heap),
                cpu(pairs, pairs.ideal),
                format("%s, %.2f x", cpu(pairs, pairs.component), ratio),
                "1.4 x",
                met(ratio <= 1.4),
                pairs.noise()));
        table.add(new Line(
                "- lag p99; own threads; heap after a collection; most resident",
                "",
                format(
                        "%.0f ms; %d; %d MB; %d MB",
                        p99,
                        threads,
                        pairs.component.get(0).path("heapMegabytes").asInt(),
                        pairs.component.get(0).path("rssMegabytes").asInt()),
                format("interval + 500 ms; 16 threads"),
                met(p99 <= size.pollMillis + 500 && threads <= 16),
                format("GC %.1f s", pairs.component.get(0).path("gcSeconds").asDouble())));
    }

    /** How much of the difference is compilation. */
    private void addC1Only(List<String> component) throws IOException, InterruptedException {
        Pairs pairs = pairs(1, "-Xmx256m" + C1_ONLY, inFlight(size.inFlight), component);
        table.add(new Line(
                "- CPU of the process with" + C1_ONLY,
                cpu(pairs, pairs.ideal),
                format(
                        "%s, %.2f x",
                        cpu(pairs, pairs.component),
                        pairs.ratio(run -> run.path("cpuSeconds").asDouble())),
                "",
                "-",
                pairs.noise()));
    }

    private static String cpu(Pairs pairs, List<JsonNode> runs) {
        return format(
                "%.1f CPU-s", pairs.median(runs, run -> run.path("cpuSeconds").asDouble()));
    }

    void warm() throws IOException, InterruptedException {
        Pairs pairs = pairs(
                size == Size.SMOKE ? 1 : size.repeats + 1,
                "-Xmx256m",
                held(size.inFlight / 5),
                held(size.inFlight / 5));
        double ratio = pairs.ratio(LoadRows::cpuPerThousandPolls);
        table.add(new Line(
                "warm, 1,000 polls: CPU",
                format("%.3f CPU-s", pairs.median(pairs.ideal, LoadRows::cpuPerThousandPolls)),
                format("%.3f CPU-s, %.2f x", pairs.median(pairs.component, LoadRows::cpuPerThousandPolls), ratio),
                "1.15 x",
                met(ratio <= 1.15),
                pairs.noise()));
        table.add(new Line(
                "- allocated for a poll",
                format("%.1f KB", pairs.median(pairs.ideal, LoadRows::kilobytesPerPoll)),
                format("%.1f KB", pairs.median(pairs.component, LoadRows::kilobytesPerPoll)),
                "",
                "-",
                ""));
    }

    /** Tasks that do not end while they are measured, polled at the same rate however many they are. */
    private List<String> held(int tasks) {
        long pollMillis = Math.max(20, tasks * 1000L / WARM_POLLS_PER_SECOND);
        return List.of(
                "tasks=" + tasks,
                "perSecond=" + Math.max(500, tasks / 4),
                "takesFromMillis=3600000",
                "takesToMillis=3600001",
                "pollMillis=" + pollMillis,
                "warmSeconds=" + (size.warmSeconds + (int) (2 * pollMillis / 1000)),
                "windowSeconds=" + size.windowSeconds);
    }

    /** A poll must cost the same however many tasks wait. */
    void growth() throws IOException, InterruptedException {
        StringBuilder figures = new StringBuilder();
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int tasks = 100; tasks <= size.manyInFlight; tasks *= tasks == 10_000 ? 5 : 10) {
            JsonNode run = run("-Xmx512m", "component", held(tasks));
            double cost = cpuPerThousandPolls(run);
            least = Math.min(least, cost);
            most = Math.max(most, cost);
            figures.append(figures.isEmpty() ? "" : "; ")
                    .append(format(
                            "%,d: %.3f, %d MB",
                            tasks, cost, run.path("heapMegabytes").asInt()));
        }
        table.add(new Line(
                "growth: CPU-s of 1,000 polls and heap with so many tasks in flight",
                "",
                figures.toString(),
                "flat (1.5 x)",
                met(most <= 1.5 * least),
                ""));
    }

    private static double cpuPerThousandPolls(JsonNode run) {
        return 1000 * run.path("cpuSeconds").asDouble() / run.path("polls").asDouble(1);
    }

    private static double kilobytesPerPoll(JsonNode run) {
        return run.path("allocatedBytes").asDouble() / run.path("polls").asDouble(1) / 1024;
    }

    void durableInFlight() throws IOException, InterruptedException {
        List<String> durable = new ArrayList<>(inFlight(size.inFlight));
        durable.add("journal=h2");
        Pairs pairs = pairs(1, "-Xmx256m", inFlight(size.inFlight), durable);
        double ratio = pairs.ratio(run -> run.path("cpuSeconds").asDouble());
        JsonNode run = pairs.component.get(0);
        table.add(new Line(
                format("%,d in flight on H2: CPU of the process", size.inFlight),
                cpu(pairs, pairs.ideal),
                format("%s, %.2f x", cpu(pairs, pairs.component), ratio),
                "1.6 x",
                met(ratio <= 1.6),
                pairs.noise()));
        double running = run.path("journalBytes").asDouble() / (1 << 20);
        double after = run.path("journalBytesAfter").asDouble() / (1 << 20);
        table.add(new Line(
                format("- H2 files after %,d tasks, before and after the stop", size.inFlight),
                "",
                format("%.1f MB; %.1f MB", running, after),
                "50 MB; 20 MB",
                met(running <= 50 && after <= 20),
                ""));
        addC1Only(durable);
    }

    void lives() throws IOException, InterruptedException {
        addLives("h2", 1, 1500);
        addLives("postgresql", 1, 500);
        addLives("postgresql", 4, 1500);
    }

    private void addLives(String journal, int nodes, int goal) throws IOException, InterruptedException {
        JsonNode run = run(
                "-Xmx512m",
                "component",
                List.of("tasks=" + size.journalLives, "atOnce=" + 200 * nodes, "journal=" + journal, "nodes=" + nodes));
        double settled = settled(run);
        table.add(new Line(
                format(
                        "%,d tasks from submission to delivery on %s, %d node%s: median of the tenths",
                        size.journalLives, journal, nodes, nodes == 1 ? "" : "s"),
                "",
                format(
                        "%,.0f/s; the first tenth %,.0f/s, all %,.0f/s; %.2f CPU-ms each",
                        settled,
                        run.path("tasksPerSecond").path(0).asDouble(),
                        run.path("tasks").asInt() / run.path("seconds").asDouble(1),
                        1000
                                * run.path("cpuSeconds").asDouble()
                                / run.path("tasks").asInt()),
                format("%,d/s", goal),
                met(settled >= goal),
                format("others %.1f CPU-s", run.path("othersCpuSeconds").asDouble())));
    }

    void instant() throws IOException, InterruptedException {
        JsonNode ideal = run("-Xmx256m", "ideal", instant(size.instantTasks / 4));
        JsonNode component = run("-Xmx256m", "component", instant(size.instantTasks));
        double theirs = settled(ideal);
        double ours = settled(component);
        double last = component.path("tasksPerSecond").path(9).asDouble();
        table.add(new Line(
                format("%,d instant tasks, 100 at once, -Xmx256m: median of the tenths", size.instantTasks),
                format("%,.0f/s", theirs),
                format("%,.0f/s, %.2f x", ours, ours / theirs),
                "0.5 x",
                met(ours >= 0.5 * theirs),
                format("others %.1f CPU-s", component.path("othersCpuSeconds").asDouble())));
        table.add(new Line(
                "- the last tenth; CPU and allocation for a task; heap after",
                format("%.0f us; %.0f KB", 1e6 * cpuPerTask(ideal), allocatedPerTask(ideal)),
                format(
                        "%,.0f/s; %.0f us; %.0f KB; %d MB",
                        last,
                        1e6 * cpuPerTask(component),
                        allocatedPerTask(component),
                        component.path("heapMegabytes").asInt()),
                "flat: 0.8 of the median",
                met(last >= 0.8 * ours),
                ""));
    }

    private static double cpuPerTask(JsonNode run) {
        return run.path("cpuSeconds").asDouble() / run.path("tasks").asInt(1);
    }

    private static double allocatedPerTask(JsonNode run) {
        return run.path("allocatedBytes").asDouble() / run.path("tasks").asInt(1) / 1024;
    }

    private static double settled(JsonNode run) {
        List<Double> tenths = new ArrayList<>();
        run.path("tasksPerSecond").forEach(tenth -> tenths.add(tenth.asDouble()));
        return middle(tenths);
    }

    private static List<String> instant(int tasks) {
        return List.of("tasks=" + tasks, "atOnce=100", "pollMillis=0");
    }
}
