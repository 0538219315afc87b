/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import org.jspecify.annotations.Nullable;

/**
 * Receives the messages of a WebSocket. Called by one thread at a time, in the order of the socket; an implementation must be
 * short or go elsewhere, because the client's threads wait for it. Binary messages are dropped, pings are answered by the
 * gateway.
 */
public interface WebSocketListener {

    /**
     * A text message has arrived, complete.
     *
     * @return whether to go on; {@code false} closes the socket
     */
    boolean message(String text);

    /**
     * The socket is over. Called exactly once for each socket that was opened, and nothing after it.
     *
     * @param cause why it broke off; {@code null} if the service, {@link #message} or {@link WebSocketConnection#close()}
     *     closed it
     */
    void ended(@Nullable HttpGatewayException cause);
}
