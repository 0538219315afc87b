/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The status of a task. The table of allowed changes here is the only one in the project: a record's status is changed
 * through it, and a terminal status is never left.
 */
public enum TaskStatus {
    /** The key is claimed and the task is being prepared; no paid call has been sent. */
    RESERVED,
    /** The create call is journalled and may have been sent. */
    SUBMITTING,
    /** The response to the create call was lost: the task may exist, and may have been paid. */
    UNCERTAIN,
    /** Accepted by the service, waiting there. */
    QUEUED,
    /** The service is working on it. */
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    private static final Map<TaskStatus, Set<TaskStatus>> ALLOWED = Map.of(
            RESERVED, EnumSet.of(SUBMITTING, FAILED, CANCELLED),
            SUBMITTING, EnumSet.of(RESERVED, UNCERTAIN, QUEUED, RUNNING, SUCCEEDED, FAILED),
            UNCERTAIN, EnumSet.of(QUEUED, RUNNING, FAILED, CANCELLED),
            QUEUED, EnumSet.of(RUNNING, SUCCEEDED, FAILED, CANCELLED),
            RUNNING, EnumSet.of(SUCCEEDED, FAILED, CANCELLED),
            SUCCEEDED, EnumSet.noneOf(TaskStatus.class),
            FAILED, EnumSet.noneOf(TaskStatus.class),
            CANCELLED, EnumSet.noneOf(TaskStatus.class));

    /** Whether a record may change from this status to {@code next}; staying is always allowed. */
    public boolean mayBecome(TaskStatus next) {
        return this == next || ALLOWED.getOrDefault(this, Set.of()).contains(next);
    }

    public boolean isTerminal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }

    /** Whether the service has the task and has not finished it, so that it has to be polled. */
    public boolean isWatched() {
        return this == QUEUED || this == RUNNING;
    }

    /** Whether no create call was sent, so that nothing was paid. */
    public boolean isUnsent() {
        return this == RESERVED;
    }
}
