/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.util.concurrent.CompletableFuture;

/** An open WebSocket. */
public interface WebSocketConnection extends AutoCloseable {

    /**
     * Sends a text message; messages leave in the order of the calls.
     *
     * @return completes when the message was handed to the connection; fails with {@link HttpGatewayException} if the socket
     *     has ended or breaks
     */
    CompletableFuture<Void> send(String text);

    /** Closes the socket, without waiting for the service to agree. Does nothing if it has ended. */
    @Override
    void close();
}
