/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The wait was over before the task was. The task itself lives on and is not created again: the same key attaches to it. */
public class GenerationTimeoutException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public GenerationTimeoutException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
