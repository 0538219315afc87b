/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** What the route recognises a task by: checked on the way in, put on every result. */
final class TaskReference {
    private static final int MOST_BYTES = 4096;

    private TaskReference() {}

    /** @throws GenvideoException if it is neither a String nor a flat Map, or longer than 4 KB */
    static @Nullable Object read(Message in, String provider) {
        Object given = in.getHeader(GenvideoConstants.REFERENCE);
        if (given == null) {
            return in.getHeader(Exchange.FILE_NAME, String.class);
        }
        Object reference = given;
        if (given instanceof Map<?, ?> map) {
            Map<String, Object> flat = new LinkedHashMap<>();
            map.forEach((name, value) -> {
                if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
                    throw invalid(provider, "has an entry '" + name + "' that is no text, number or boolean");
                }
                flat.put(String.valueOf(name), value);
            });
            reference = flat;
        } else if (!(given instanceof String)) {
            throw invalid(provider, "is a " + given.getClass().getSimpleName());
        }
        int size = reference.toString().getBytes(StandardCharsets.UTF_8).length;
        if (size > MOST_BYTES) {
            throw invalid(provider, "has " + size + " bytes");
        }
        return reference;
    }

    private static GenvideoException invalid(String provider, String what) {
        return GenerationError.of(
                        ErrorCategory.INVALID_REQUEST,
                        provider,
                        "header " + GenvideoConstants.REFERENCE + " " + what
                                + "; it must be a String or a flat Map of at most 4 KB")
                .toException();
    }
}
