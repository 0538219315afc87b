/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import static io.genvideo.benchmarks.Table.format;
import static io.genvideo.benchmarks.Table.met;
import static io.genvideo.benchmarks.Table.middle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.benchmarks.Table.Line;
import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewaySettings;
import io.genvideo.http.apache.ApacheHttpGateway;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The row of a large result beside {@code curl -o}; as a program, one download in a small heap. */
public final class DownloadRow {
    private final Processes processes;
    private final Size size;
    private final Path folder;
    private final Table table;

    DownloadRow(Processes processes, Size size, Path folder, Table table) {
        this.processes = processes;
        this.size = size;
        this.folder = folder;
        this.table = table;
    }

    /** @param args address and target file; prints the seconds of the second of two downloads */
    public static void main(String[] args) throws Exception {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
        try (HttpGateway gateway = new ApacheHttpGateway(new HttpGatewaySettings(
                "benchmark",
                HttpGatewaySettings.DEFAULT_MAX_CONNECTIONS,
                HttpGatewaySettings.DEFAULT_MAX_STREAMS,
                HttpGatewaySettings.DEFAULT_MAX_WEB_SOCKETS,
                HttpGatewaySettings.DEFAULT_REQUEST_TIMEOUT,
                null,
                null,
                null,
                null,
                timer,
                new Random()))) {
            long begun = 0;
            for (int i = 0; i < 2; i++) {
                begun = System.nanoTime();
                Downloaded file = gateway.download(new Download(
                                URI.create(args[0]),
                                Path.of(args[1]),
                                Long.MAX_VALUE,
                                Duration.ofMinutes(10),
                                true,
                                uri -> true))
                        .get();
                if (file.status() != 200) {
                    throw new IOException("HTTP " + file.status());
                }
            }
            System.out.println(new ObjectMapper()
                    .createObjectNode()
                    .put("seconds", (System.nanoTime() - begun) / 1e9)
                    .put("rssMegabytes", ProcessUsage.peakResidentMegabytes()));
        } finally {
            timer.shutdownNow();
        }
        System.exit(0);
    }

    void run() throws IOException, InterruptedException {
        String uri = processes.service() + "/bytes/" + size.downloadBytes + ".mp4";
        Path target = folder.resolve("download.mp4");
        // the disk takes what it was given when it likes: one pair says little
        int pairs = size == Size.FULL ? 5 : 1;
        List<Double> theirs = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        int resident = 0;
        for (int i = 0; i < pairs; i++) {
            double curl = curl(uri, target);
            theirs.add(curl);
            JsonNode run = Processes.run(
                    "-Xmx128m", folder.resolve("processes.log"), DownloadRow.class, List.of(uri, target.toString()));
            double seconds = run.path("seconds").asDouble();
            ours.add(seconds);
            ratios.add(curl / seconds);
            resident = Math.max(resident, run.path("rssMegabytes").asInt());
            if (Files.size(target) != size.downloadBytes) {
                throw new IOException(target + " has " + Files.size(target) + " bytes");
            }
            Files.delete(target);
        }
        table.add(new Line(
                format("result of %d MB, -Xmx128m, beside curl -o", size.downloadBytes >> 20),
                middle(theirs) > 0 ? format("%.2f s", middle(theirs)) : "no curl",
                format("%.2f s, %.2f of its speed, %d MB resident", middle(ours), middle(ratios), resident),
                "0.8 of its speed",
                middle(theirs) > 0 ? met(middle(ratios) >= 0.8) : "-",
                format("%d pairs", pairs)));
    }

    /** @return the seconds of the second of two downloads, as the component's; 0 if there is no curl */
    private static double curl(String uri, Path target) throws InterruptedException {
        double seconds = 0;
        for (int i = 0; i < 2; i++) {
            long begun = System.nanoTime();
            try {
                Process curl = new ProcessBuilder("curl", "-s", "-o", target.toString(), uri).start();
                if (curl.waitFor() != 0) {
                    return 0;
                }
            } catch (IOException absent) {
                return 0;
            }
            seconds = (System.nanoTime() - begun) / 1e9;
        }
        return seconds;
    }
}
