/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Measures all rows, or some, and prints one table; the same as text and JSON in a folder. What the rows mean:
 * {@code benchmarks/README.md}.
 */
public final class BenchmarkMain {
    private BenchmarkMain() {}

    /** A part of the table that can be measured alone. */
    @FunctionalInterface
    private interface Part {
        void measure() throws Exception;
    }

    /**
     * @param args size ({@code smoke}, {@code small} or {@code full}), folder, and the names of the parts to measure, separated by
     *     commas; {@code all} for all
     * @throws IllegalArgumentException if there is no such size or part
     */
    public static void main(String[] args) throws Exception {
        Size size = Size.of(args[0]);
        run(size, Path.of(args[1]), args.length > 2 ? args[2] : "all");
        System.exit(0);
    }

    static Table run(Size size, Path folder, String names) throws Exception {
        Files.createDirectories(folder);
        Path work = Files.createTempDirectory(folder, "run");
        Table table = new Table();
        try (Processes processes = Processes.start()) {
            Map<String, Part> parts = parts(processes, size, work, table);
            Set<String> wanted = names.equals("all") ? parts.keySet() : Set.of(names.split(","));
            for (String name : wanted) {
                if (!parts.containsKey(name)) {
                    throw new IllegalArgumentException(
                            "rows=" + name + " is not allowed; allowed: all, " + String.join(", ", parts.keySet()));
                }
            }
            for (Map.Entry<String, Part> part : parts.entrySet()) {
                if (wanted.contains(part.getKey())) {
                    measure(part.getKey(), part.getValue(), table);
                }
            }
        }
        Files.writeString(folder.resolve("table.md"), heading(size) + table.text());
        Files.writeString(folder.resolve("table.json"), table.json());
        return table;
    }

    private static Map<String, Part> parts(Processes processes, Size size, Path work, Table table) {
        LoadRows load = new LoadRows(processes, size, work, table);
        JournalRows journals = new JournalRows(processes, size, work, table);
        SimulationRows simulations = new SimulationRows(size, table);
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("schedule", simulations::schedule);
        parts.put("day", simulations::day);
        parts.put("warm", load::warm);
        parts.put("process", load::wholeProcess);
        parts.put("many", load::manyInFlight);
        parts.put("growth", load::growth);
        parts.put("instant", load::instant);
        parts.put("durable", load::durableInFlight);
        parts.put("lives", load::lives);
        parts.put("cluster", new ClusterRow(processes, size, work, table)::run);
        parts.put("journal", journals::all);
        parts.put("download", new DownloadRow(processes, size, work, table)::run);
        parts.put("micro", new MicroRows(size, work, table)::all);
        return parts;
    }

    private static void measure(String name, Part part, Table table) throws Exception {
        long begun = System.nanoTime();
        try {
            part.measure();
        } catch (IOException e) {
            // one row that cannot be measured must not hide the others, and must not look measured
            table.add(new Table.Line(name, "", "failed", "", "no", String.valueOf(e.getMessage())));
        }
        System.err.println(
                name + " took " + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s");
    }

    private static String heading(Size size) {
        return "%s, size %s, %d processors, %s %s, Java %s%n%n"
                .formatted(
                        LocalDate.now(),
                        size,
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.version());
    }
}
