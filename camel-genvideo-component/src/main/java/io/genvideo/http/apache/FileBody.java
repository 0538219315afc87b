/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.io.Closer;
import org.jspecify.annotations.Nullable;

/**
 * A file as the body of a request, read as the connection takes it. It carries as many bytes as the file had when the call
 * was made: HttpClient's own producer never ends on a file that grows meanwhile.
 */
final class FileBody implements AsyncEntityProducer {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final Path file;
    private final long length;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private @Nullable FileChannel source;
    private long read;

    FileBody(Path file) throws IOException {
        this.file = file;
        this.length = Files.size(file);
        if (!Files.isReadable(file)) {
            throw new Failures.DescribedException("the file to send cannot be read");
        }
    }

    @Override
    public synchronized void produce(DataStreamChannel channel) throws IOException {
        FileChannel from = source;
        if (from == null) {
            from = FileChannel.open(file, StandardOpenOption.READ);
            source = from;
            read = 0;
            buffer.clear().limit(0);
        }
        while (true) {
            if (!buffer.hasRemaining()) {
                if (read == length) {
                    releaseResources();
                    channel.endStream();
                    return;
                }
                fill(from);
            }
            if (channel.write(buffer) == 0 && buffer.hasRemaining()) {
                return;
            }
        }
    }

    private void fill(FileChannel from) throws IOException {
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, length - read));
        int count = from.read(buffer);
        if (count <= 0) {
            throw new Failures.DescribedException("the file to send became shorter while it was sent");
        }
        read += count;
        buffer.flip();
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
        releaseResources();
    }

    @Override
    public synchronized void releaseResources() {
        FileChannel open = source;
        source = null;
        Closer.closeQuietly(open);
    }
}
