/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A download in progress: a hidden file beside its target that either becomes the target in one step or disappears. File
 * consumers skip hidden names, and the same directory makes the step atomic. Both names are given by this side: nothing that a
 * server sends, be it an address or a header, ever becomes part of a path.
 */
final class PartFile {
    private static final Logger LOG = LoggerFactory.getLogger(PartFile.class);

    private final Path target;
    private final long maxBytes;
    private @Nullable Path part;
    private @Nullable FileChannel channel;
    private long size;
    private boolean ended;

    PartFile(Path target, long maxBytes) {
        this.target = target.toAbsolutePath();
        this.maxBytes = maxBytes;
    }

    synchronized void open() throws IOException {
        if (ended) {
            throw new Failures.DescribedException("the download has ended");
        }
        Path directory = target.getParent();
        if (directory == null) {
            throw new Failures.DescribedException("the target of a download must be a file");
        }
        // Not createTempFile: the result keeps its permissions, and must be as readable as any file of the route
        Path file = Files.createFile(directory.resolve(".genvideo-" + UUID.randomUUID() + ".part"));
        part = file;
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
    }

    synchronized void write(ByteBuffer source) throws IOException {
        FileChannel to = channel;
        if (to == null) {
            throw new Failures.DescribedException("the download has ended");
        }
        if (source.remaining() > maxBytes - size) {
            throw tooLong();
        }
        size += source.remaining();
        while (source.hasRemaining()) {
            to.write(source);
        }
    }

    Failures.PermanentException tooLong() {
        return new Failures.PermanentException(
                "the file is longer than " + maxBytes + " bytes, which the option maxDownloadSize allows");
    }

    synchronized long size() {
        return size;
    }

    synchronized void moveToTarget() throws IOException {
        Path file = part;
        if (file == null || ended) {
            throw new Failures.DescribedException("the download has ended");
        }
        closeChannel();
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        part = null;
        ended = true;
    }

    /** Deletes it unless it has become the target. */
    synchronized void discard() {
        ended = true;
        Path file = part;
        part = null;
        try {
            closeChannel();
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            LOG.warn("A partial download could not be deleted: {}", file, failure);
        }
    }

    private void closeChannel() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
