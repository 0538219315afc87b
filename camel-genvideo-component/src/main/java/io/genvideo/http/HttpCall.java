/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request. Its text form shows neither query nor headers, because both carry credentials.
 *
 * @param label what the request is for, in logs and messages: {@code "IMA create"}
 * @param headers sent as they are, in order
 * @param attemptHeaders makes further headers for each attempt to send the call, for example a signature over a number that
 *     must not be used twice; {@code null} for none
 * @param timeout of the whole call; {@code null} for the gateway's
 * @param maxResponseBytes a longer response is an error
 * @param guard restricts the addresses that the call connects to; {@code null} for an address that this side has configured
 */
public record HttpCall(
        String label,
        String method,
        URI uri,
        List<Map.Entry<String, String>> headers,
        @Nullable Supplier<List<Map.Entry<String, String>>> attemptHeaders,
        @Nullable HttpBody body,
        @Nullable Duration timeout,
        int maxResponseBytes,
        @Nullable AddressGuard guard) {

    /** Enough for every response but catalogues. */
    public static final int DEFAULT_MAX_RESPONSE_BYTES = 1 << 20;

    public HttpCall {
        headers = List.copyOf(headers);
    }

    public static HttpCall get(String label, URI uri) {
        return new HttpCall(label, "GET", uri, List.of(), null, null, null, DEFAULT_MAX_RESPONSE_BYTES, null);
    }

    public static HttpCall post(String label, URI uri, HttpBody body) {
        return new HttpCall(label, "POST", uri, List.of(), null, body, null, DEFAULT_MAX_RESPONSE_BYTES, null);
    }

    public static HttpCall put(String label, URI uri, HttpBody body) {
        return new HttpCall(label, "PUT", uri, List.of(), null, body, null, DEFAULT_MAX_RESPONSE_BYTES, null);
    }

    public HttpCall header(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new HttpCall(label, method, uri, more, attemptHeaders, body, timeout, maxResponseBytes, guard);
    }

    /** With headers that are made anew for each attempt; called on the client's threads, so it must be short. */
    public HttpCall attemptHeaders(Supplier<List<Map.Entry<String, String>>> value) {
        return new HttpCall(label, method, uri, headers, value, body, timeout, maxResponseBytes, guard);
    }

    /** With these headers behind the others. */
    public HttpCall headers(List<Map.Entry<String, String>> more) {
        List<Map.Entry<String, String>> all = more;
        if (!headers.isEmpty()) {
            all = new ArrayList<>(headers);
            all.addAll(more);
        }
        return new HttpCall(label, method, uri, all, attemptHeaders, body, timeout, maxResponseBytes, guard);
    }

    public HttpCall timeout(@Nullable Duration value) {
        return new HttpCall(label, method, uri, headers, attemptHeaders, body, value, maxResponseBytes, guard);
    }

    /** With this time-out, unless the call has a longer one of its own, for example for the files that it carries. */
    public HttpCall timeoutAtLeast(@Nullable Duration value) {
        boolean longer = value != null && (timeout == null || value.compareTo(timeout) > 0);
        return longer ? timeout(value) : this;
    }

    public HttpCall maxResponseBytes(int value) {
        return new HttpCall(label, method, uri, headers, attemptHeaders, body, timeout, value, guard);
    }

    /**
     * For an address that a service has named, as that of an upload: the call fails unsent unless the guard allows the
     * address. It holds for {@link HttpGateway#read}, {@link HttpGateway#once} and {@link HttpGateway#send}; a stream or a
     * socket with a guard is refused.
     */
    public HttpCall guard(AddressGuard value) {
        return new HttpCall(label, method, uri, headers, attemptHeaders, body, timeout, maxResponseBytes, value);
    }

    @Override
    public String toString() {
        return label + ": " + method + " " + Redaction.uri(uri);
    }
}
