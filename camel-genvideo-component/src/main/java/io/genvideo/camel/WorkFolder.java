/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that belong to exchanges, in a folder of this process: inputs that came as streams, and results that were
 * downloaded. Files are deleted when no exchange and no {@link GeneratedFile} that stands for them is reachable any more,
 * at the latest when the component stops (docs/design.md section 7). What a killed process has left is deleted by the next
 * one. Thread-safe.
 */
final class WorkFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);
    private static final String PREFIX = "camel-genvideo-";
    private static final String LOCK = "in-use.lock";
    /** Of exchanges that have ended: if the garbage collector leaves more than this, it is requested to run. */
    private static final long MAX_ENDED_BYTES = 1L << 30;

    private static final int MAX_ENDED_FOLDERS = 1_000;
    private static final long COLLECT_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Cleaner cleaner = Cleaner.create();
    private final Set<Folder> folders = ConcurrentHashMap.newKeySet();
    private final Path root;
    private final FileChannel lockFile;
    private long lastCollectNanos = System.nanoTime() - COLLECT_PAUSE_NANOS;
    private int created;

    /**
     * @param parent where the folder is made, and where those of killed processes are
     * @throws IOException if it can't be made
     */
    WorkFolder(Path parent) throws IOException {
        root = Files.createTempDirectory(parent, PREFIX);
        lockFile = FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (lockFile.tryLock() == null) {
            throw new IOException("the lock of the new folder " + root + " is held by another process");
        }
        deleteLeftovers(parent);
    }

    private void deleteLeftovers(Path parent) {
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path sibling : siblings) {
                if (!sibling.equals(root) && isLeftover(sibling)) {
                    LOG.info("Deletes the files that a process which has ended left in {}", sibling);
                    deleteAll(sibling);
                }
            }
        } catch (IOException e) {
            LOG.warn("Could not list the files of processes that have ended in {}", parent, e);
        }
    }

    /** Only what is ours, and not in use: the operating system releases the locks of a process with it. */
    private boolean isLeftover(Path sibling) {
        Path lock = sibling.resolve(LOCK);
        try {
            if (!Files.isDirectory(sibling, LinkOption.NOFOLLOW_LINKS)
                    || !Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(sibling, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(root))) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                    FileLock held = channel.tryLock()) {
                return held != null;
            }
        } catch (OverlappingFileLockException thisProcess) {
            return false;
        } catch (IOException e) {
            LOG.debug("Could not check whether {} is in use", sibling, e);
            return false;
        }
    }

    /** A new folder for files of an exchange. It exists as long as the exchange, a copy of it or a file of it is reachable. */
    ExchangeFiles newFiles(Exchange exchange) throws IOException {
        Folder folder = new Folder(Files.createDirectory(root.resolve(Integer.toString(nextNumber()))));
        folders.add(folder);
        ExchangeFiles files = new ExchangeFiles(folder.path);
        cleaner.register(files, () -> delete(folder));
        files.attachTo(exchange);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                folder.ended();
                collectIfNeeded();
            }
        });
        return files;
    }

    private synchronized int nextNumber() {
        return created++;
    }

    /**
     * Files of ended exchanges are usually garbage, but in a process that makes little of it the collector may not run for
     * hours, while large files fill the disk.
     */
    private void collectIfNeeded() {
        List<Folder> ended = folders.stream().filter(f -> f.endedBytes >= 0).toList();
        long bytes = ended.stream().mapToLong(f -> f.endedBytes).sum();
        if ((bytes > MAX_ENDED_BYTES || ended.size() > MAX_ENDED_FOLDERS) && mayCollect()) {
            LOG.debug("{} folders of ended exchanges with {} bytes are still there", ended.size(), bytes);
            System.gc();
        }
    }

    private synchronized boolean mayCollect() {
        long now = System.nanoTime();
        if (now - lastCollectNanos < COLLECT_PAUSE_NANOS) {
            return false;
        }
        lastCollectNanos = now;
        return true;
    }

    private void delete(Folder folder) {
        folders.remove(folder);
        deleteAll(folder.path);
    }

    /** Deletes all files, whoever holds them. */
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            LOG.debug("Could not close the lock of {}", root, e);
        }
        deleteAll(root);
    }

    private static void deleteAll(Path folder) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(folder)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Could not list the folder {} to delete it", folder, e);
            return;
        }
        for (Path path : deepestFirst) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                LOG.warn("Could not delete {}", path, e);
            }
        }
    }

    /** Must not lead to its {@link ExchangeFiles}, or it would never be deleted. */
    private static final class Folder {
        final Path path;
        /** -1 while the exchange is under way. */
        volatile long endedBytes = -1;

        Folder(Path path) {
            this.path = path;
        }

        void ended() {
            long bytes = 0;
            try (Stream<Path> files = Files.list(path)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    bytes += Files.size(file);
                }
            } catch (IOException | UncheckedIOException e) {
                LOG.debug("Could not measure {}", path, e);
            }
            endedBytes = bytes;
        }
    }
}
