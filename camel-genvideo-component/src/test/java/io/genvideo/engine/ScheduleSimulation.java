/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.util.stream.Collectors.toMap;

import io.genvideo.engine.ScriptedProvider.ServiceTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What a poll schedule costs and how late it finds results, over many tasks of one model in virtual time. */
public final class ScheduleSimulation {
    private static final Duration SUBMITTING_EVERY = Duration.ofSeconds(5);

    private final int announcedLeast;
    private final int announcedMost;
    private final ToIntFunction<Random> takesMillis;

    private ScheduleSimulation(int announcedLeast, int announcedMost, ToIntFunction<Random> takesMillis) {
        this.announcedLeast = announcedLeast;
        this.announcedMost = announcedMost;
        this.takesMillis = takesMillis;
    }

    /**
     * Of a model whose catalogue announces a range of seconds.
     *
     * @param takesMillis how long a task takes, in milliseconds
     */
    public static ScheduleSimulation announced(int least, int most, ToIntFunction<Random> takesMillis) {
        return new ScheduleSimulation(least, most, takesMillis);
    }

    /** @return a time between two numbers of seconds, all equally likely, in milliseconds */
    public static ToIntFunction<Random> between(int least, int most) {
        return random -> random.nextInt(least * 1000, most * 1000);
    }

    /** @return {@code often} for nine tasks of ten, else {@code seldom} */
    public static ToIntFunction<Random> mostly(ToIntFunction<Random> often, ToIntFunction<Random> seldom) {
        return random -> (random.nextInt(10) > 0 ? often : seldom).applyAsInt(random);
    }

    /**
     * Tasks that are submitted five seconds apart, as by a steady route.
     *
     * @param interval the interval of a fixed schedule; {@code null} for {@code auto}
     */
    public Spent steady(int tasks, @Nullable Duration interval) {
        return run(tasks, interval, SUBMITTING_EVERY);
    }

    /** Tasks that are all submitted at once, so that none begins with what the others teach. */
    public Spent burst(int tasks, @Nullable Duration interval) {
        return run(tasks, interval, Duration.ZERO);
    }

    private Spent run(int tasks, @Nullable Duration interval, Duration distance) {
        EngineFixture f = new EngineFixture().forgetCalls();
        Random random = new Random(42);
        f.service
                .on("cat")
                .expected(Duration.ofSeconds(announcedLeast), Duration.ofSeconds(announcedMost))
                .takes(() -> Duration.ofMillis(takesMillis.applyAsInt(random)));
        for (int i = 0; i < tasks; i++) {
            f.submit("cat")
                    .pollInterval(interval)
                    .maxInFlight(tasks)
                    .timeout(Duration.ofHours(10))
                    .send();
            f.advance(distance);
        }
        f.loop.runUntilIdle(Duration.ofHours(10));
        Map<String, Instant> done =
                f.service.ledger().stream().collect(toMap(ServiceTask::taskId, ServiceTask::doneAt));
        long[] lags = f.finished.stream()
                .mapToLong(t ->
                        Duration.between(done.get(t.handle()), t.finishedAt()).toMillis())
                .sorted()
                .toArray();
        if (lags.length != tasks) {
            throw new AssertionError(lags.length + " of " + tasks + " tasks have ended");
        }
        return new Spent(f.service.polls(), lags);
    }

    /**
     * @param polls all requests for a status
     * @param lagsMillis from the end of each task at the service to the end of its exchange, ascending
     */
    public record Spent(long polls, long[] lagsMillis) {

        public double pollsPerTask() {
            return (double) polls / lagsMillis.length;
        }

        public double meanLagMillis() {
            long sum = 0;
            for (long lag : lagsMillis) {
                sum += lag;
            }
            return (double) sum / lagsMillis.length;
        }

        /** @param share from 0 to 1 */
        public long lagMillis(double share) {
            return lagsMillis[(int) Math.round((lagsMillis.length - 1) * share)];
        }
    }
}
