/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.MultipartBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/** A form as the body of a request: one piece after the other, each read as the connection takes it. */
final class MultipartProducer implements AsyncEntityProducer {
    private final List<AsyncEntityProducer> pieces = new ArrayList<>();
    private final long length;
    private int current;

    MultipartProducer(MultipartBody form) throws IOException {
        String delimiter = "--" + form.boundary();
        for (MultipartBody.Part part : form.parts()) {
            pieces.add(text(delimiter + "\r\n" + part.head()));
            pieces.add(Requests.content(part.content()));
            pieces.add(text("\r\n"));
        }
        pieces.add(text(delimiter + "--\r\n"));
        length =
                pieces.stream().mapToLong(AsyncEntityProducer::getContentLength).sum();
    }

    private static AsyncEntityProducer text(String text) {
        return Requests.bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void produce(DataStreamChannel channel) throws IOException {
        while (current < pieces.size()) {
            Piece piece = new Piece(channel);
            pieces.get(current).produce(piece);
            if (!piece.ended) {
                return;
            }
            current++;
        }
        channel.endStream();
    }

    @Override
    public int available() {
        return Integer.MAX_VALUE;
    }

    @Override
    public long getContentLength() {
        return length;
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public @Nullable String getContentType() {
        return null;
    }

    @Override
    public @Nullable String getContentEncoding() {
        return null;
    }

    @Override
    public boolean isChunked() {
        return false;
    }

    @Override
    public Set<String> getTrailerNames() {
        return Set.of();
    }

    @Override
    public void failed(Exception cause) {
        pieces.forEach(piece -> piece.failed(cause));
    }

    @Override
    public synchronized void releaseResources() {
        pieces.forEach(AsyncEntityProducer::releaseResources);
        current = 0;
    }

    /** The request's channel as one piece sees it: its end is not the end of the request. */
    private static final class Piece implements DataStreamChannel {
        private final DataStreamChannel channel;
        private boolean ended;

        Piece(DataStreamChannel channel) {
            this.channel = channel;
        }

        @Override
        public void requestOutput() {
            channel.requestOutput();
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return channel.write(source);
        }

        @Override
        public void endStream() {
            ended = true;
        }

        @Override
        public void endStream(@Nullable List<? extends Header> trailers) {
            ended = true;
        }
    }
}
