/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.MediaSource;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.jspecify.annotations.Nullable;

/**
 * A medium as the body of an upload's exchange. It is a {@link StreamCache}, so that Camel's stream caching does not copy it
 * into memory and a redelivery reads it again from its beginning. It is opened when it is read, and {@link #closeAll()}
 * closes it together with its copies.
 */
final class MediumStream extends InputStream implements StreamCache {
    private static final String ENDED = "the upload has ended";

    private final MediaSource source;
    private final long length;
    private final Collection<MediumStream> all;
    private @Nullable InputStream in;
    private long position;
    private @Nullable Path temporary;
    private boolean ended;

    /** @param source a file or bytes */
    MediumStream(MediaSource source) throws IOException {
        this(source, size(source), new ConcurrentLinkedQueue<>());
    }

    private MediumStream(MediaSource source, long length, Collection<MediumStream> all) {
        this.source = source;
        this.length = length;
        this.all = all;
        all.add(this);
    }

    private static long size(MediaSource source) throws IOException {
        return source instanceof MediaSource.Bytes bytes
                ? bytes.content().length
                : Files.size(((MediaSource.Local) source).path());
    }

    private static InputStream open(MediaSource source) throws IOException {
        return source instanceof MediaSource.Bytes bytes
                ? new ByteArrayInputStream(bytes.content())
                : Files.newInputStream(((MediaSource.Local) source).path());
    }

    private InputStream in() throws IOException {
        if (ended) {
            throw new IOException(ENDED);
        }
        InputStream open = in;
        if (open == null) {
            open = open(source);
            in = open;
        }
        return open;
    }

    @Override
    public synchronized int read() throws IOException {
        int next = in().read();
        position += next < 0 ? 0 : 1;
        return next;
    }

    @Override
    public synchronized int read(byte[] buffer, int offset, int count) throws IOException {
        int read = in().read(buffer, offset, count);
        position += Math.max(0, read);
        return read;
    }

    /** Camel closes a stream cache at the end of a step and resets it for the next one. */
    @Override
    public synchronized void close() throws IOException {
        InputStream open = in;
        in = null;
        position = 0;
        if (open != null) {
            open.close();
        }
    }

    /** From now on nothing can be read: neither from this stream nor from a copy. */
    void closeAll() {
        for (MediumStream each : all) {
            synchronized (each) {
                each.ended = true;
                each.reset();
                each.deleteTemporary();
            }
        }
    }

    private void deleteTemporary() {
        Path written = temporary;
        temporary = null;
        if (written != null) {
            try {
                Files.deleteIfExists(written);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public synchronized void reset() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream whole = open(source)) {
            whole.transferTo(out);
        }
    }

    @Override
    public StreamCache copy(Exchange exchange) {
        return new MediumStream(source, length, all);
    }

    @Override
    public boolean inMemory() {
        return source instanceof MediaSource.Bytes;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public synchronized long position() {
        return position;
    }

    /**
     * The medium as a file, for components that need to know its length: the file itself, or a temporary one, which is deleted by
     * {@link #closeAll()}.
     */
    synchronized File file() throws IOException {
        if (source instanceof MediaSource.Local local) {
            return local.path().toFile();
        }
        if (ended) {
            throw new IOException(ENDED);
        }
        Path known = temporary;
        if (known == null) {
            known = Files.createTempFile("genvideo-upload-", "");
            temporary = known;
            Files.write(known, ((MediaSource.Bytes) source).content());
        }
        return known.toFile();
    }

    /** Not the bytes: Camel shows bodies in its traces. */
    @Override
    public String toString() {
        return "medium " + source.displayName();
    }
}
