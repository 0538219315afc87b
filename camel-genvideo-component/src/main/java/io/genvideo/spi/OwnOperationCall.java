/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of an {@link OwnOperation}.
 *
 * @param operation its name
 * @param parameters the header {@code CamelGenvideoParameters} over the options {@code param.<name>}
 * @param body the message body
 */
public record OwnOperationCall(
        String operation,
        Map<String, Object> parameters,
        @Nullable Object body) {
    public OwnOperationCall {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** Without the body and the values: those are the user's. */
    @Override
    public String toString() {
        return "OwnOperationCall[" + operation + ", parameters=" + parameters.keySet() + "]";
    }
}
