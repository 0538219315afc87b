/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The price is above the limit that the route set. Nothing was paid. */
public class CostLimitExceededException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public CostLimitExceededException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
