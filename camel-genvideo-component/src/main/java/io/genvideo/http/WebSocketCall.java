/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A WebSocket to open (RFC 6455). Its text form shows neither query nor headers, because both may carry credentials.
 *
 * @param label what the socket is for, in logs and messages: {@code "Wiro task socket"}
 * @param uri {@code ws} or {@code wss}, absolute
 * @param headers of the opening request, sent as they are
 * @param connectTimeout of everything until the service has accepted the socket; at least 1 ms
 * @param idle a socket on which no frame of any kind arrives for so long is ended; at least 1 ms
 * @param maxMessageChars a longer message, in however many frames, ends the socket; at least 1
 */
public record WebSocketCall(
        String label,
        URI uri,
        List<Map.Entry<String, String>> headers,
        Duration connectTimeout,
        Duration idle,
        int maxMessageChars) {

    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    public static final Duration DEFAULT_IDLE = Duration.ofMinutes(5);

    public static final int DEFAULT_MAX_MESSAGE_CHARS = 1 << 20;

    /** @throws IllegalArgumentException for a value outside its bounds */
    public WebSocketCall {
        headers = List.copyOf(headers);
        require(connectTimeout.toMillis() >= 1, "connectTimeout must be at least 1 ms");
        require(idle.toMillis() >= 1, "idle must be at least 1 ms");
        require(maxMessageChars >= 1, "maxMessageChars must be at least 1");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    public static WebSocketCall to(String label, URI uri) {
        return new WebSocketCall(
                label, uri, List.of(), DEFAULT_CONNECT_TIMEOUT, DEFAULT_IDLE, DEFAULT_MAX_MESSAGE_CHARS);
    }

    public WebSocketCall header(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new WebSocketCall(label, uri, more, connectTimeout, idle, maxMessageChars);
    }

    public WebSocketCall connectTimeout(Duration value) {
        return new WebSocketCall(label, uri, headers, value, idle, maxMessageChars);
    }

    public WebSocketCall idle(Duration value) {
        return new WebSocketCall(label, uri, headers, connectTimeout, value, maxMessageChars);
    }

    public WebSocketCall maxMessageChars(int value) {
        return new WebSocketCall(label, uri, headers, connectTimeout, idle, value);
    }

    @Override
    public String toString() {
        return label + ": " + Redaction.uri(uri);
    }
}
