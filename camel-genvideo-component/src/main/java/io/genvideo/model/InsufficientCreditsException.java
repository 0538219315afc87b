/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The account has too few credits for this generation. Nothing was paid. */
public class InsufficientCreditsException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public InsufficientCreditsException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
