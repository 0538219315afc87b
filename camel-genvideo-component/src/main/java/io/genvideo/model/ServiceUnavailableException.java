/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The service could not be reached or answered that it is out of order. */
public class ServiceUnavailableException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public ServiceUnavailableException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
