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

/** The reference by which a route recognises a task: checked when it comes in, returned with every result. */
final class TaskReference {
    private static final int MAX_BYTES = 4096;

    private TaskReference() {}

    /** @throws GenvideoException if it is neither a String nor a flat Map, longer than 4 KB, or can't be journalled */
    static @Nullable Object read(Message in, String provider) {
        Object given = in.getHeader(GenvideoConstants.REFERENCE);
        if (given == null) {
            return byDefault(in.getHeader(Exchange.FILE_NAME, String.class));
        }
        Object reference = given;
        if (given instanceof Map<?, ?> map) {
            Map<String, Object> flat = new LinkedHashMap<>();
            map.forEach((name, value) -> {
                boolean number = value instanceof Number && Double.isFinite(((Number) value).doubleValue());
                if (!(value instanceof String || number || value instanceof Boolean)) {
                    throw invalid(provider, "has an entry '" + name + "' that is no text, number or boolean");
                }
                flat.put(String.valueOf(name), value);
            });
            reference = flat;
        } else if (!(given instanceof String)) {
            throw invalid(provider, "is a " + given.getClass().getSimpleName());
        }
        String text = reference.toString();
        int size = text.getBytes(StandardCharsets.UTF_8).length;
        if (size > MAX_BYTES) {
            throw invalid(provider, "has " + size + " bytes");
        }
        if (!PlainText.isWritable(text)) {
            throw invalid(provider, "has " + PlainText.NOT_WRITABLE);
        }
        return reference;
    }

    /** A file was not named for us: its name is cleaned, not refused. */
    private static @Nullable String byDefault(@Nullable String fileName) {
        boolean fits = fileName != null
                && PlainText.isWritable(fileName)
                && fileName.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
        return fileName == null || fits ? fileName : FileNames.path(fileName);
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
