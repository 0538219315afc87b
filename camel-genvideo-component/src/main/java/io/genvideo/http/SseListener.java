/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import org.jspecify.annotations.Nullable;

/**
 * Receives the events of a stream of server-sent events. Called by one thread at a time, in the order of the stream; an
 * implementation must be short or go elsewhere, because the client's thread waits for it.
 */
public interface SseListener {

    /**
     * An event has arrived.
     *
     * @param data its data, lines joined by line feeds. Type, id and comments are dropped: no known service sends
     *     anything in them
     * @return whether to go on; {@code false} ends the stream
     */
    boolean event(String data);

    /**
     * An event without data has arrived: some services say so that they are still there.
     *
     * @return as {@link #event}
     */
    default boolean alive() {
        return true;
    }

    /**
     * The stream is over. Called exactly once for each stream that was {@linkplain StreamResponse.Opened opened}, and nothing
     * after it. A call that opened no stream ends by the stage of {@link HttpGateway#stream} alone.
     *
     * @param cause why it broke off; {@code null} if the service or {@link #event} ended it
     */
    void ended(@Nullable HttpGatewayException cause);
}
