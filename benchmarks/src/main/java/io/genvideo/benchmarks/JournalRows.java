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

/** Rows about a journal that holds many records. */
final class JournalRows {
    private final Processes processes;
    private final Size size;
    private final Path folder;
    private final Table table;

    JournalRows(Processes processes, Size size, Path folder, Table table) {
        this.processes = processes;
        this.size = size;
        this.folder = folder;
        this.table = table;
    }

    void all() throws IOException, InterruptedException {
        open("h2");
        open("postgresql");
        for (int records = size.records; records <= size.finishedRecords; records *= 10) {
            finished("h2", records);
        }
        late("h2");
    }

    private JsonNode run(String what, String journal, int records) throws IOException, InterruptedException {
        Path files = Files.createDirectories(folder.resolve(what + "-" + records + "-" + journal));
        return Processes.run(
                "-Xmx512m",
                folder.resolve("processes.log"),
                JournalMain.class,
                List.of(
                        "client=" + what,
                        "journal=" + journal,
                        "tasks=" + records,
                        "folder=" + files,
                        "service=" + processes.service()));
    }

    private void open(String journal) throws IOException, InterruptedException {
        JsonNode run = run("open", journal, size.records);
        double lease = run.path("leaseMillis").asDouble();
        table.add(new Line(
                format("%s with %,d open records of a healthy engine: search for lapsed leases", journal, size.records),
                "",
                format(
                        "%.1f ms; renewal %.1f ms; counts %.1f ms; purge %.1f ms",
                        lease,
                        run.path("renewMillis").asDouble(),
                        run.path("tallyMillis").asDouble(),
                        run.path("purgeMillis").asDouble()),
                "5 ms",
                met(lease <= 5),
                format("filled at %,.0f records/s", run.path("writesPerSecond").asDouble())));
    }

    private void finished(String journal, int records) throws IOException, InterruptedException {
        JsonNode run = run("finished", journal, records);
        double seconds = run.path("startSeconds").asDouble();
        table.add(new Line(
                format("start on %s with %,d delivered records, until the first exchange is done", journal, records),
                "",
                format(
                        "%.1f s, %.1f CPU-s, %.0f MB of files",
                        seconds,
                        run.path("cpuSeconds").asDouble(),
                        run.path("journalBytes").asDouble() / (1 << 20)),
                "2 s",
                met(seconds <= 2),
                ""));
    }

    private void late(String journal) throws IOException, InterruptedException {
        JsonNode run = run("late", journal, size.records);
        double p99 = run.path("gapMillisP99").asDouble();
        table.add(new Line(
                format("consumer of %,d late results on %s: time between two exchanges", size.records, journal),
                "",
                format(
                        "p50 %.1f ms; p99 %.1f ms; max %.0f ms; all in %.1f s",
                        run.path("gapMillisP50").asDouble(),
                        p99,
                        run.path("gapMillisMax").asDouble(),
                        run.path("seconds").asDouble()),
                "p99 20 ms",
                met(p99 <= 20),
                ""));
    }
}
