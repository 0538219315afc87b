/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.MediaSource;
import io.genvideo.model.MimeTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of files that live as long as an exchange: inputs that came as streams, results that were fetched. */
final class ExchangeFiles {
    /** The largest stream that is taken as an input, in bytes. */
    static final long MOST_BYTES = 512L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeFiles.class);
    private static final int HEAD = 32;

    private final Path folder;

    private ExchangeFiles(Path folder) {
        this.folder = folder;
    }

    /** A new folder, deleted when the exchange is done. */
    static ExchangeFiles of(Exchange exchange) throws IOException {
        Path folder = Files.createTempDirectory("camel-genvideo-");
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                delete(folder);
            }

            @Override
            public int getOrder() {
                return LOWEST;
            }
        });
        return new ExchangeFiles(folder);
    }

    Path folder() {
        return folder;
    }

    /** Copies a stream to disk; it counts by its content, not by where it lies. */
    MediaSource take(InputStream stream) throws IOException {
        Path file = Files.createTempFile(folder, "input-", "");
        MessageDigest digest = sha256();
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
        return new MediaSource.Local(
                file, MimeTypes.sniff(head), "sha256:" + HexFormat.of().formatHex(digest.digest()));
    }

    private static long copyBounded(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long copied = 0;
        int read = in.read(buffer);
        while (read >= 0) {
            copied += read;
            if (copied > MOST_BYTES) {
                throw new TooLargeException();
            }
            out.write(buffer, 0, read);
            read = in.read(buffer);
        }
        return copied;
    }

    private static void delete(Path folder) {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(folder)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Could not look into the spool folder {}", folder, e);
            return;
        }
        for (Path path : deepestFirst) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                LOG.warn("Could not delete the spool file {}", path, e);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("a stream of more than " + (MOST_BYTES >> 20) + " MB, which is the most that is taken");
        }
    }

    static final class EmptyException extends IOException {
        private static final long serialVersionUID = 1L;

        EmptyException() {
            super("an empty stream where a medium is expected");
        }
    }
}
