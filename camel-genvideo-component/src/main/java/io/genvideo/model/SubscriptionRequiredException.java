/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import org.jspecify.annotations.Nullable;

/** The account's plan does not include what was requested. Nothing was paid. */
public class SubscriptionRequiredException extends GenvideoException {
    private static final long serialVersionUID = 1L;

    public SubscriptionRequiredException(GenerationError error, @Nullable Throwable cause) {
        super(error, cause);
    }
}
