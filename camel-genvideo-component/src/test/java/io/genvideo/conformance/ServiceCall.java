/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import org.jspecify.annotations.Nullable;

/**
 * Which call of its protocol a request is.
 *
 * @param taskId of which task, for {@link Kind#POLL}; else {@code null}
 */
public record ServiceCall(Kind kind, @Nullable String taskId) {

    /** The kinds of calls that the kit treats differently. */
    public enum Kind {
        /** The paid call. */
        CREATE,
        /** The paid call, whose response is a stream of the task's events. */
        STREAMED_CREATE,
        /** Reads the state of a task. */
        POLL,
        /** Everything else: catalogue, upload, balance. */
        SUPPORTING
    }

    public static ServiceCall create() {
        return new ServiceCall(Kind.CREATE, null);
    }

    public static ServiceCall streamedCreate() {
        return new ServiceCall(Kind.STREAMED_CREATE, null);
    }

    public static ServiceCall poll(String taskId) {
        return new ServiceCall(Kind.POLL, taskId);
    }

    public static ServiceCall supporting() {
        return new ServiceCall(Kind.SUPPORTING, null);
    }
}
