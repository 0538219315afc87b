/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.fuzz;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Runs one kind of input many times, each with a seed of its own, on a thread with the small stack of an I/O thread.
 *
 * <p>System properties: {@code genvideo.fuzz.inputs} is the number of inputs of all tests together;
 * {@code genvideo.fuzz.seed} is where the seeds begin, {@code random} draws one; {@code genvideo.fuzz.only=target:seed} runs
 * one input again, as the message of a failure says.
 */
public final class Fuzz {
    /** The sum of the shares of all tests. */
    private static final int SHARES = 660;

    private static final int INPUTS = Integer.getInteger("genvideo.fuzz.inputs", 20_000);
    private static final String ONLY = System.getProperty("genvideo.fuzz.only", "");
    private static final long SEED = seed(System.getProperty("genvideo.fuzz.seed", "20261121"));

    /** The processor time that no input may need: on a busy machine any input may take long. */
    private static final Duration SLOW = Duration.ofSeconds(1);

    /** After so long an input is taken to hang. */
    private static final Duration HANGS = Duration.ofSeconds(60);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int MOST_FAILURES = 12;
    private static final int SHOWN = 1500;

    /** Of I/O threads; nesting that fits the stack of a main thread must not count. */
    private static final long STACK = 512 * 1024;

    private final String target;
    private final Trial trial;
    private final Map<String, String> failures = new LinkedHashMap<>();
    private volatile long startedAt = System.nanoTime();
    private volatile long current;
    private volatile String input = "";

    private Fuzz(String target, Trial trial) {
        this.target = target;
        this.trial = trial;
    }

    /** One input: made by the random numbers, given to the code under test, and judged. */
    public interface Trial {
        /** @throws AssertionError if an invariant is broken */
        void run(Random random, Notes notes) throws Exception;
    }

    /** What a failure shows of its input. */
    public interface Notes {
        void add(String what);
    }

    /** @param share of all inputs, in 1/440 */
    public static void run(String target, int share, Trial trial) throws InterruptedException {
        Fuzz fuzz = new Fuzz(target, trial);
        Thread worker = new Thread(null, () -> fuzz.all(share), "fuzz-" + target, STACK);
        worker.setDaemon(true);
        worker.start();
        while (worker.isAlive()) {
            worker.join(500);
            if (worker.isAlive() && System.nanoTime() - fuzz.startedAt > HANGS.toNanos()) {
                StringBuilder at = new StringBuilder();
                for (StackTraceElement frame : worker.getStackTrace()) {
                    at.append("\n    at ").append(frame);
                }
                throw new AssertionError(fuzz.shown("hangs", at.toString()));
            }
        }
        if (!fuzz.failures.isEmpty()) {
            throw new AssertionError(String.join("\n\n", fuzz.failures.values()));
        }
    }

    private void all(int share) {
        if (!ONLY.isEmpty()) {
            String[] only = ONLY.split(":");
            if (only[0].equals(target)) {
                one(Long.parseLong(only[1]));
            }
            return;
        }
        long inputs = Math.max(1, (long) INPUTS * share / SHARES);
        Random seeds = new Random(SEED ^ target.hashCode());
        for (long i = 0; i < inputs && failures.size() < MOST_FAILURES; i++) {
            one(seeds.nextLong());
        }
    }

    private void one(long seed) {
        long took = timed(seed);
        // A compiler or a collector may have been at work; an input that is slow is so each time
        for (int again = 0; again < 3 && took > SLOW.toNanos(); again++) {
            took = Math.min(took, timed(seed));
        }
        if (took > SLOW.toNanos()) {
            failures.putIfAbsent("slow", shown("took " + took / 1_000_000 + " ms", ""));
        }
    }

    private long timed(long seed) {
        current = seed;
        StringBuilder notes = new StringBuilder();
        startedAt = System.nanoTime();
        long from = THREADS.getCurrentThreadCpuTime();
        try {
            trial.run(new Random(seed), what -> {
                notes.append('\n').append(what.length() > SHOWN ? what.substring(0, SHOWN) + "…" : what);
                input = notes.toString();
            });
        } catch (Throwable e) {
            // An Error is a finding too
            failures.putIfAbsent(kind(e), shown(e.toString(), trace(e)));
        }
        return THREADS.getCurrentThreadCpuTime() - from;
    }

    /** Failures of one kind are shown once. */
    private static String kind(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        String message = e instanceof AssertionError ? String.valueOf(e.getMessage()) : "";
        String first = message.substring(0, Math.min(90, message.length()));
        return e.getClass() + " " + first + (trace.length == 0 ? "" : trace[0]);
    }

    private static String trace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        String[] lines = text.toString().split("\n", 30);
        return "\n" + String.join("\n", lines.length < 30 ? lines : Arrays.copyOf(lines, 29));
    }

    private String shown(String what, @Nullable String details) {
        return target + ": " + what + "\nagain with -Dgenvideo.fuzz.only=" + target + ":" + current + "\ninput:"
                + JsonMutator.printable(input) + details;
    }

    private static long seed(String text) {
        if (!text.equals("random")) {
            return Long.parseLong(text);
        }
        long drawn = new Random().nextLong() >>> 1;
        System.out.println("-Dgenvideo.fuzz.seed=" + drawn);
        return drawn;
    }
}
