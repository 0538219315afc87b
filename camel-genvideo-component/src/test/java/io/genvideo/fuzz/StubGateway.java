/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.fuzz;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Answers from memory, at once, and counts what is sent: a provider sees the bytes that a service would send. */
final class StubGateway implements HttpGateway {
    private final Function<HttpCall, GatewayResponse> service;

    /** Calls of the kind that may cost something. */
    int creates;

    /** Streams that were asked for; the test ends them. */
    final List<OpenStream> streams = new ArrayList<>();

    /** Sockets that were opened; the test sends their frames. */
    final List<OpenSocket> sockets = new ArrayList<>();

    record OpenSocket(WebSocketListener listener, List<String> sent) implements WebSocketConnection {
        @Override
        public CompletableFuture<Void> send(String text) {
            sent.add(text);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }

    record OpenStream(CompletableFuture<StreamResponse> response, SseListener listener) {}

    StubGateway(Function<HttpCall, GatewayResponse> service) {
        this.service = service;
    }

    static GatewayResponse response(int status, byte[] body) {
        return new GatewayResponse(status, Map.of("content-type", List.of("application/json")), body);
    }

    @Override
    public CompletableFuture<GatewayResponse> read(HttpCall call) {
        return CompletableFuture.completedFuture(service.apply(call));
    }

    @Override
    public CompletableFuture<GatewayResponse> once(HttpCall call) {
        return read(call);
    }

    @Override
    public CompletableFuture<GatewayResponse> send(HttpCall call) {
        creates++;
        return read(call);
    }

    @Override
    public CompletableFuture<StreamResponse> stream(HttpCall call, SseListener listener, Duration idle) {
        creates++;
        OpenStream stream = new OpenStream(new CompletableFuture<>(), listener);
        streams.add(stream);
        return stream.response();
    }

    @Override
    public CompletableFuture<WebSocketConnection> webSocket(WebSocketCall call, WebSocketListener listener) {
        OpenSocket socket = new OpenSocket(listener, new ArrayList<>());
        sockets.add(socket);
        return CompletableFuture.completedFuture(socket);
    }

    @Override
    public CompletableFuture<Downloaded> download(Download download) {
        throw new AssertionError("no provider downloads");
    }

    @Override
    public HttpGateway limitedTo(CallRate rate) {
        return this;
    }

    @Override
    public void close() {}
}
