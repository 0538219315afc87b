/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A gateway's clients at a limited rate; the limit holds for what goes out, so a read's repeats wait for turns too. */
final class PacedGateway implements HttpGateway {
    private final ApacheHttpGateway gateway;
    private final Pace pace;

    PacedGateway(ApacheHttpGateway gateway, Pace pace) {
        this.gateway = gateway;
        this.pace = pace;
    }

    @Override
    public CompletableFuture<HttpAnswer> read(HttpCall call) {
        return gateway.read(call, pace);
    }

    @Override
    public CompletableFuture<HttpAnswer> once(HttpCall call) {
        return gateway.once(call, pace);
    }

    @Override
    public CompletableFuture<HttpAnswer> send(HttpCall call) {
        return gateway.send(call, pace);
    }

    @Override
    public CompletableFuture<StreamAnswer> stream(HttpCall call, SseListener listener, Duration idle) {
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
