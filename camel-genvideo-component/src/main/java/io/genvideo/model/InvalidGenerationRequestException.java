/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The request can never work as it is: the message names the option or header, its value and what is allowed. */
public class InvalidGenerationRequestException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public InvalidGenerationRequestException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
