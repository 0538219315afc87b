/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The task succeeded, but its result is no longer offered by the service. */
public class ResultGoneException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public ResultGoneException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
