/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The service accepted the task and could not finish it. */
public class GenerationFailedException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public GenerationFailedException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
