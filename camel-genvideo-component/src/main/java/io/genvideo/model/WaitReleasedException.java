/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The component stops while an exchange waits. Not a failed generation, and so not a {@link GenvideoException}: the source
 * must roll back (a file stays where it is) and send the same message again after the start, when it attaches to the task.
 */
public class WaitReleasedException extends RejectedExecutionException {
    private static final long serialVersionUID = 1L;

    private final String recordId;
    private final @Nullable String handle;

    public WaitReleasedException(String message, String recordId, @Nullable String handle) {
        super(message + " [record " + recordId + "]" + (handle == null ? "" : " [task " + handle + "]"));
        this.recordId = recordId;
        this.handle = handle;
    }

    /** No stack: a stop is nobody's mistake, and thousands of waits may end at once. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    public String getRecordId() {
        return recordId;
    }

    /** The task id at the service, or {@code null} if nothing was sent yet. */
    public @Nullable String getHandle() {
        return handle;
    }
}
