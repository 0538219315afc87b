/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.conduits.ReadReadyHandler;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Notices that a client has gone while nothing is written to it. The server does not read during an answer, so that
 * such a connection would be kept until the next frame, or for ever.
 */
final class DisconnectWatcher implements ReadReadyHandler {
    private static final Logger LOG = LoggerFactory.getLogger(DisconnectWatcher.class);

    private final StreamSourceConduit source;
    private final Runnable gone;

    private DisconnectWatcher(StreamSourceConduit source, Runnable gone) {
        this.source = source;
        this.gone = gone;
    }

    /** To be called on the connection's thread, for an answer behind which the connection is closed. */
    static void watch(HttpServerExchange exchange, Runnable gone) {
        if (exchange.getConnection() instanceof AbstractServerConnection connection) {
            StreamSourceConduit source = connection.getOriginalSourceConduit();
            source.setReadReadyHandler(new DisconnectWatcher(source, gone));
            source.resumeReads();
        }
    }

    @Override
    public void readReady() {
        try {
            if (source.read(ByteBuffer.allocate(512)) < 0) {
                source.suspendReads();
                gone.run();
            }
        } catch (IOException e) {
            LOG.debug("the client went away", e);
            source.suspendReads();
            gone.run();
        }
    }

    @Override
    public void forceTermination() {
        gone.run();
    }

    @Override
    public void terminated() {
        gone.run();
    }
}
