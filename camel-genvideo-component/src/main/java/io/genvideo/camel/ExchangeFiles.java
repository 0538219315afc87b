/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.MediaSource;
import io.genvideo.model.MimeTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;

/**
 * The folder of one exchange in a {@link WorkFolder}. It is deleted when this object is unreachable, so whatever may still
 * read the files refers to it: the exchange and its copies by a property, a downloaded file by itself.
 */
final class ExchangeFiles {
    /** The largest stream that is taken as an input, in bytes. */
    static final long MAX_INPUT_BYTES = 512L << 20;

    private static final int HEAD = 32;

    private final Path folder;

    ExchangeFiles(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** Camel hands properties on to copies, and back from the parts of a split or multicast. */
    void attachTo(Exchange exchange) {
        List<Object> all = new ArrayList<>(List.of(this));
        if (exchange.getProperty(GenvideoConstants.FILES_PROPERTY) instanceof List<?> earlier) {
            all.addAll(earlier);
        }
        exchange.setProperty(GenvideoConstants.FILES_PROPERTY, List.copyOf(all));
    }

    /** Copies a stream to disk; it is identified by its content, not by where it is. */
    MediaSource copy(InputStream stream) throws IOException {
        Path file = Files.createTempFile(folder, "input-", "");
        MessageDigest digest = ContentId.newDigest();
        byte[] head;
        long size;
        try (InputStream in = new DigestInputStream(stream, digest);
                OutputStream out = Files.newOutputStream(file)) {
            head = in.readNBytes(HEAD);
            out.write(head);
            size = head.length + copyBounded(in, out);
        }
        if (stream instanceof StreamCache cache) {
            cache.reset();
        }
        if (size == 0) {
            throw new EmptyException();
        }
        return new MediaSource.Local(file, MimeTypes.sniff(head), ContentId.of(digest));
    }

    private static long copyBounded(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long copied = 0;
        int count = in.read(buffer);
        while (count >= 0) {
            copied += count;
            if (copied > MAX_INPUT_BYTES) {
                throw new TooLargeException();
            }
            out.write(buffer, 0, count);
            count = in.read(buffer);
        }
        return copied;
    }

    @Override
    public String toString() {
        return "files of a generation";
    }

    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("a stream of more than " + (MAX_INPUT_BYTES >> 20) + " MB, the largest allowed");
        }
    }

    static final class EmptyException extends IOException {
        private static final long serialVersionUID = 1L;

        EmptyException() {
            super("an empty stream where a medium is expected");
        }
    }
}
