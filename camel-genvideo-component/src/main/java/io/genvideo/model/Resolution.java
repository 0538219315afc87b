/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a person settles a record whose create call was not answered (docs/design.md section 4.9). */
public enum Resolution {
    /** The service has the task, and its id is known: it is watched and delivered like any other. */
    ADOPT,
    /** The service has no such task: the key is free, the next exchange with it creates one. */
    RELEASE,
    /** Given up, whether it was paid or not: the key stays taken, nothing is created for it again. */
    ABANDON;

    /** The name used in headers and logs, for example {@code adopt}. */
    public String path() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Finds a resolution by its spelling in a header; case does not matter. */
    public static Optional<Resolution> fromPath(String path) {
        String wanted = path.trim().toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(r -> r.path().equals(wanted)).findFirst();
    }
}
