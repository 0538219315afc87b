/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The service does not accept the key, token or signature. Nothing was paid. */
public class AuthenticationException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public AuthenticationException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
