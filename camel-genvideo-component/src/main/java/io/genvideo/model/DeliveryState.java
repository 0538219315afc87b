/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

/** Whether the outcome of a task has reached a route (docs/design.md section 4.10). */
public enum DeliveryState {
    /** An exchange waits for the outcome, or is working with it. */
    OWNED,
    /** Nobody waits: the {@code tasks} consumer or an attaching exchange may claim it. */
    AVAILABLE,
    /** An exchange that got the outcome ended without failure. */
    DELIVERED,
    /** Given out too often without success; needs a person. */
    PARKED
}
