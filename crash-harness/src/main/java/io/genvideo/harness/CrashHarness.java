/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.io.PrintStream;

/**
 * Kills the shipped file drop again and again while its service misbehaves, and ends with status 1 unless
 * {@code charged = delivered + failed + open + uncertain}, each once. See {@code docs/crash-harness.md}.
 */
public final class CrashHarness {
    private CrashHarness() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        boolean holds;
        try (CrashRun run = new CrashRun(CrashSettings.fromProperties(), out)) {
            holds = run.run();
        }
        System.exit(holds ? 0 : 1);
    }
}
