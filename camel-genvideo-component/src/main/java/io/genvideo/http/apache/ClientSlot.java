/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the gateway's clients: opened at its first call, and opened anew if one of its threads has ended.
 *
 * <p>HttpClient survives every exception on an I/O thread, but an {@link Error} (no memory, a fault in an interceptor of the
 * user's) ends the thread, and whatever is assigned to that thread afterwards is never answered. Such a client is closed, its
 * calls fail, and the next call gets a new one.
 */
final class ClientSlot implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSlot.class);

    private final Function<Runnable, PooledClient> factory;
    private final InFlightCalls inFlight;
    private @Nullable PooledClient client;
    private AtomicBoolean dead = new AtomicBoolean();
    private boolean closed;

    /** @param factory opens a client; what it is given has to run when one of the client's threads ends */
    ClientSlot(Function<Runnable, PooledClient> factory, InFlightCalls inFlight) {
        this.factory = factory;
        this.inFlight = inFlight;
    }

    /** @throws IOException if the gateway is closed */
    synchronized PooledClient get() throws IOException {
        if (closed) {
            throw new Failures.DescribedException(Failures.CLOSED);
        }
        PooledClient existing = client;
        if (existing != null && !dead.get()) {
            return existing;
        }
        AtomicBoolean ended = new AtomicBoolean();
        PooledClient opened = factory.apply(() -> threadEnded(ended));
        client = opened;
        dead = ended;
        return opened;
    }

    private void threadEnded(AtomicBoolean flag) {
        PooledClient old;
        synchronized (this) {
            if (closed || !flag.compareAndSet(false, true) || flag != dead) {
                return;
            }
            old = client;
        }
        if (old != null) {
            LOG.error("An I/O thread of the HTTP client has ended; its calls fail, and the client is replaced");
            inFlight.abort(
                    item -> item instanceof HttpExchange<?> exchange && exchange.uses(old),
                    "the HTTP client failed while the call was in progress");
            old.close();
        }
    }

    /** Starts to end the client without waiting for its threads. */
    synchronized void beginClosing() {
        closed = true;
        PooledClient existing = client;
        if (existing != null) {
            existing.beginClosing();
        }
    }

    @Override
    public void close() {
        beginClosing();
        PooledClient existing;
        synchronized (this) {
            existing = client;
        }
        if (existing != null) {
            existing.close();
        }
    }
}
