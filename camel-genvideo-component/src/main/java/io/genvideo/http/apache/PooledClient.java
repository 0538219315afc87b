/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpUris;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * A started client with its connections.
 *
 * @param addresses which of them it connects to
 * @param proxyHost the host that it connects to in place of the target's
 * @param idleLimit how long a connection may be idle and still carry a call; {@code null} for as long as the server keeps it
 * @param idleClosedAt when idle connections were closed last, in the nanoseconds of this process
 */
record PooledClient(
        CloseableHttpAsyncClient client,
        PoolingAsyncClientConnectionManager connections,
        AsyncDnsResolver resolver,
        Addresses addresses,
        @Nullable String proxyHost,
        @Nullable Duration idleLimit,
        AtomicLong idleClosedAt)
        implements AutoCloseable {

    /** Where the addresses of a client's calls come from, and what is checked. */
    enum Addresses {
        /** Configured on this side: nothing is checked. */
        CONFIGURED,
        /** Named by a service, and trusted: the form is checked. */
        TRUSTED,
        /** Named by a service: the form is checked, and only public addresses are connected to. */
        PUBLIC
    }

    /** So often within the idle limit are idle connections closed. */
    private static final int IDLE_CHECKS = 4;

    private static final TimeValue LONGEST_CLOSE = TimeValue.ofMilliseconds(500);

    /**
     * Completes when a connection to the address can be requested without waiting for a name server; fails if the host is not
     * known, or the address may not be used.
     */
    CompletableFuture<?> prepare(URI uri) {
        String host = HttpUris.host(uri);
        String objection = addresses != Addresses.CONFIGURED
                ? AddressCheck.objection(uri)
                : host == null ? "the address has no host" : null;
        if (host == null || objection != null) {
            return CompletableFuture.failedFuture(new Failures.PermanentException(String.valueOf(objection)));
        }
        if (proxyHost == null) {
            return resolver.lookUp(host);
        }
        CompletableFuture<?> proxy = resolver.lookUp(proxyHost);
        return addresses == Addresses.PUBLIC
                ? AddressCheck.beforeProxy(host, resolver).thenCompose(checked -> proxy)
                : proxy;
    }

    /** Connections that are idle beyond the limit would not be used anyway; here they are also closed. */
    void closeIdle() {
        if (idleLimit == null) {
            return;
        }
        // it walks over all connections, so not for each of many calls
        long now = System.nanoTime();
        long before = idleClosedAt.get();
        if (now - before >= idleLimit.toNanos() / IDLE_CHECKS && idleClosedAt.compareAndSet(before, now)) {
            connections.closeIdle(TimeValue.ofMilliseconds(idleLimit.toMillis()));
        }
    }

    /** Ends its connections and lets its threads run out, without waiting for them. */
    void beginClosing() {
        connections.close(CloseMode.IMMEDIATE);
        client.initiateShutdown();
    }

    @Override
    public void close() {
        beginClosing();
        try {
            // Closed under its running threads, the reactor logs an error of its own
            client.awaitShutdown(LONGEST_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close(CloseMode.IMMEDIATE);
    }
}
