/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One client under one load, in a process of its own; prints what it has measured as one line of JSON. */
public final class LoadMain {
    private static final int SLICES = 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LoadSettings settings;
    private final LoadClient client;
    private final Random durations = new Random(42);
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicIntegerArray lags;
    /** When each tenth of the tasks had ended. */
    private final AtomicLongArray slices = new AtomicLongArray(SLICES);

    private LoadMain(LoadSettings settings, LoadClient client) {
        this.settings = settings;
        this.client = client;
        this.lags = new AtomicIntegerArray(settings.tasks());
    }

    /** @param args {@code name=value} for the parts of {@link LoadSettings} */
    public static void main(String[] args) throws Exception {
        LoadSettings settings = LoadSettings.of(args);
        LoadClient client =
                settings.client().equals("ideal") ? new IdealClient(settings) : new ComponentClient(settings);
        ObjectNode measured = new LoadMain(settings, client).run();
        client.close();
        if (!settings.journal().equals("memory")) {
            measured.put("journalBytesAfter", Journals.bytesIn(settings.folder()));
        }
        System.out.println(measured);
        System.exit(0);
    }

    private ObjectNode run() throws Exception {
        ObjectNode result = JSON.createObjectNode();
        long begun = System.nanoTime();
        ProcessUsage before = ProcessUsage.now(settings.servicePid());
        DatabaseMeter.Usage databaseBefore = client.database();
        JsonNode atStart = stats();
        Thread submitter = new Thread(this::submit, "submitter");
        submitter.start();
        if (settings.warmSeconds() > 0) {
            while (since(atStart, "created") < settings.tasks() - failed.get()) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
            TimeUnit.SECONDS.sleep(settings.warmSeconds());
            before = ProcessUsage.now(settings.servicePid());
            databaseBefore = client.database();
            JsonNode from = stats();
            TimeUnit.SECONDS.sleep(settings.windowSeconds());
            result.put("polls", since(from, "polled"));
        } else {
            submitter.join();
            synchronized (this) {
                while (ended.get() < settings.tasks()) {
                    wait();
                }
            }
            result.put("polls", since(atStart, "polled"));
        }
        ProcessUsage used = ProcessUsage.now(settings.servicePid()).since(before);
        DatabaseMeter.Usage database = client.database().since(databaseBefore);
        result.put("tasks", settings.tasks());
        result.put("failed", failed.get());
        result.put("seconds", used.seconds());
        result.put("cpuSeconds", used.cpuSeconds());
        result.put("othersCpuSeconds", used.othersCpuSeconds());
        result.put("statements", database.statements());
        result.put("databaseCpuSeconds", database.cpuSeconds());
        result.put("allocatedBytes", used.allocatedBytes());
        result.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
        result.put("ownThreads", ownThreads());
        result.put("gcSeconds", gcSeconds());
        result.put("rssMegabytes", ProcessUsage.peakResidentMegabytes());
        result.put("heapMegabytes", ProcessUsage.heapMegabytes());
        if (settings.warmSeconds() == 0) {
            putLags(result);
            putSlices(result, begun);
        }
        if (!settings.journal().equals("memory")) {
            result.put("journalBytes", Journals.bytesIn(settings.folder()));
        }
        return result;
    }

    private void submit() {
        if (settings.atOnce() > 0) {
            for (int i = 0; i < settings.atOnce(); i++) {
                generateNext();
            }
            return;
        }
        long begun = System.nanoTime();
        for (int i = 0; i < settings.tasks(); i++) {
            long due = begun + TimeUnit.SECONDS.toNanos(1) * i / settings.perSecond();
            long left = due - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(left);
            }
            generateNext();
        }
    }

    private void generateNext() {
        int number = started.getAndIncrement();
        if (number < settings.tasks()) {
            client.generate("takes=" + nextDuration() + " a cat on a wall", this::ended);
        }
    }

    private synchronized int nextDuration() {
        int spread = settings.takesToMillis() - settings.takesFromMillis();
        return settings.takesFromMillis() + (spread == 0 ? 0 : durations.nextInt(spread));
    }

    private void ended(@Nullable String taskId) {
        if (taskId == null) {
            failed.incrementAndGet();
        }
        int number = ended.getAndIncrement();
        if (taskId != null) {
            long doneAt = Long.parseLong(taskId.substring(taskId.lastIndexOf(MockService.BEFORE_END) + 1));
            lags.set(number, (int) (System.currentTimeMillis() - doneAt));
        }
        int slice = (int) ((long) (number + 1) * SLICES / settings.tasks());
        if ((long) slice * settings.tasks() / SLICES == number + 1 && slice > 0) {
            slices.set(slice - 1, System.nanoTime());
        }
        if (number + 1 == settings.tasks()) {
            synchronized (this) {
                notifyAll();
            }
        } else if (settings.atOnce() > 0) {
            generateNext();
        }
    }

    private long since(JsonNode earlier, String count) throws IOException {
        return stats().path(count).asLong() - earlier.path(count).asLong();
    }

    private JsonNode stats() throws IOException {
        return JSON.readTree(URI.create(settings.service() + "/stats").toURL());
    }

    private void putLags(ObjectNode result) {
        int[] sorted = new int[lags.length()];
        Arrays.setAll(sorted, lags::get);
        Arrays.sort(sorted);
        ObjectNode lag = result.putObject("lagMillis");
        lag.put("p50", sorted[(sorted.length - 1) / 2]);
        lag.put("p95", sorted[(int) ((sorted.length - 1) * 0.95)]);
        lag.put("p99", sorted[(int) ((sorted.length - 1) * 0.99)]);
        lag.put("max", sorted[sorted.length - 1]);
    }

    private void putSlices(ObjectNode result, long begun) {
        var perSecond = result.putArray("tasksPerSecond");
        long from = begun;
        for (int i = 0; i < SLICES; i++) {
            long to = slices.get(i);
            perSecond.add(Math.round(settings.tasks() / (double) SLICES / Math.max(1e-9, (to - from) / 1e9)));
            from = to;
        }
    }

    private static long ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().toLowerCase(Locale.ROOT).contains("genvideo"))
                .count();
    }

    private static double gcSeconds() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(collector -> collector.getCollectionTime())
                        .sum()
                / 1000.0;
    }
}
