/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

/** How a task ended. */
enum TaskEnd {
    SUCCEEDED(Step.END),
    /** With an exit code. */
    FAILED(Step.END),
    /** Before it was executed. */
    ERROR(Step.ERROR),
    CANCELED(Step.CANCEL);

    private final String status;

    TaskEnd(String status) {
        this.status = status;
    }

    /** Status in Task/Detail. */
    String status() {
        return status;
    }

    boolean isFailure() {
        return this == FAILED || this == ERROR;
    }

    /** State in the ledger. */
    String booked() {
        return isFailure() ? "FAILED" : name();
    }
}
