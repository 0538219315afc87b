/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The provider does not have this operation; the message lists what it has. */
public class OperationNotSupportedException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public OperationNotSupportedException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
