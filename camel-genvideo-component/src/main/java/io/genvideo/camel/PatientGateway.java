/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The shared gateway with an endpoint's own {@code requestTimeout}. */
record PatientGateway(HttpGateway shared, Duration timeout) implements HttpGateway {

    @Override
    public CompletableFuture<GatewayResponse> read(HttpCall call) {
        return shared.read(timed(call));
    }

    @Override
    public CompletableFuture<GatewayResponse> once(HttpCall call) {
        return shared.once(timed(call));
    }

    @Override
    public CompletableFuture<GatewayResponse> send(HttpCall call) {
        return shared.send(timed(call));
    }

    @Override
    public CompletableFuture<StreamResponse> stream(HttpCall call, SseListener listener, Duration idle) {
        return shared.stream(timed(call), listener, idle);
    }

    @Override
    public CompletableFuture<Downloaded> download(Download download) {
        return shared.download(download);
    }

    @Override
    public HttpGateway limitedTo(double callsPerSecond) {
        return new PatientGateway(shared.limitedTo(callsPerSecond), timeout);
    }

    @Override
    public void close() {
        // shared with every other endpoint
    }

    private HttpCall timed(HttpCall call) {
        return call.timeout() == null ? call.timeout(timeout) : call;
    }
}
