/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import io.undertow.websockets.core.StreamSourceFrameChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;

/**
 * Reads one message of a socket, bounded. Undertow's own reader counts only what is there at once, so that a message that comes
 * in pieces would have no bound.
 */
final class MessageReader implements ChannelListener<StreamSourceFrameChannel> {
    /** A client sends a token of 30 characters only. */
    static final int MAX_BYTES = 1 << 16;

    private static final Logger LOG = LoggerFactory.getLogger(MessageReader.class);
    private static final int BUFFER = 8192;

    private final Consumer<byte[]> received;
    private final Runnable tooLarge;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** @param tooLarge runs instead of {@code received}; it ends the connection */
    MessageReader(Consumer<byte[]> received, Runnable tooLarge) {
        this.received = received;
        this.tooLarge = tooLarge;
    }

    @Override
    public void handleEvent(StreamSourceFrameChannel message) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try {
            int n = message.read(buffer.clear());
            for (; n > 0; n = message.read(buffer.clear())) {
                bytes.write(buffer.array(), 0, n);
                if (bytes.size() > MAX_BYTES) {
                    message.suspendReads();
                    tooLarge.run();
                    return;
                }
            }
            if (n < 0) {
                received.accept(bytes.toByteArray());
            } else {
                message.getReadSetter().set(this);
                message.resumeReads();
            }
        } catch (IOException e) {
            LOG.debug("the client went away", e);
            IoUtils.safeClose(message.getWebSocketChannel());
        }
    }
}
