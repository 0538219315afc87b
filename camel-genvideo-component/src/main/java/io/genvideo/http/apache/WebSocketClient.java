/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpGatewaySettings;
import io.genvideo.http.WebSocketCall;
import io.genvideo.http.WebSocketConnection;
import io.genvideo.http.WebSocketListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens WebSockets with the JDK's client, opened itself at the first socket. All sockets share its one selector thread and two
 * threads for listeners.
 */
final class WebSocketClient {
    private static final int LISTENER_THREADS = 2;
    private static final int THREAD_IDLE_SECONDS = 1;

    private final HttpGatewaySettings settings;
    private final AsyncDnsResolver resolver;
    private final HttpExchange.Shared shared;
    private final Semaphore permits;
    private final Executor listeners;
    private @Nullable HttpClient client;

    WebSocketClient(HttpGatewaySettings settings, AsyncDnsResolver resolver, HttpExchange.Shared shared) {
        this.settings = settings;
        this.resolver = resolver;
        this.shared = shared;
        this.permits = new Semaphore(settings.maxWebSockets());
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                LISTENER_THREADS,
                LISTENER_THREADS,
                THREAD_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                ClientFactory.threads(settings.name(), "sockets"));
        // Never shut down: the JDK's client uses it until its last socket is gone, and idle threads end by themselves
        threads.allowCoreThreadTimeOut(true);
        this.listeners = threads;
    }

    CompletableFuture<WebSocketConnection> open(WebSocketCall call, WebSocketListener listener, RateLimiter limiter) {
        WebSocketSession session = new WebSocketSession(call, listener, shared);
        if (!permits.tryAcquire()) {
            session.refuse(new Failures.DescribedException(
                    "no more than " + settings.maxWebSockets() + " sockets are open at once"));
            return session.opened();
        }
        session.whenOver(permits::release);
        String objection = objection(call.uri());
        if (objection != null) {
            session.refuse(new Failures.PermanentException(objection));
        } else if (shared.inFlight().add(session)) {
            session.limitOpening();
            limiter.acquire(session.request(), call.connectTimeout())
                    .thenCompose(permit -> resolver.lookUp(connectsTo(call.uri())))
                    .thenCompose(addresses -> session.isOver()
                            ? CompletableFuture.<WebSocket>failedFuture(
                                    new Failures.DescribedException(Failures.CLOSED))
                            : handshake(call, session))
                    .whenComplete((socket, failure) -> {
                        if (socket != null) {
                            session.accepted(socket);
                        } else {
                            Throwable cause = HttpExchange.unwrapped(failure);
                            forgetIfClosed(cause);
                            session.refuse(cause);
                        }
                    });
        }
        return session.opened();
    }

    private CompletableFuture<WebSocket> handshake(WebSocketCall call, WebSocketSession session) {
        WebSocket.Builder builder = client().newWebSocketBuilder().connectTimeout(call.connectTimeout());
        call.headers().forEach(header -> builder.header(header.getKey(), header.getValue()));
        return builder.buildAsync(call.uri(), session);
    }

    private static @Nullable String objection(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("ws") && !scheme.equals("wss")) {
            return "only ws and wss addresses are allowed, not "
                    + (scheme.isEmpty() ? "an address without a scheme" : scheme);
        }
        return uri.getHost() == null ? "the address has no host" : null;
    }

    private String connectsTo(URI uri) {
        String proxy = settings.proxyHost();
        return proxy == null ? uri.getHost() : proxy;
    }

    private synchronized HttpClient client() {
        HttpClient existing = client;
        if (existing != null) {
            return existing;
        }
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(listeners)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (settings.sslContext() != null) {
            builder.sslContext(settings.sslContext());
        }
        if (settings.proxyHost() != null && settings.proxyPort() != null) {
            builder.proxy(
                    ProxySelector.of(InetSocketAddress.createUnresolved(settings.proxyHost(), settings.proxyPort())));
        } else {
            builder.proxy(HttpClient.Builder.NO_PROXY);
        }
        HttpClient opened = builder.build();
        client = opened;
        return opened;
    }

    /** After an error on its selector thread the JDK's client refuses every call; the next socket then gets a new client. */
    private synchronized void forgetIfClosed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException && "selector manager closed".equals(cause.getMessage())) {
                client = null;
            }
        }
    }

    /** Sockets are ended by {@link InFlightCalls}; without them and this reference, the client's thread ends by itself. */
    synchronized void close() {
        client = null;
    }
}
