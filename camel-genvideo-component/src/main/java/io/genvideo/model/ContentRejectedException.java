/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The service refuses the prompt or an input because of its content. */
public class ContentRejectedException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public ContentRejectedException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
