/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * A started client with its connections.
 *
 * @param proxyHost the name that it connects to in place of the target's
 * @param idleLimit how long a connection may sit idle and still carry a call; {@code null} for as long as the server keeps it
 */
record PooledClient(
        CloseableHttpAsyncClient client,
        PoolingAsyncClientConnectionManager connections,
        AsyncDnsResolver names,
        @Nullable String proxyHost,
        @Nullable Duration idleLimit)
        implements AutoCloseable {
    private static final TimeValue LONGEST_CLOSE = TimeValue.ofMilliseconds(500);

    /** Completes, with or without success, when a connection to it can be asked for without waiting for a name server. */
    CompletableFuture<?> ready(URI uri) {
        return names.lookUp(proxyHost != null ? proxyHost : uri.getHost());
    }

    /** Idle connections beyond the limit would not be taken anyway; here they are also closed. */
    void closeIdle() {
        if (idleLimit != null) {
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
