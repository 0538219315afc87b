/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Takes server-sent events out of bytes as they come (WHATWG HTML, section 9.2). Lines are cut before they are decoded, so
 * that a character may lie across two chunks. Only {@code data} is kept.
 *
 * <p>More lenient than the standard in one point: an event whose last blank line is missing counts, as far as its lines are
 * complete. It may be the one that names the task that was paid for.
 */
final class SseParser {
    private static final int FIRST_BUFFER_BYTES = 512;
    private static final String FIELD = "data";

    private final int maxBytes;
    private final Consumer<String> events;
    private final Runnable empties;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(FIRST_BUFFER_BYTES);
    private final StringBuilder data = new StringBuilder();
    private int dataBytes;
    private boolean hasData;
    private boolean afterReturn;
    private boolean begun;

    /**
     * @param maxBytes of one event
     * @param empties is run for each event whose data is empty
     */
    SseParser(int maxBytes, Consumer<String> events, Runnable empties) {
        this.maxBytes = maxBytes;
        this.events = events;
        this.empties = empties;
    }

    void feed(ByteBuffer source) throws Failures.PermanentException {
        while (source.hasRemaining()) {
            byte next = source.get();
            boolean secondHalf = next == '\n' && afterReturn;
            afterReturn = next == '\r';
            if (secondHalf) {
                continue;
            }
            if (next == '\n' || next == '\r') {
                endLine();
            } else if (line.size() + dataBytes >= maxBytes) {
                throw new Failures.PermanentException("an event is longer than " + maxBytes + " bytes");
            } else {
                line.write(next);
            }
        }
    }

    /** Nothing more comes, and nothing is missing: so the last line is complete, too. */
    void end() {
        if (line.size() > 0) {
            endLine();
        }
        dispatch();
    }

    /** Nothing more comes, in the middle of it: a line that was not ended may be half a line. */
    void cutOff() {
        line.reset();
        dispatch();
    }

    private void endLine() {
        int bytes = line.size();
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (!begun) {
            begun = true;
            text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        }
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        if (!field.equals(FIELD)) {
            return;
        }
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (hasData) {
            data.append('\n');
        }
        data.append(value.startsWith(" ") ? value.substring(1) : value);
        hasData = true;
        dataBytes += bytes;
    }

    private void dispatch() {
        String event = data.toString();
        boolean isEvent = hasData;
        data.setLength(0);
        dataBytes = 0;
        hasData = false;
        if (!event.isEmpty()) {
            events.accept(event);
        } else if (isEvent) {
            empties.run();
        }
    }
}
