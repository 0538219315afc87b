/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The component's HTTP client. Every method is non-blocking; stages complete on the client's threads, so what follows
 * must be short or go elsewhere.
 */
public interface HttpGateway extends AutoCloseable {

    /**
     * Sends a call that changes nothing, or the same when repeated. Repeats it up to twice, with back-off, when there was
     * no response or a 502, 503 or 504.
     *
     * @return the response, whatever its status; fails with {@link HttpGatewayException}
     */
    CompletableFuture<GatewayResponse> read(HttpCall call);

    /**
     * Sends a call that changes nothing once, on a pooled connection: for callers that repeat by a schedule of their own.
     *
     * @return as {@link #read}
     */
    CompletableFuture<GatewayResponse> once(HttpCall call);

    /**
     * Sends a call once and for all: no retry of any kind, no redirect, and not on a connection that was idle for more
     * than a second.
     *
     * @return the response, whatever its status; fails with {@link HttpGatewayException}, whose
     *     {@link HttpGatewayException#wasSent()} is whether it may have reached the service
     */
    CompletableFuture<GatewayResponse> send(HttpCall call);

    /**
     * Sends a call as {@link #send} does, for a response of server-sent events. {@link HttpCall#timeout()} bounds the time
     * until the first event, or the whole of a response that is no stream; {@link HttpCall#maxResponseBytes()} bounds one event.
     * Streams hold no thread, and have connections of their own.
     *
     * @param listener receives the events once the stage has completed with {@link StreamResponse.Opened}
     * @param idle a stream without a byte for so long is ended
     * @return whether there is a stream; fails with {@link HttpGatewayException} as that of {@link #send}
     */
    CompletableFuture<StreamResponse> stream(HttpCall call, SseListener listener, Duration idle);

    /**
     * Opens a WebSocket. Sockets hold no thread, and are limited in number by {@link HttpGatewaySettings#maxWebSockets()}; one
     * too many is refused at once.
     *
     * @param listener receives the messages once the stage has completed
     * @return the open socket; fails with {@link HttpGatewayException} if the service does not accept it
     */
    CompletableFuture<WebSocketConnection> webSocket(WebSocketCall call, WebSocketListener listener);

    /** Streams a result to disk, with the guard of {@link Download}. */
    CompletableFuture<Downloaded> download(Download download);

    /**
     * A view of this gateway that starts at most so many calls per second; the others wait in order. The repeats of a read
     * count, the redirects of a download do not.
     *
     * @param callsPerSecond from 0.001 to 1,000,000
     */
    default HttpGateway limitedTo(double callsPerSecond) {
        return limitedTo(CallRate.of(callsPerSecond));
    }

    /** The same with a rate that may change. */
    HttpGateway limitedTo(CallRate rate);

    @Override
    void close();
}
