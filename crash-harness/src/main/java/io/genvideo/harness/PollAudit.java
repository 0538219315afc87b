/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether each task was polled by one node at a time: with two, there would be twice as many polls as were due. A task is due
 * once per interval from its acceptance until its end could be read. A takeover adds a poll; so does the poll that reads the
 * end, and that of a waiting exchange when it attaches.
 */
final class PollAudit {
    /** The first poll, that which reads the end, and one that was answered by a fault. */
    private static final int ALWAYS = 3;

    private final List<String> errors = new ArrayList<>();
    private int polls;
    private int due;
    private int takenOver;

    PollAudit(List<Ledger.TaskView> tasks, Map<String, Integer> takeovers, Duration interval) {
        for (Ledger.TaskView task : tasks) {
            Instant end = task.readyAt();
            if (end == null) {
                continue;
            }
            int moves = takeovers.getOrDefault(task.taskId(), 0);
            int dueNow = (int) (Duration.between(task.createdAt(), end).toMillis() / interval.toMillis());
            polls += task.polls();
            due += dueNow + 1;
            takenOver += moves;
            if (task.polls() > dueNow + ALWAYS + moves) {
                errors.add(task.taskId() + " was polled " + task.polls() + " times; due were " + dueNow + " and "
                        + ALWAYS + ", it was taken over " + moves + " times");
            }
        }
    }

    boolean holds() {
        return errors.isEmpty();
    }

    String report() {
        StringBuilder out = new StringBuilder();
        out.append("polls: ")
                .append(polls)
                .append(", due at most: ")
                .append(due)
                .append(", takeovers of tasks: ");
        out.append(takenOver).append('\n');
        errors.forEach(error -> out.append("WRONG: ").append(error).append('\n'));
        return out.toString();
    }
}
