/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.sandbox.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A task that two nodes poll at a time is found by the number of its polls. */
class PollAuditTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** It takes five seconds, so that ten polls are due. */
    private static Ledger.TaskView task(int polls) {
        Instant end = START.plusSeconds(5);
        return new Ledger.TaskView(
                "ima", "a", "t", "m", "SUCCEEDED", START, end, end, polls, List.of(), 1, List.of(), 1.0, "");
    }

    private static PollAudit audit(int polls, Map<String, Integer> takeovers) {
        return new PollAudit(List.of(task(polls)), takeovers, INTERVAL);
    }

    @Test
    void acceptsAPollForEachInterval() {
        assertThat(audit(11, Map.of()).holds()).isTrue();
    }

    @Test
    void acceptsOnePollMoreForEachTakeover() {
        assertThat(audit(14, Map.of()).holds()).isFalse();
        assertThat(audit(14, Map.of("t", 1)).holds()).isTrue();
    }

    @Test
    void rejectsATaskThatTwoNodesPolled() {
        PollAudit twice = audit(22, Map.of("t", 1));
        assertThat(twice.holds()).isFalse();
        assertThat(twice.report()).contains("WRONG: t was polled 22 times");
    }
}
