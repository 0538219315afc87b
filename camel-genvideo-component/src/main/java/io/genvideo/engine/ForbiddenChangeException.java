/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

/**
 * A write would break the table of allowed changes. A type of its own, because a repository may throw
 * {@link IllegalStateException} for reasons that pass, such as a pool that is closed for a moment.
 */
final class ForbiddenChangeException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ForbiddenChangeException(String message) {
        super(message);
    }
}
