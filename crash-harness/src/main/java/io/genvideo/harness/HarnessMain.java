/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/**
 * Runs one of the two harnesses and ends with status 1 if a task was paid twice or a paid task was lost. {@code crash} kills
 * the shipped file drop again and again while its service returns errors; {@code outage} makes the service unavailable while
 * many tasks run. Options and report: {@code docs/crash-harness.md}.
 */
public final class HarnessMain {
    private HarnessMain() {}

    /**
     * @param args {@code crash} or {@code outage}
     * @throws IllegalArgumentException if it is neither, or an option is invalid
     */
    public static void main(String[] args) throws Exception {
        String harness = args.length == 1 ? args[0] : "";
        boolean holds = switch (harness) {
            case "crash" -> crash();
            case "outage" -> outage();
            default ->
                throw new IllegalArgumentException("harness=" + harness + " is not allowed; allowed: crash, outage");
        };
        System.exit(holds ? 0 : 1);
    }

    private static boolean crash() throws Exception {
        int nodes = Integer.getInteger("harness.nodes", 1);
        if (nodes > 1) {
            try (ClusterRun run = new ClusterRun(ClusterSettings.fromProperties(nodes), System.out)) {
                return run.run();
            }
        }
        List<CrashSettings> runs = TestedProvider.allFromProperties().stream()
                .map(CrashSettings::fromProperties)
                .toList();
        return runs.size() == 1 ? CrashRun.run(runs.get(0), System.out) : ParallelCrashRuns.run(runs, System.out);
    }

    private static boolean outage() throws Exception {
        try (OutageRun run = new OutageRun(
                TestedProvider.fromProperties(),
                Integer.getInteger("outage.tasks", 500),
                Duration.ofSeconds(Integer.getInteger("outage.seconds", 60)),
                Files.createTempDirectory("genvideo-outage"),
                System.out)) {
            return run.run();
        }
    }
}
