/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import static io.genvideo.benchmarks.Table.format;
import static io.genvideo.benchmarks.Table.met;
import static io.genvideo.engine.ScheduleSimulation.between;
import static io.genvideo.engine.ScheduleSimulation.mostly;

import com.sun.management.UnixOperatingSystemMXBean;
import io.genvideo.benchmarks.Table.Line;
import io.genvideo.engine.EngineFixture;
import io.genvideo.engine.ScheduleSimulation;
import io.genvideo.engine.ScheduleSimulation.Spent;
import io.genvideo.engine.ScriptedProvider;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Random;

/** Rows in virtual time: independent of the machine, but for the heap. */
final class SimulationRows {
    private static final Duration FLOOR = ScriptedProvider.POLL_FLOOR;
    private static final Duration ROUND_TRIP = Duration.ofMillis(40);

    private final Size size;
    private final Table table;

    SimulationRows(Size size, Table table) {
        this.size = size;
        this.table = table;
    }

    void schedule() {
        schedule("announced and true", true, ScheduleSimulation.announced(75, 105, between(75, 105)));
        schedule("announced for long and true", true, ScheduleSimulation.announced(300, 420, between(300, 420)));
        schedule("announced +-20 %", true, ScheduleSimulation.announced(48, 72, between(48, 72)));
        schedule("done at 40 % of the announced time", false, ScheduleSimulation.announced(75, 105, between(30, 45)));
        schedule("the same, long", false, ScheduleSimulation.announced(300, 420, between(120, 180)));
        schedule("done at twice the announced time", false, ScheduleSimulation.announced(75, 105, between(150, 225)));
        schedule("nothing announced", false, ScheduleSimulation.announced(0, 600, between(30, 60)));
        schedule(
                "one of ten is slow",
                false,
                ScheduleSimulation.announced(60, 90, mostly(between(60, 90), between(400, 500))));
        schedule(
                "one of ten is fast",
                false,
                ScheduleSimulation.announced(400, 500, mostly(between(400, 500), between(60, 90))));
    }

    private void schedule(String what, boolean announcedRight, ScheduleSimulation model) {
        int tasks = size.simulatedTasks;
        Spent auto = model.steady(tasks, null);
        Spent fixed = model.steady(tasks, FLOOR);
        Spent burst = model.burst(tasks, null);
        double requests = auto.pollsPerTask() / fixed.pollsPerTask();
        long late = FLOOR.plus(ROUND_TRIP).toMillis();
        boolean inTime = tasks < 100 || (auto.lagMillis(0.95) <= late && burst.lagMillis(0.95) <= late);
        table.add(new Line(
                format("schedule auto (simulation, floor 2 s): %s", what),
                format("%.1f polls at the floor, p95 %d ms", fixed.pollsPerTask(), fixed.lagMillis(0.95)),
                format(
                        "%.1f polls, %.0f %%; p95 %d ms, max %d ms; all at once %.1f polls, p95 %d ms",
                        auto.pollsPerTask(),
                        100 * requests,
                        auto.lagMillis(0.95),
                        auto.lagMillis(1),
                        burst.pollsPerTask(),
                        burst.lagMillis(0.95)),
                announcedRight ? "60 %, p95 one floor interval" : "p95 one floor interval",
                tasks < 100 ? "-" : met(inTime && (!announcedRight || requests <= 0.6)),
                ""));
    }

    /** A day of tasks in virtual time; what is kept must not grow. */
    void day() {
        EngineFixture f = new EngineFixture().forgetCalls();
        f.start();
        Random random = new Random(7);
        f.service
                .on("cat")
                .expected(Duration.ofSeconds(60), Duration.ofSeconds(120))
                .takes(() -> Duration.ofMillis(random.nextInt(60_000, 120_000)));
        hour(f);
        long heap = ProcessUsage.heapMegabytes();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        long files = openFiles();
        int steps = f.loop.pending();
        for (int hour = 1; hour < size.simulatedHours; hour++) {
            hour(f);
        }
        long heapAfter = ProcessUsage.heapMegabytes();
        boolean flat = heapAfter - heap <= 16
                && ManagementFactory.getThreadMXBean().getThreadCount() <= threads
                && openFiles() <= files
                && f.loop.pending() <= steps;
        table.add(new Line(
                format("%d h of simulated time, a task each 10 s: heap, threads, files, timers", size.simulatedHours),
                "",
                format(
                        "%d to %d MB; %d to %d; %d to %d; %d to %d",
                        heap,
                        heapAfter,
                        threads,
                        ManagementFactory.getThreadMXBean().getThreadCount(),
                        files,
                        openFiles(),
                        steps,
                        f.loop.pending()),
                "no growth (16 MB for what the simulated service remembers)",
                met(flat),
                ""));
    }

    private static void hour(EngineFixture f) {
        for (int i = 0; i < 360; i++) {
            f.submit("cat").send();
            f.advance(Duration.ofSeconds(10));
        }
        f.advance(Duration.ofMinutes(5));
        f.finished.clear();
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }
}
