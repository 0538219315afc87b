/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether each task was polled by one node at a time. A poll is due when the interval has passed since the last one that was
 * due, unless its task is known to have ended. Every other one is extra, and needs a cause:
 *
 * <ul>
 *   <li>A takeover: the new owner does not know when the task was polled last, nor whether its end was read and not journalled.
 *   <li>A response that a fault has spoiled. The task is polled again, at once if the circuit breaker closes meanwhile.
 *   <li>A node that was frozen while the response was on its way: when it goes on, the time of the call is over.
 *   <li>Three failed downloads: the service is asked for a fresh address of the result.
 * </ul>
 */
final class PollAudit {
    /** Timers are not exact, and what an exchange that attaches wants is counted from when the last poll was begun. */
    private static final double LEAST_SHARE_OF_INTERVAL = 0.9;

    private static final int DOWNLOADS_BEFORE_FRESH_ADDRESS = 3;
    private static final String LATE_RESPONSE = "STALL";
    /** A response takes a few milliseconds, a late one {@link TestedProvider#STALL} more. */
    private static final Duration ON_ITS_WAY = Duration.ofMillis(100);

    private final Duration least;
    private final List<String> errors = new ArrayList<>();
    private int due;
    private int repeated;
    private int freshAddresses;
    private int extra;
    private int takenOver;

    /**
     * @param polls of all tasks
     * @param faults that were injected
     * @param tasks as they are in the end
     * @param freezes when nodes were frozen
     * @param takeovers how often each task got another owner
     * @param interval at which each task is polled
     */
    PollAudit(
            List<Ledger.Poll> polls,
            List<Ledger.Injected> faults,
            List<Ledger.TaskView> tasks,
            List<Instant> freezes,
            Map<String, Integer> takeovers,
            Duration interval) {
        least = Duration.ofMillis(Math.round(interval.toMillis() * LEAST_SHARE_OF_INTERVAL));
        Map<String, String> tasksByMedium = new HashMap<>();
        tasks.forEach(task -> task.mediaPaths().forEach(path -> tasksByMedium.put(path, task.taskId())));
        Map<String, Task> found = new LinkedHashMap<>();
        polls.forEach(poll -> found.computeIfAbsent(poll.taskId(), id -> new Task(id, freezes))
                .polls
                .add(poll));
        for (Ledger.Injected fault : faults) {
            Task polled = found.get(fault.subject());
            Task downloaded = found.get(tasksByMedium.getOrDefault(fault.subject(), ""));
            if (polled != null) {
                (fault.kind().equals(LATE_RESPONSE) ? polled.late : polled.spoiled).add(fault.time());
            } else if (downloaded != null) {
                downloaded.failedDownloads++;
            }
        }
        found.values().forEach(task -> check(task, takeovers.getOrDefault(task.id, 0)));
    }

    private void check(Task task, int moves) {
        task.count(least);
        int fresh = Math.min(task.afterEnd, task.failedDownloads / DOWNLOADS_BEFORE_FRESH_ADDRESS);
        int unexplained = task.early + task.afterEnd - fresh;
        due += task.due;
        repeated += task.repeated;
        freshAddresses += fresh;
        extra += unexplained;
        takenOver += moves;
        if (unexplained > moves) {
            errors.add(task.id + " was polled " + task.polls.size() + " times: " + task.early + " times too early and "
                    + (task.afterEnd - fresh) + " times after its end was known; it was taken over " + moves
                    + " times; " + task.polls.stream().map(Ledger.Poll::time).toList());
        }
    }

    boolean holds() {
        return errors.isEmpty();
    }

    String report() {
        StringBuilder out = new StringBuilder();
        out.append("polls: ").append(due).append(" due, ");
        out.append(repeated).append(" after a spoiled response, ");
        out.append(freshAddresses).append(" for a fresh address, ");
        out.append(extra)
                .append(" extra; takeovers of tasks: ")
                .append(takenOver)
                .append('\n');
        errors.forEach(error -> out.append("WRONG: ").append(error).append('\n'));
        return out.toString();
    }

    /** What the service saw of one task. */
    private static final class Task {
        private final String id;
        private final List<Ledger.Poll> polls = new ArrayList<>();
        private final List<Instant> freezes;
        /** When responses were lost or garbled. */
        private final List<Instant> spoiled = new ArrayList<>();
        /** When responses were held back. */
        private final List<Instant> late = new ArrayList<>();

        private int failedDownloads;
        private int due;
        private int repeated;
        private int early;
        private int afterEnd;

        private Task(String id, List<Instant> freezes) {
            this.id = id;
            this.freezes = freezes;
        }

        private void count(Duration least) {
            polls.sort(Comparator.comparing(Ledger.Poll::time));
            Ledger.Poll before = polls.get(0);
            Instant lastDue = before.time();
            due++;
            for (Ledger.Poll poll : polls.subList(1, polls.size())) {
                boolean isTooEarly = poll.time().isBefore(lastDue.plus(least));
                boolean wasSpoiled = isSpoiled(before, poll);
                if (wasSpoiled && (isTooEarly || poll.ended())) {
                    repeated++;
                    lastDue = poll.time();
                } else if (poll.ended()) {
                    afterEnd++;
                } else if (isTooEarly) {
                    early++;
                } else {
                    due++;
                    lastDue = poll.time();
                }
                before = poll;
            }
        }

        /** Whether the response to a poll, which was followed by another one, may not have reached its node. */
        private boolean isSpoiled(Ledger.Poll poll, Ledger.Poll next) {
            boolean isLate = isAny(late, poll.time(), next.time());
            Instant arrived = poll.time().plus(ON_ITS_WAY).plus(isLate ? TestedProvider.STALL : Duration.ZERO);
            return isAny(spoiled, poll.time(), next.time())
                    || isAny(freezes, poll.time().minus(ON_ITS_WAY), arrived);
        }

        private static boolean isAny(List<Instant> times, Instant from, Instant to) {
            return times.stream().anyMatch(time -> !time.isBefore(from) && time.isBefore(to));
        }
    }
}
