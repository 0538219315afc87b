/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

/** Whether a failure may have cost credits. */
public enum Paid {
    NO,
    YES,
    UNKNOWN
}
