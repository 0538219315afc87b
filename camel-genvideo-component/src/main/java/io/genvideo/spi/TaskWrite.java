/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.time.Duration;

/**
 * One of several writes that a {@link TaskRepository} is given at once.
 *
 * @param kind what is to be done with the record
 * @param record as it is to be stored
 * @param lease how long from now its owner's lease lasts
 */
public record TaskWrite(Kind kind, TaskRecord record, Duration lease) {

    /** Which method of {@link TaskRepository} does the same for one record. */
    public enum Kind {
        RESERVE,
        UPDATE
    }

    /** The same as {@link TaskRepository#reserve}. */
    public static TaskWrite reserve(TaskRecord fresh, Duration lease) {
        return new TaskWrite(Kind.RESERVE, fresh, lease);
    }

    /** The same as {@link TaskRepository#update}. */
    public static TaskWrite update(TaskRecord next, Duration lease) {
        return new TaskWrite(Kind.UPDATE, next, lease);
    }
}
