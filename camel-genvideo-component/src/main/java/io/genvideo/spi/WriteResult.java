/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link TaskWrite}.
 *
 * @param stored what the method for one record returns: the record, or the one that has its key; {@code null} after a failure
 * @param failure what the method for one record throws; {@code null} if there was none
 */
public record WriteResult(
        @Nullable TaskRecord stored, @Nullable RuntimeException failure) {

    public static WriteResult stored(TaskRecord record) {
        return new WriteResult(record, null);
    }

    public static WriteResult failed(RuntimeException failure) {
        return new WriteResult(null, failure);
    }

    /** @throws RuntimeException the failure, if there was one */
    public TaskRecord orThrow() {
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(stored, "stored");
    }
}
