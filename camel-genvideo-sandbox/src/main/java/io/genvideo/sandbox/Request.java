/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request as the services see it. */
public final class Request {
    private final HttpServerExchange exchange;

    Request(HttpServerExchange exchange) {
        this.exchange = exchange;
    }

    public String method() {
        return exchange.getRequestMethod().toString();
    }

    /** The path, decoded. */
    public String path() {
        return exchange.getRequestPath();
    }

    /** First value of a header, or null. Names are matched literally, but for case. */
    public @Nullable String header(String name) {
        return exchange.getRequestHeaders().getFirst(new HttpString(name));
    }

    /** The query, decoded, in alphabetical order. */
    public Map<String, List<String>> query() {
        Map<String, List<String>> query = new TreeMap<>();
        for (Map.Entry<String, Deque<String>> e : exchange.getQueryParameters().entrySet()) {
            query.put(e.getKey(), new ArrayList<>(e.getValue()));
        }
        return query;
    }

    /** First value of a query parameter, or null. */
    public @Nullable String query(String name) {
        Deque<String> values = exchange.getQueryParameters().get(name);
        return values == null ? null : values.peekFirst();
    }

    /** Scheme and authority by which the client reached the sandbox, e.g. {@code http://localhost:8089}. */
    public String origin() {
        return "http://" + exchange.getHostAndPort();
    }

    /** The URL as it was asked for, query included. */
    String fullUrl() {
        String query = exchange.getQueryString();
        return exchange.getRequestURL() + (query.isEmpty() ? "" : "?" + query);
    }

    /** Every {@code host:port} by which a client on this machine, or this client, reaches the sandbox. */
    public Set<String> authorities() {
        int port = exchange.getDestinationAddress().getPort();
        Set<String> all = new HashSet<>(Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port));
        all.add(exchange.getHostAndPort());
        return all;
    }

    /** Declared length of the body in bytes, or -1. */
    public long length() {
        return exchange.getRequestContentLength();
    }

    /** The body; read it once. */
    public InputStream body() {
        return exchange.getInputStream();
    }

    /**
     * The whole body.
     *
     * @param max most bytes to take
     * @return null if there are more
     */
    public byte @Nullable [] body(int max) throws IOException {
        byte[] bytes = exchange.getInputStream().readNBytes(max + 1);
        return bytes.length > max ? null : bytes;
    }
}
