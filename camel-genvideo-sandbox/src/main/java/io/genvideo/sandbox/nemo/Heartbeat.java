/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import io.genvideo.sandbox.EventSource;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The forms of heartbeats (docs/contracts/nemo.md section 6), one after the other unless one is chosen. */
final class Heartbeat {
    private static final byte[] JSON = "{\"type\":\"heartbeat\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TEXT = "heartbeat".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = new byte[0];
    private static final byte[] COMMENT = ": heartbeat".getBytes(StandardCharsets.US_ASCII);
    private static final String[] FORMS = {"json", "text", "empty", "comment"};

    private final String chosen;
    private int sent;

    /** @param chosen one of the forms, or {@code none}; anything else: all of them by turns */
    Heartbeat(String chosen) {
        this.chosen = chosen.toLowerCase(Locale.ROOT);
    }

    void send(EventSource.Sink sink) {
        String form = switch (chosen) {
            case "json", "text", "empty", "comment", "none" -> chosen;
            default -> FORMS[sent % FORMS.length];
        };
        sent++;
        switch (form) {
            case "json" -> sink.frame(JSON, false);
            case "text" -> sink.frame(TEXT, false);
            case "empty" -> sink.frame(EMPTY, false);
            case "comment" -> sink.comment(COMMENT);
            default -> {}
        }
    }
}
