/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.util.regex.Pattern;

/**
 * An operation that only one provider has. Its URI is {@code genvideo:provider/name}; it neither creates a journalled task
 * nor is repeated by the engine.
 *
 * @param name lower case letters, digits and underscores; none of {@link io.genvideo.model.Operation}
 * @param description one sentence for the documentation
 */
public record OwnOperation(String name, String description) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");

    /** @throws IllegalArgumentException if the name is none */
    public OwnOperation {
        if (!NAME.matcher(name).matches()
                || io.genvideo.model.Operation.fromPath(name).isPresent()) {
            throw new IllegalArgumentException("'" + name + "' is no name for an operation of a provider's own");
        }
    }
}
