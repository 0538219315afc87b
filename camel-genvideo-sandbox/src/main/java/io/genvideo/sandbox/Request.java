/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.form.FormData;
import io.undertow.server.handlers.form.FormDataParser;
import io.undertow.server.handlers.form.MultiPartParserDefinition;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request as the services see it. */
public final class Request {
    /** Longest text in a multipart body that is taken. */
    private static final int MAX_FIELD = 1 << 20;

    private static final String FILE_NAME = "filename=\"";

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

    /** How often a header was sent. */
    public int headerCount(String name) {
        HeaderValues values = exchange.getRequestHeaders().get(new HttpString(name));
        return values == null ? 0 : values.size();
    }

    /** The query as it was sent, not decoded; empty without one. */
    public String rawQuery() {
        return exchange.getQueryString();
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
    private Set<String> authorities() {
        int port = exchange.getDestinationAddress().getPort();
        Set<String> all = new HashSet<>(Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port));
        all.add(exchange.getHostAndPort());
        return all;
    }

    /** Path of a URL on this sandbox; empty for one elsewhere. */
    public Optional<String> ownPath(String url) {
        try {
            URI uri = new URI(url);
            String authority = uri.getRawAuthority();
            boolean own = authority != null && authorities().contains(authority);
            return own ? Optional.ofNullable(uri.getPath()) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
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

    /**
     * The parts of a {@code multipart/form-data} body, one list per name, in the order in which they were sent. Files
     * are deleted when the request is over.
     *
     * @throws IOException if the body cannot be read as such
     */
    public Map<String, List<FormData.FormValue>> parts() throws IOException {
        MultiPartParserDefinition definition = new MultiPartParserDefinition();
        definition.setDefaultEncoding(StandardCharsets.UTF_8.name());
        definition.setFieldSizeThreshold(MAX_FIELD);
        FormDataParser parser = definition.create(exchange);
        if (parser == null) {
            throw new IOException("no multipart/form-data");
        }
        Map<String, List<FormData.FormValue>> parts = new LinkedHashMap<>();
        try {
            FormData form = parser.parseBlocking();
            for (String name : form) {
                parts.put(name, List.copyOf(form.get(name)));
            }
        } catch (RuntimeException e) {
            throw new IOException("a malformed multipart body", e);
        }
        return parts;
    }

    /**
     * The name of a file that was sent in a form, empty if it has none. A backslash before a quote or before another backslash is an
     * escape, as in any quoted string of HTTP; Undertow ends the name at such a quote.
     */
    public static String fileName(FormData.FormValue part) {
        String parsed = part.getFileName() == null ? "" : part.getFileName();
        String disposition =
                part.getHeaders() == null ? null : part.getHeaders().getFirst(Headers.CONTENT_DISPOSITION);
        if (disposition == null || !parsed.contains("\\")) {
            return parsed;
        }
        int start = disposition.toLowerCase(Locale.ROOT).indexOf(FILE_NAME);
        if (start < 0) {
            return parsed;
        }
        StringBuilder name = new StringBuilder();
        int at = start + FILE_NAME.length();
        while (at < disposition.length() && disposition.charAt(at) != '"') {
            boolean escape = disposition.startsWith("\\\"", at) || disposition.startsWith("\\\\", at);
            at += escape ? 1 : 0;
            name.append(disposition.charAt(at));
            at++;
        }
        return name.toString();
    }
}
