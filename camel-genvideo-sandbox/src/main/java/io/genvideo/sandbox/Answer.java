/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import io.undertow.server.HttpHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a service answers, before the server sends it or a fault breaks it. Immutable. */
public final class Answer {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] bytes;
    private final @Nullable Path file;
    private final long from;
    private final long length;
    private final String subject;
    private final @Nullable EventSource events;
    private final @Nullable HttpHandler upgrade;

    private Answer(
            int status,
            Map<String, String> headers,
            byte[] bytes,
            @Nullable Path file,
            long from,
            long length,
            String subject,
            @Nullable EventSource events,
            @Nullable HttpHandler upgrade) {
        this.status = status;
        this.headers = headers;
        this.bytes = bytes;
        this.file = file;
        this.from = from;
        this.length = length;
        this.subject = subject;
        this.events = events;
        this.upgrade = upgrade;
    }

    /** An answer with a body in memory. */
    public static Answer of(int status, String contentType, byte[] bytes) {
        return new Answer(status, Map.of("Content-Type", contentType), bytes, null, 0, bytes.length, "", null, null);
    }

    public static Answer text(int status, String contentType, String text) {
        return of(status, contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Answer json(int status, Object value) {
        return of(status, "application/json", Json.bytes(value));
    }

    /** A page as a gateway sends it when the service behind it is not well. */
    public static Answer page(int status) {
        return text(
                status,
                "text/html",
                "<html><head><title>" + status + "</title></head><body><center><h1>" + status
                        + "</h1></center><hr><center>gateway</center></body></html>\n");
    }

    /** An answer whose body is a part of a file and of the bytes that follow it. */
    public static Answer file(int status, String contentType, Path file, byte[] tail, long from, long length) {
        return new Answer(status, Map.of("Content-Type", contentType), tail, file, from, length, "", null, null);
    }

    /** A stream of server-sent events, which goes on as long as its source. */
    public static Answer events(EventSource source) {
        Map<String, String> headers = Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-cache");
        return new Answer(200, headers, new byte[0], null, 0, 0, "", source, null);
    }

    /** An answer that is given by a handler of the server, e.g. one that opens a WebSocket. */
    public static Answer upgrade(HttpHandler handler) {
        return new Answer(101, Map.of(), new byte[0], null, 0, 0, "", null, handler);
    }

    /** The same with one more header. */
    public Answer with(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, bytes, file, from, length, subject, events, upgrade);
    }

    /** The same, saying what it is about (a task id): a lost answer can then be related to its charge. */
    public Answer about(String aSubject) {
        return new Answer(status, headers, bytes, file, from, length, aSubject, events, upgrade);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** Where its events come from; null if it is an ordinary answer. */
    @Nullable
    EventSource events() {
        return events;
    }

    /** The handler that answers in its place; null if it is an ordinary answer. */
    @Nullable
    HttpHandler upgrade() {
        return upgrade;
    }

    String subject() {
        return subject;
    }

    /** Bytes in the body. */
    long length() {
        return length;
    }

    boolean isFile() {
        return file != null;
    }

    /** The first bytes of the body. */
    byte[] first(int count) throws IOException {
        if (file == null && count == bytes.length) {
            return bytes;
        }
        try (InputStream in = open()) {
            return in.readNBytes(count);
        }
    }

    InputStream open() throws IOException {
        if (file == null) {
            return new ByteArrayInputStream(bytes);
        }
        InputStream in = new SequenceInputStream(Files.newInputStream(file), new ByteArrayInputStream(bytes));
        try {
            in.skipNBytes(from);
            return in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
