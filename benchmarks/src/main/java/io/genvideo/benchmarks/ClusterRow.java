/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import static io.genvideo.benchmarks.Table.format;
import static io.genvideo.benchmarks.Table.met;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.benchmarks.Table.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What PostgreSQL does while the tasks of one node, then of two, only wait and are polled. */
final class ClusterRow {
    private static final int LEAST_POLLS_PER_STATEMENT = 100;

    private final Processes processes;
    private final Size size;
    private final Path folder;
    private final Table table;

    ClusterRow(Processes processes, Size size, Path folder, Table table) {
        this.processes = processes;
        this.size = size;
        this.folder = folder;
        this.table = table;
    }

    void run() throws IOException, InterruptedException {
        add(1);
        add(2);
    }

    private void add(int nodes) throws IOException, InterruptedException {
        JsonNode run = load(nodes);
        double seconds = run.path("seconds").asDouble(1);
        long polls = run.path("polls").asLong();
        long statements = run.path("statements").asLong();
        double cpuSeconds = run.path("databaseCpuSeconds").asDouble();
        table.add(new Line(
                format(
                        "%,d in flight on PostgreSQL, %d node%s, polls every %.1f s: work of the database",
                        size.clusterInFlight, nodes, nodes == 1 ? "" : "s", size.pollMillis / 1e3),
                "",
                format(
                        "%.1f statements/s, %.2f %% of a processor; %,.0f polls/s",
                        statements / seconds, 100 * cpuSeconds / seconds, polls / seconds),
                format("1 statement in %d polls", LEAST_POLLS_PER_STATEMENT),
                met(polls > 0 && polls >= LEAST_POLLS_PER_STATEMENT * statements),
                format(
                        "%d statements in %.0f s; others %.1f CPU-s",
                        statements,
                        seconds,
                        Math.max(0, run.path("othersCpuSeconds").asDouble() - cpuSeconds))));
    }

    /** All tasks are created and their states are written before the window; none ends in it. */
    private JsonNode load(int nodes) throws IOException, InterruptedException {
        Path files = Files.createDirectories(folder.resolve("cluster" + nodes));
        Path log = folder.resolve("processes.log");
        JsonNode run = processes.load(
                "-Xmx512m",
                log,
                List.of(
                        "client=component",
                        "journal=" + Journals.COUNTED,
                        "nodes=" + nodes,
                        "tasks=" + size.clusterInFlight,
                        "perSecond=" + Math.max(500, size.clusterInFlight / 5),
                        "takesFromMillis=3600000",
                        "takesToMillis=3600001",
                        "pollMillis=" + size.pollMillis,
                        "warmSeconds=" + (size.warmSeconds + 2 * size.pollMillis / 1000),
                        "windowSeconds=" + size.clusterSeconds,
                        "folder=" + files));
        if (run.path("failed").asInt() > 0) {
            throw new IOException(run.path("failed").asInt() + " tasks have failed: see " + log);
        }
        return run;
    }
}
