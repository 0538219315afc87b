/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;

/**
 * Takes the service away from five hundred waiting tasks and ends with status 1 unless every one of them is delivered, paid
 * once, and the service was left in peace meanwhile. See {@code docs/crash-harness.md}.
 */
public final class OutageHarness {
    private OutageHarness() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        boolean holds;
        try (OutageRun run = new OutageRun(
                Integer.getInteger("outage.tasks", 500),
                Duration.ofSeconds(Integer.getInteger("outage.seconds", 60)),
                Files.createTempDirectory("genvideo-outage"),
                out)) {
            holds = run.run();
        }
        System.exit(holds ? 0 : 1);
    }
}
