/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.memory;

import io.genvideo.spi.TaskRecord;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much memory a record takes, roughly: exact figures depend on the virtual machine. */
final class RecordSize {
    /** The record, its times and numbers, and its entries in the maps of the repository. */
    private static final long FIXED = 1_000;

    private static final long MEDIA = 300;
    private static final long OBJECT = 48;

    private RecordSize() {}

    static long of(TaskRecord record) {
        return FIXED
                + text(record.recordId())
                + text(record.key())
                + text(record.fingerprint())
                + text(record.model())
                + text(record.taskId())
                + text(record.providerState())
                + record.media().stream()
                        .mapToLong(m -> MEDIA + text(m.url().toString()))
                        .sum()
                + (record.error() == null ? 0 : OBJECT + text(record.error().message()))
                + any(record.reference())
                + any(record.raw());
    }

    private static long any(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return OBJECT
                    + map.entrySet().stream()
                            .mapToLong(e -> OBJECT + any(e.getKey()) + any(e.getValue()))
                            .sum();
        }
        if (value instanceof Collection<?> list) {
            return OBJECT + list.stream().mapToLong(RecordSize::any).sum();
        }
        return value instanceof CharSequence text ? text(text) : value == null ? 0 : OBJECT;
    }

    private static long text(@Nullable CharSequence text) {
        return text == null ? 0 : OBJECT + text.length();
    }
}
