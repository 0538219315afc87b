/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The service allows no further request now, and the wait that it requires would have taken too long. */
public class RateLimitedException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public RateLimitedException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
