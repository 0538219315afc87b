/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import org.jspecify.annotations.Nullable;

/** A request that is refused before anything of it is sent: unpaid, and worth nothing without a change. */
final class Refusal {
    private Refusal() {}

    /** @param message names the option as the user wrote it, its value, and what is allowed */
    static GenvideoException of(String message) {
        return of(message, null);
    }

    static GenvideoException of(String message, @Nullable Throwable cause) {
        return GenerationError.of(ErrorCategory.INVALID_REQUEST, SkillsvideoProviderFactory.NAME, message)
                .toException(cause);
    }

    /** A user's value as it may be shown: on one line and short, because it may be a text that landed in the wrong option. */
    static String shown(Object value) {
        String line = String.valueOf(value).replaceAll("\\s+", " ").trim();
        return line.length() <= 60 ? line : line.substring(0, 57) + "...";
    }
}
