/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What this process and others have used so far.
 *
 * @param cpuNanos processor time of this process, its compilers and collectors included
 * @param othersCpuNanos processor time of all other processes but the service's: a figure is polluted if it is large
 * @param allocatedBytes of the threads that live
 */
record ProcessUsage(long atNanos, long cpuNanos, long othersCpuNanos, long allocatedBytes) {
    private static final long NANOS_PER_TICK = 10_000_000;

    /** @param servicePid whose time is neither ours nor that of others */
    static ProcessUsage now(long servicePid) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
        long own = system.getProcessCpuTime();
        return new ProcessUsage(System.nanoTime(), own, allBusyNanos() - own - processNanos(servicePid), allocated);
    }

    ProcessUsage since(ProcessUsage earlier) {
        return new ProcessUsage(
                atNanos - earlier.atNanos,
                cpuNanos - earlier.cpuNanos,
                othersCpuNanos - earlier.othersCpuNanos,
                allocatedBytes - earlier.allocatedBytes);
    }

    double seconds() {
        return atNanos / 1e9;
    }

    double cpuSeconds() {
        return cpuNanos / 1e9;
    }

    double othersCpuSeconds() {
        return Math.max(0, othersCpuNanos / 1e9);
    }

    /** All processors but idle and waiting for a disk; 0 where there is no {@code /proc}. */
    private static long allBusyNanos() {
        List<String> lines = lines(Path.of("/proc/stat"));
        if (lines.isEmpty()) {
            return 0;
        }
        String[] fields = lines.get(0).trim().split("\\s+");
        long ticks = 0;
        for (int i = 1; i < Math.min(fields.length, 9); i++) {
            ticks += i == 4 || i == 5 ? 0 : Long.parseLong(fields[i]);
        }
        return ticks * NANOS_PER_TICK;
    }

    /** Processor time of a process, of the children that it has now, and of those that have ended; 0 where there is no {@code /proc}. */
    static long withChildrenNanos(long pid) {
        long children = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .mapToLong(child -> processNanos(child.pid()))
                .sum();
        return children + ticks(pid, 4) * NANOS_PER_TICK;
    }

    private static long processNanos(long pid) {
        return ticks(pid, 2) * NANOS_PER_TICK;
    }

    /** The sum of the first times of a process: user, system, then both of the children that have ended. */
    private static long ticks(long pid, int times) {
        List<String> lines = lines(Path.of("/proc/" + pid + "/stat"));
        if (lines.isEmpty()) {
            return 0;
        }
        // the name, in parentheses, may hold anything
        String[] fields =
                lines.get(0).substring(lines.get(0).lastIndexOf(')') + 2).split(" ");
        return Arrays.stream(fields, 11, 11 + times).mapToLong(Long::parseLong).sum();
    }

    /** Highest resident size of this process so far, in MB; 0 where there is no {@code /proc}. */
    static long peakResidentMegabytes() {
        return lines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    /** Of the heap after a collection, in MB. */
    static long heapMegabytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException gone) {
            // a process that has ended uses nothing more
            return List.of();
        }
    }
}
