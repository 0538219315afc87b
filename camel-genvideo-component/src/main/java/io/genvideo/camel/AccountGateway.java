/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.RequestRate;
import io.genvideo.http.CallRate;
import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import io.genvideo.http.WebSocketCall;
import io.genvideo.http.WebSocketConnection;
import io.genvideo.http.WebSocketListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The component's client as one account uses it. Endpoints of one account may set different values of
 * {@code requestsPerSecond}; the lowest one holds for the account, because its provider is shared. Several processes on one
 * journal divide it.
 */
final class AccountGateway implements HttpGateway, RequestRate {
    private final HttpGateway unlimited;
    private final CallRate rate = new CallRate();
    private final boolean shared;
    private double callsPerSecond;
    private volatile HttpGateway current;

    /** @param shared whether other processes use the account, so that nothing starts before there is a part of the limit */
    AccountGateway(HttpGateway unlimited, boolean shared) {
        this.unlimited = unlimited;
        this.shared = shared;
        this.current = unlimited;
    }

    /** @param wanted 0 for no limit; without effect if the limit is as low already */
    synchronized void limit(double wanted) {
        if (wanted > 0 && (callsPerSecond == 0 || wanted < callsPerSecond)) {
            if (callsPerSecond == 0) {
                current = unlimited.limitedTo(rate);
            }
            callsPerSecond = wanted;
            if (!shared) {
                rate.set(wanted);
            }
        }
    }

    @Override
    public synchronized double limit() {
        return callsPerSecond;
    }

    @Override
    public synchronized void share(double perSecond, Duration validFor) {
        rate.set(Math.min(callsPerSecond, perSecond), validFor);
    }

    @Override
    public CompletableFuture<GatewayResponse> read(HttpCall call) {
        return current.read(call);
    }

    @Override
    public CompletableFuture<GatewayResponse> once(HttpCall call) {
        return current.once(call);
    }

    @Override
    public CompletableFuture<GatewayResponse> send(HttpCall call) {
        return current.send(call);
    }

    @Override
    public CompletableFuture<StreamResponse> stream(HttpCall call, SseListener listener, Duration idle) {
        return current.stream(call, listener, idle);
    }

    @Override
    public CompletableFuture<WebSocketConnection> webSocket(WebSocketCall call, WebSocketListener listener) {
        return current.webSocket(call, listener);
    }

    @Override
    public CompletableFuture<Downloaded> download(Download download) {
        return current.download(download);
    }

    @Override
    public HttpGateway limitedTo(CallRate limit) {
        return current.limitedTo(limit);
    }

    /** The client belongs to the component. */
    @Override
    public void close() {}
}
