/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The answer to the create call was lost, so the task may exist and may have been paid. It is never sent again; settle it with the operation {@code resolve}. */
public class UncertainSubmissionException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public UncertainSubmissionException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
