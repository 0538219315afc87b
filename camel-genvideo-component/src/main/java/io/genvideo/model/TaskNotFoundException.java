/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** There is no such task or record. */
public class TaskNotFoundException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public TaskNotFoundException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
