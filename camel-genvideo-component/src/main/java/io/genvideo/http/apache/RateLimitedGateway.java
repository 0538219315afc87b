/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A gateway's clients at a limited rate; the limit holds for what goes out, so a read's repeats wait for turns too. */
final class RateLimitedGateway implements HttpGateway {
    private final ApacheHttpGateway gateway;
    private final RateLimiter pace;

    RateLimitedGateway(ApacheHttpGateway gateway, RateLimiter pace) {
        this.gateway = gateway;
        this.pace = pace;
    }

    @Override
    public CompletableFuture<GatewayResponse> read(HttpCall call) {
        return gateway.read(call, pace);
    }

    @Override
    public CompletableFuture<GatewayResponse> once(HttpCall call) {
        return gateway.once(call, pace);
    }

    @Override
    public CompletableFuture<GatewayResponse> send(HttpCall call) {
        return gateway.send(call, pace);
    }

    @Override
    public CompletableFuture<StreamResponse> stream(HttpCall call, SseListener listener, Duration idle) {
        return gateway.stream(call, listener, idle, pace);
    }

    @Override
    public CompletableFuture<Downloaded> download(Download download) {
        return gateway.download(download, pace);
    }

    @Override
    public HttpGateway limitedTo(double callsPerSecond) {
        return gateway.paced(pace, callsPerSecond);
    }

    /** Does nothing: the clients belong to the gateway that this is a view of. */
    @Override
    public void close() {
        // See above
    }
}
