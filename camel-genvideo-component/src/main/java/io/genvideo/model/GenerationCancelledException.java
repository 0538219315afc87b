/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The task was cancelled or deleted at the service. */
public class GenerationCancelledException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public GenerationCancelledException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
