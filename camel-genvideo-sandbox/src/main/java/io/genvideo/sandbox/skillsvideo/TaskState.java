/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import io.genvideo.sandbox.Directives.Outcome;

/** States of a task, in the two spellings that the service has for them (docs/contracts/skillsvideo.md section 3). */
enum TaskState {
    QUEUED("IN_QUEUE", "starting", "PENDING"),
    RUNNING("IN_PROGRESS", "processing", "PROCESSING"),
    SUCCEEDED("COMPLETED", "succeeded", "SUCCEEDED"),
    FAILED("FAILED", "failed", "FAILED"),
    CANCELED("CANCELED", "canceled", "CANCELED");

    private final String current;
    private final String older;
    private final String booked;

    TaskState(String current, String older, String booked) {
        this.current = current;
        this.older = older;
        this.booked = booked;
    }

    /** The state in which a task ends. */
    static TaskState of(Outcome outcome) {
        return switch (outcome) {
            case FAIL, FAILED_STATUS, FAILED_AFTER -> FAILED;
            case DELETED, CANCELED -> CANCELED;
            default -> SUCCEEDED;
        };
    }

    /** As in answers: a QueueState or, in older ones, a PredictionStatus. */
    String spelled(boolean inOlderWay) {
        return inOlderWay ? older : current;
    }

    /** As in the ledger. */
    String booked() {
        return booked;
    }

    boolean terminal() {
        return this != QUEUED && this != RUNNING;
    }
}
