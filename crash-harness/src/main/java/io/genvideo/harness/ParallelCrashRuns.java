/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Crash runs of several providers at the same time, each with a sandbox, a process and a folder of its own. */
final class ParallelCrashRuns {
    private ParallelCrashRuns() {}

    /**
     * Returns whether every charge of every run is accounted for, once.
     *
     * @param out gets each line with the name of its provider before it
     */
    static boolean run(List<CrashSettings> runs, PrintStream out) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(runs.size());
        List<Future<Boolean>> results = new ArrayList<>();
        for (CrashSettings settings : runs) {
            String name = settings.provider().provider();
            results.add(threads.submit(() -> CrashRun.run(settings.in(name), prefixed(name, out))));
        }
        boolean holds = true;
        for (int i = 0; i < runs.size(); i++) {
            String name = runs.get(i).provider().provider();
            boolean passed = passed(name, results.get(i), out);
            out.println(name + ": " + (passed ? "PASSED" : "FAILED"));
            holds &= passed;
        }
        threads.shutdown();
        out.println((holds ? "PASSED" : "FAILED") + ": " + runs.size() + " providers");
        return holds;
    }

    private static boolean passed(String name, Future<Boolean> run, PrintStream out) throws InterruptedException {
        try {
            return run.get();
        } catch (ExecutionException e) {
            out.print(name + ": ");
            e.printStackTrace(out);
            return false;
        }
    }

    private static PrintStream prefixed(String name, PrintStream out) {
        return new PrintStream(new PrefixedLines(name + ": ", out), true, StandardCharsets.UTF_8);
    }

    /** Passes on whole lines only, so that those of several runs do not mix. */
    private static final class PrefixedLines extends OutputStream {
        private final String prefix;
        private final PrintStream out;
        private final StringBuilder pending = new StringBuilder();

        PrefixedLines(String prefix, PrintStream out) {
            this.prefix = prefix;
            this.out = out;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            pending.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
            for (int end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n")) {
                out.println(prefix + pending.substring(0, end));
                pending.delete(0, end + 1);
            }
        }
    }
}
