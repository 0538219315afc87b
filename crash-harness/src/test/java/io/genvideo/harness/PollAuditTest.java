/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.sandbox.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each poll is due, or has one of the causes that explain an extra one. */
class PollAuditTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final String MEDIUM = "/media/out/m.mp4";

    private final List<Ledger.Poll> polls = new ArrayList<>();
    private final List<Ledger.Injected> faults = new ArrayList<>();
    private final List<Instant> freezes = new ArrayList<>();
    private final Map<String, Integer> takeovers = new HashMap<>();

    /** @param millis when each poll comes */
    private PollAuditTest polls(long... millis) {
        for (long each : millis) {
            polls.add(new Ledger.Poll(START.plusMillis(each), "ima", "t", false));
        }
        return this;
    }

    private PollAuditTest pollsAfterEnd(long... millis) {
        for (long each : millis) {
            polls.add(new Ledger.Poll(START.plusMillis(each), "ima", "t", true));
        }
        return this;
    }

    private PollAuditTest fault(long millis, String route, String kind, String subject) {
        faults.add(new Ledger.Injected(START.plusMillis(millis), "ima", route, kind, subject));
        return this;
    }

    private PollAuditTest takeovers(int times) {
        takeovers.put("t", times);
        return this;
    }

    private PollAudit audit() {
        Ledger.TaskView task = new Ledger.TaskView(
                "ima", "a", "t", "m", "SUCCEEDED", START, START, START, 0, List.of(MEDIUM), 1, List.of(), 1.0, "");
        return new PollAudit(polls, faults, List.of(task), freezes, takeovers, INTERVAL);
    }

    @Test
    void acceptsAPollForEachInterval() {
        PollAudit audit = polls(0, 500, 1030, 1480, 5000).audit();
        assertThat(audit.holds()).isTrue();
        assertThat(audit.report())
                .startsWith("polls: 5 due, 0 after a spoiled response, 0 for a fresh address, 0 extra;");
    }

    @Test
    void rejectsOnePollTooMany() {
        PollAudit audit = polls(0, 500, 700, 1000, 1500).audit();
        assertThat(audit.holds()).isFalse();
        assertThat(audit.report()).contains("4 due", "1 extra", "WRONG: t was polled 5 times: 1 times too early");
    }

    @Test
    void acceptsOneExtraPollForEachTakeover() {
        polls(0, 500, 700, 1200, 1700);
        assertThat(takeovers(1).audit().holds()).isTrue();
        assertThat(polls(1900).audit().holds()).isFalse();
        assertThat(takeovers(2).audit().holds()).isTrue();
    }

    @Test
    void rejectsATaskThatTwoNodesPoll() {
        polls(0, 200, 500, 700, 1000, 1200, 1500, 1700);
        PollAudit audit = takeovers(1).audit();
        assertThat(audit.holds()).isFalse();
        assertThat(audit.report()).contains("4 due", "4 extra");
    }

    @Test
    void rejectsATaskThatTwoNodesPollAtTheSameMoments() {
        assertThat(polls(0, 0, 500, 501, 1000, 1001).takeovers(1).audit().holds())
                .isFalse();
    }

    @Test
    void acceptsARepetitionOfAPollWhoseResponseWasSpoiled() {
        fault(500, "detail", "LOSE_ANSWER", "t").polls(0, 500, 510, 1010);
        PollAudit audit = audit();
        assertThat(audit.holds()).isTrue();
        assertThat(audit.report()).contains("3 due, 1 after a spoiled response");
    }

    @Test
    void rejectsARepetitionWhoseFaultWasAnotherTasksOrEarlier() {
        fault(500, "detail", "LOSE_ANSWER", "another").fault(0, "detail", "LOSE_ANSWER", "t");
        assertThat(polls(0, 500, 510).audit().holds()).isFalse();
    }

    /** The client waits for it. */
    @Test
    void rejectsARepetitionOfAPollWhoseResponseWasOnlyLate() {
        fault(500, "detail", "STALL", "t");
        assertThat(polls(0, 500, 510).audit().holds()).isFalse();
    }

    @Test
    void rejectsAPollAfterTheEndWasRead() {
        PollAudit audit = polls(0, 500).pollsAfterEnd(1000).audit();
        assertThat(audit.holds()).isFalse();
        assertThat(audit.report()).contains("1 times after its end was known");
    }

    @Test
    void acceptsAPollAfterAnEndWhoseResponseWasSpoiled() {
        fault(500, "detail", "LOSE_ANSWER", "t");
        assertThat(polls(0, 500).pollsAfterEnd(1000).audit().holds()).isTrue();
        assertThat(pollsAfterEnd(1500).audit().holds()).isFalse();
    }

    @Test
    void acceptsAPollAfterAnEndWhoseResponseFoundItsNodeFrozen() {
        freezes.add(START.plusMillis(505));
        assertThat(polls(0, 500).pollsAfterEnd(8000).audit().holds()).isTrue();
        freezes.clear();
        freezes.add(START.plusMillis(2500));
        assertThat(audit().holds()).as("after the response").isFalse();
        assertThat(fault(500, "detail", "STALL", "t").audit().holds())
                .as("while a late response is on its way")
                .isTrue();
    }

    @Test
    void acceptsAPollOfANewOwnerForAnEndThatTheFormerOneHasRead() {
        assertThat(polls(0, 500).pollsAfterEnd(40_000).takeovers(1).audit().holds())
                .isTrue();
    }

    @Test
    void acceptsAPollForAFreshAddressAfterThreeFailedDownloads() {
        polls(0, 500).pollsAfterEnd(2000);
        fault(600, "media", "TRUNCATE", MEDIUM).fault(900, "media", "RESET_BEFORE", MEDIUM);
        assertThat(audit().holds()).isFalse();
        fault(1500, "media", "TRUNCATE", MEDIUM);
        assertThat(audit().holds()).isTrue();
        assertThat(audit().report()).contains("1 for a fresh address");
    }

    @Test
    void failedDownloadsExplainNoPollBeforeTheEnd() {
        polls(0, 100);
        for (int i = 0; i < 3; i++) {
            fault(600, "media", "TRUNCATE", MEDIUM);
        }
        assertThat(audit().holds()).isFalse();
    }
}
