/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ten thousand tasks in flight, in virtual time. */
class ScaleTest {
    private static final int TASKS = 10_000;

    @Test
    void tenThousandTasksInFlightCompleteWithTheRequestsThatTheScheduleAllows() {
        EngineFixture f = new EngineFixture().forgetCalls();
        Random random = new Random(7);
        f.service
                .on("cat")
                .expected(ofSeconds(60), ofSeconds(120))
                .takes(() -> ofMillis(60_000 + random.nextInt(60_000)));
        List<Exchange> all = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            all.add(f.submit("cat").key("k" + i).maxInFlight(TASKS).queue());
        }
        f.advance(ofSeconds(10));
        assertThat(f.journal.all()).hasSize(TASKS).allMatch(r -> r.status().isWatched());
        assertThat(f.loop.pending())
                .as("a deadline, a poll and a progress timer each, and one for all calls")
                .isLessThanOrEqualTo(3 * TASKS + 1);

        f.advance(ofMinutes(15));
        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
        assertThat(f.service.ledger()).hasSize(TASKS);
        assertThat(f.service.polls()).isLessThan(TASKS * (12 + 30L));
        assertThat(f.loop.pending()).isZero();
    }

    @Test
    void aQueueOfTenThousandPassesThroughAHundredPlaces() {
        EngineFixture f = new EngineFixture().forgetCalls();
        f.service.on("cat").expected(ofSeconds(1), ofSeconds(2)).takes(ofSeconds(1));
        List<Exchange> all = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            all.add(f.submit("cat").maxInFlight(100).timeout(ofMinutes(60)).queue());
        }
        f.loop.runUntilIdle(ofMinutes(60));
        assertThat(all).allMatch(e -> e.task().status() == TaskStatus.SUCCEEDED);
        assertThat(f.journal.all()).extracting(TaskRecord::creates).containsOnly(1);
        assertThat(f.loop.elapsed()).isLessThan(ofMinutes(10));
    }
}
